// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// A registrar binding as the store keeps it (RFC 3261 §10.2.1, RFC 3327, RFC 5626).
package struct StoredBinding: Hashable, Sendable {
    /// The Contact URI as registered.
    package var contact: String
    /// The Call-ID of the REGISTER that last touched the binding.
    package var callID: String
    /// The CSeq number of that REGISTER.
    package var cseq: Int64
    /// When the binding ends.
    package var expires: WallTime
    /// When the binding was last refreshed.
    package var registered: WallTime
    /// The q value in thousandths, 0 to 1000.
    package var quality: Int
    /// The Path header field's values, topmost first (RFC 3327 §5.3).
    package var path: [String]
    /// The `+sip.instance` value (RFC 5626 §4.1); nil when there is none.
    package var instance: String?
    /// The `reg-id` value; nil when there is none.
    package var registrationID: Int?
    /// The transport address the REGISTER came from, in the gateway's own text form; the store does not read it.
    package var flow: String
    /// The User-Agent header field's value; empty when there is none.
    package var userAgent: String

    /// Makes a binding.
    package init(
        contact: String,
        callID: String,
        cseq: Int64,
        expires: WallTime,
        registered: WallTime,
        quality: Int = 1000,
        path: [String] = [],
        instance: String? = nil,
        registrationID: Int? = nil,
        flow: String = "",
        userAgent: String = ""
    ) {
        self.contact = contact
        self.callID = callID
        self.cseq = cseq
        self.expires = expires
        self.registered = registered
        self.quality = quality
        self.path = path
        self.instance = instance
        self.registrationID = registrationID
        self.flow = flow
        self.userAgent = userAgent
    }
}
