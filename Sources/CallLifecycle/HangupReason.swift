// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Which side ended a call.
package enum HangupBy: UInt8, Sendable, CaseIterable {
    /// The call has not ended.
    case none = 0
    /// The other side, or the network.
    case remote = 1
    /// This side.
    case local = 2

    /// The side that ended a call whose last status before the end was `lastStatus`.
    package static func of(lastStatus: CallStatus) -> HangupBy {
        switch lastStatus {
        case .dialing, .ringing, .progressing: .remote
        case .terminating, .canceling: .local
        case .hangup: .none
        }
    }

    /// The word the API shows; empty for `none`.
    package var name: String {
        switch self {
        case .none: ""
        case .remote: "remote"
        case .local: "local"
        }
    }
}

/// Why a call ended, in the API's words.
package enum HangupReason: UInt8, Sendable, CaseIterable {
    /// The call has not ended.
    case none = 0
    case normal = 1
    case failed = 2
    case busy = 3
    case cancel = 4
    case timeout = 5
    case noAnswer = 6
    case dialOut = 7
    case answeringMachine = 8

    /// The reason for the end of an outgoing call, from its last status before the end and the cause of the end.
    package static func of(lastStatus: CallStatus, cause: ReleaseCause) -> HangupReason {
        switch lastStatus {
        case .dialing, .ringing: ofUnanswered(cause)
        case .progressing: cause == .durationLimit ? .timeout : .normal
        case .terminating: cause == .answeringMachine ? .answeringMachine : .normal
        case .canceling: .cancel
        case .hangup: .none
        }
    }

    private static func ofUnanswered(_ cause: ReleaseCause) -> HangupReason {
        switch cause {
        case .userBusy: .busy
        case .noAnswer, .callRejected: .noAnswer
        case .normalClearing, .answeredElsewhere: .normal
        case .dialTimeout: .dialOut
        default: .failed
        }
    }

    /// The cause to release a leg with when the call is ended for this reason.
    package var cause: ReleaseCause {
        switch self {
        case .failed: .noUserResponding
        case .busy: .userBusy
        case .noAnswer, .dialOut: .noAnswer
        case .answeringMachine: .answeringMachine
        case .none, .normal, .cancel, .timeout: .normalClearing
        }
    }

    /// The word the API shows; empty for `none`.
    package var name: String {
        switch self {
        case .none: ""
        case .normal: "normal"
        case .failed: "failed"
        case .busy: "busy"
        case .cancel: "cancel"
        case .timeout: "timeout"
        case .noAnswer: "noanswer"
        case .dialOut: "dialout"
        case .answeringMachine: "amd"
        }
    }
}
