// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What the registrar grants and how much it keeps.
package struct RegistrarLimits: Hashable, Sendable {
    /// The shortest interval taken, in seconds; shorter ones are answered 423 (RFC 3261 §10.3 step 7).
    package var minExpires: UInt32
    /// The interval granted when the request names none, in seconds.
    package var defaultExpires: UInt32
    /// The longest interval granted, in seconds; longer ones are shortened to it.
    package var maxExpires: UInt32
    /// How many bindings one address of record may have.
    package var maxContacts: Int
    /// How many bytes of contacts, paths, instances, Call-IDs and user agents one address of record may keep.
    package var maxTotalBytes: Int
    /// How many bytes of a User-Agent value are kept; the rest is cut off.
    package var maxUserAgentBytes: Int

    /// Makes a set of limits.
    package init(
        minExpires: UInt32 = 60,
        defaultExpires: UInt32 = 3600,
        maxExpires: UInt32 = 7200,
        maxContacts: Int = 10,
        maxTotalBytes: Int = 16_384,
        maxUserAgentBytes: Int = 128
    ) {
        self.minExpires = minExpires
        self.defaultExpires = defaultExpires
        self.maxExpires = maxExpires
        self.maxContacts = maxContacts
        self.maxTotalBytes = maxTotalBytes
        self.maxUserAgentBytes = maxUserAgentBytes
    }
}
