// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a dry run saw, counted.
package struct DryRunCounts: Hashable, Sendable {
    /// SIP messages that the capture delivered.
    package internal(set) var messages = 0
    /// Messages that both readers took.
    package internal(set) var readable = 0
    /// Messages that were refused.
    package internal(set) var unreadable = 0
    /// Messages whose end the capture does not hold.
    package internal(set) var truncated = 0
    /// INVITEs outside dialogs, retransmissions not counted.
    package internal(set) var invites = 0
    /// INVITEs that are another leg of a call, or come from a trunk.
    package internal(set) var otherLegs = 0
    /// INVITEs that repeat one, with credentials or otherwise changed.
    package internal(set) var repeatedInvites = 0
    /// Requests and responses that were captured before.
    package internal(set) var retransmissions = 0
    /// REGISTER requests.
    package internal(set) var registrations = 0
    /// Calls that were given up before their end because too many were open.
    package internal(set) var evictedCalls = 0

    init() {}
}
