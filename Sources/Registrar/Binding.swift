// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// One contact address under an address of record, and all that is needed to reach it (RFC 3261 §10.2.1).
package struct Binding: Hashable, Sendable {
    /// The Contact URI as registered, its parameters and headers included, without the header field's parameters.
    package var contact: [UInt8]
    /// The Call-ID of the REGISTER that last touched the binding.
    package var callID: [UInt8]
    /// The CSeq number of that REGISTER, 0 to 2^31 - 1.
    package var sequenceNumber: UInt32
    /// When the binding ends; wall time, because bindings outlive the process.
    package var expires: WallTime
    /// When the binding was last refreshed.
    package var registered: WallTime
    /// The q value in thousandths, 0 to 1000; 1000 when the contact names none.
    package var quality: Int
    /// The Path header field's values, topmost first (RFC 3327 §5.3).
    package var path: [[UInt8]]
    /// The `+sip.instance` value without its quotation marks (RFC 5626 §4.1); nil when there is none.
    package var instance: [UInt8]?
    /// The `reg-id` value, 1 to 2^31 - 1 (RFC 5626 §4.2); nil when there is none or no instance goes with it.
    package var registrationID: UInt32?
    /// The flow that the REGISTER came by.
    package var flow: RegistrationFlow
    /// The User-Agent header field's value, cut to the limit; empty when there is none.
    package var userAgent: [UInt8]

    /// Makes a binding.
    package init(
        contact: [UInt8],
        callID: [UInt8],
        sequenceNumber: UInt32,
        expires: WallTime,
        registered: WallTime,
        quality: Int = 1000,
        path: [[UInt8]] = [],
        instance: [UInt8]? = nil,
        registrationID: UInt32? = nil,
        flow: RegistrationFlow,
        userAgent: [UInt8] = []
    ) {
        self.contact = contact
        self.callID = callID
        self.sequenceNumber = sequenceNumber
        self.expires = expires
        self.registered = registered
        self.quality = quality
        self.path = path
        self.instance = instance
        self.registrationID = registrationID
        self.flow = flow
        self.userAgent = userAgent
    }

    /// Whether the binding still holds at `now`.
    package func isLive(at now: WallTime) -> Bool {
        now < expires
    }

    /// The whole seconds left at `now`; at least 1 while the binding is live, 0 after.
    package func secondsLeft(at now: WallTime) -> Int {
        guard isLive(at: now) else { return 0 }
        let (left, overflows) = expires.milliseconds.subtractingReportingOverflow(now.milliseconds)
        return overflows ? Int.max : Int(max(1, left / 1000))
    }

    /// How many bytes of outside text the binding keeps.
    package var byteCount: Int {
        var count = contact.count + callID.count + userAgent.count + (instance?.count ?? 0)
        for value in path { count += value.count }
        return count
    }
}
