// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import MonotonicTime

/// One attempt of a call on a trunk, with what the trunk was told of the caller.
package struct AttemptRecord: Hashable, Sendable {
    /// How many attempts the call made before.
    package var position: Int
    /// The trunk.
    package var trunk: UsedTrunk
    /// When the INVITE went out.
    package var started: WallTime
    /// When the attempt was over: with its final response, or, when it was answered or still open, with the call.
    package var ended: WallTime?
    /// The user part of From as the trunk saw it.
    package var shown: String
    /// The number the trunk was told in trust, in international form; empty for none.
    package var asserted: String
    /// What Privacy said; empty when it was not sent.
    package var privacy: String
    /// The SIP status it ended with; nil while it has not.
    package var status: Int?
    /// The Q.850 cause it ended with; nil while it has not.
    package var cause: ReleaseCause?

    /// Makes the record of an attempt that goes out.
    package init(
        position: Int,
        trunk: UsedTrunk,
        started: WallTime,
        shown: String,
        asserted: String = "",
        privacy: String = ""
    ) {
        self.position = position
        self.trunk = trunk
        self.started = started
        self.shown = shown
        self.asserted = asserted
        self.privacy = privacy
    }
}

/// How an attempt ended.
package struct AttemptEnd: Hashable, Sendable {
    /// When.
    package var time: WallTime
    /// The SIP status.
    package var status: Int
    /// The Q.850 cause.
    package var cause: ReleaseCause?

    /// Makes an end.
    package init(time: WallTime, status: Int, cause: ReleaseCause?) {
        self.time = time
        self.status = status
        self.cause = cause
    }
}

/// What becomes of a call's attempts; trunks are tried one after another, so that one attempt at most is open.
package enum AttemptChange: Hashable, Sendable {
    /// An attempt goes out.
    case started(AttemptRecord)
    /// The attempt that is open is over; nothing changes when none is.
    case ended(AttemptEnd)
}

extension [AttemptRecord] {
    /// Takes over a change.
    mutating func apply(_ change: AttemptChange) {
        switch change {
        case .started(let attempt):
            append(attempt)
        case .ended(let end):
            for index in indices where self[index].ended == nil {
                self[index].ended = end.time
                self[index].status = end.status
                self[index].cause = end.cause
            }
        }
    }
}
