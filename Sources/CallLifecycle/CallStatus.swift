// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Where a call stands; it only ever moves forward.
package enum CallStatus: UInt8, Sendable, CaseIterable {
    /// The INVITE is on its way.
    case dialing = 0
    /// The callee's phone rings (180).
    case ringing = 1
    /// The call was answered.
    case progressing = 2
    /// An answered call is being ended from this side.
    case terminating = 3
    /// An unanswered call is being given up from this side.
    case canceling = 4
    /// The call is over.
    case hangup = 5

    /// Whether the call may go from here to `next`; anything else is ignored, staying included.
    package func mayBecome(_ next: CallStatus) -> Bool {
        switch self {
        case .dialing: next != .dialing
        case .ringing: next != .dialing && next != .ringing
        case .progressing: next == .terminating || next == .hangup
        case .terminating, .canceling: next == .hangup
        case .hangup: false
        }
    }

    /// Whether the call has not been answered in this state.
    package var isUnanswered: Bool {
        self == .dialing || self == .ringing
    }

    /// The state's name as the API shows it.
    package var name: String {
        switch self {
        case .dialing: "dialing"
        case .ringing: "ringing"
        case .progressing: "progressing"
        case .terminating: "terminating"
        case .canceling: "canceling"
        case .hangup: "hangup"
        }
    }

    /// Reads the name as the API shows it; any other text is nil.
    package init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}
