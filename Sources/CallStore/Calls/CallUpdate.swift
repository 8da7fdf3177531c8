// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import CallPolicy
package import MonotonicTime

/// What an update does to the dialog state kept for a call in progress.
package enum DialogStateChange: Hashable, Sendable {
    /// It stays as it is.
    case unchanged
    /// These opaque bytes replace it.
    case replaced([UInt8])
}

/// A change of a stored call; nil fields stay as they are.
///
/// Times are kept as first given, other fields as last given. An update whose status is `hangup` also drops the call's
/// dialog state, and updates that come after it are ignored.
package struct CallUpdate: Hashable, Sendable {
    /// The call.
    package var id: ResourceIdentifier
    /// When this happened.
    package var time: WallTime
    /// The new status; one that would go backward is ignored.
    package var status: CallStatus?
    /// Which side ended the call.
    package var hangupBy: HangupBy?
    /// Why it ended.
    package var hangupReason: HangupReason?
    /// The final SIP status the caller was given.
    package var finalStatus: Int?
    /// The Q.850 cause of the end.
    package var cause: ReleaseCause?
    /// The trunk of the latest attempt.
    package var trunk: UsedTrunk?
    /// The Call-ID of the outbound leg's latest attempt.
    package var outboundCallID: String?
    /// When the callee's phone first rang.
    package var ringing: WallTime?
    /// When the call was answered.
    package var progressing: WallTime?
    /// When the call ended.
    package var hangup: WallTime?
    /// What an outside call API knows the call by; the first one stays.
    package var externalIdentifier: String?
    /// What becomes of the attempts on trunks, in order; the end of the call ends one that is still open by itself.
    package var attempts: [AttemptChange] = []
    /// What happens to the dialog state.
    package var dialogState: DialogStateChange = .unchanged

    /// Makes an update that changes nothing but the time; the other fields are set on the value.
    package init(id: ResourceIdentifier, time: WallTime, status: CallStatus? = nil) {
        self.id = id
        self.time = time
        self.status = status
    }

    /// Makes one update out of this and a later one of the same call.
    package mutating func merge(_ later: CallUpdate) {
        externalIdentifier = externalIdentifier ?? later.externalIdentifier
        guard status != .hangup else { return }
        if attempts.isEmpty { attempts = later.attempts } else { attempts += later.attempts }
        status = Self.furthest(status, later.status)
        hangupBy = later.hangupBy ?? hangupBy
        hangupReason = later.hangupReason ?? hangupReason
        finalStatus = later.finalStatus ?? finalStatus
        cause = later.cause ?? cause
        trunk = later.trunk ?? trunk
        outboundCallID = later.outboundCallID ?? outboundCallID
        ringing = ringing ?? later.ringing
        progressing = progressing ?? later.progressing
        hangup = hangup ?? later.hangup
        if later.dialogState != .unchanged { dialogState = later.dialogState }
        time = max(time, later.time)
    }

    /// How an attempt ends that is open when the call ends: as the call does; nil while it has not ended.
    var lastAttemptEnd: AttemptEnd? {
        guard status == .hangup, let finalStatus else { return nil }
        return AttemptEnd(time: hangup ?? time, status: finalStatus, cause: cause)
    }

    private static func furthest(_ earlier: CallStatus?, _ later: CallStatus?) -> CallStatus? {
        guard let earlier, let later else { return later ?? earlier }
        return earlier.mayBecome(later) ? later : earlier
    }
}
