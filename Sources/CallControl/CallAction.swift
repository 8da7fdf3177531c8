// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallLifecycle
package import CallPolicy
package import MonotonicTime
package import SIPMessage

/// Names one of our client transactions; its branch is the same number.
package typealias ClientTransactionIdentifier = UInt64

/// Names one of our server transactions.
package typealias ServerTransactionIdentifier = UInt64

/// The clocks of one call.
package enum CallTimer: Hashable, Sendable {
    /// How long one attempt may go without an answer.
    case dial(branch: Int)
    /// How long a server that has said nothing may go before the next one of the same name is tried (RFC 3263 §4.3).
    case target(branch: Int)
    /// RFC 3261 §16.6 Timer C: how long one attempt may go without a provisional response.
    case timerC(branch: Int)
    /// How long a re-INVITE may go without an answer; then the next retransmission of its 2xx (RFC 3261 §13.3.1.4).
    case successRetransmission(exchange: Int)
    /// The longest a call may last.
    case maximumDuration
    /// How long a call may last without notice.
    case durationWarning
    /// How long an answered call goes without a sign of life, when its ends watch over it themselves in no other way.
    case sessionRefresh
}

/// An attempt as it goes out.
package struct StartedAttempt: Hashable, Sendable {
    /// The trunk; nil for endpoints and SIP URIs.
    package let trunk: ResourceIdentifier?
    /// The trunk's name; empty without one.
    package let trunkName: String
    /// How many attempts the call made before.
    package let position: Int
    /// The Call-ID of its leg.
    package let callID: String
    /// The user part of From as it goes out.
    package let shown: String
    /// The number that the trunk is told in trust, in international form; empty for none.
    package let told: String
    /// What Privacy says; nil when it is not sent.
    package let privacy: PrivacyValue?

    init(_ branch: Branch, at position: Int) {
        trunk = branch.trunk?.id
        trunkName = branch.trunk?.name ?? ""
        self.position = position
        callID = String(decoding: branch.dialog.callID, as: UTF8.self)
        shown = branch.identity?.from.user ?? ""
        told = branch.identity?.toldNumber ?? ""
        privacy = branch.identity?.privacy
    }
}

/// What the call record learns.
package enum CallProgress: Hashable, Sendable {
    /// An attempt goes out on this leg.
    case attempt(StartedAttempt)
    /// The attempt that is under way came to nothing: the status it ended with and the cause.
    case attemptEnded(status: Int, cause: ReleaseCause)
    /// A 180 came.
    case ringing
    /// A 2xx came.
    case answered
    /// The call has lasted as long as it may without notice.
    case lastsLong
    /// The call is being ended from this side or by the caller.
    case ending(CallStatus)
    /// The call is over: the status its caller was given (0 after an answer) and the cause.
    case ended(finalStatus: Int, cause: ReleaseCause)
}

/// What a call asks of its driver, to be performed in order.
package enum CallAction: Sendable {
    /// Send a response through a server transaction.
    case respond(ServerTransactionIdentifier, status: Int, [UInt8])
    /// Open a client transaction.
    case send(ClientTransactionIdentifier, OutgoingRequest, NextHop)
    /// Locate the servers behind a target's hop (RFC 3263 §4), and hand them to `Call.located(_:_:_:)` under the target's
    /// place.
    case locate(target: Int, NextHop)
    /// A located server failed: the next calls try others first, for so many seconds when it said so (RFC 3263 §4.3).
    case avoid(NextHop, seconds: Int?)
    /// Open the client transaction of a CANCEL for this INVITE.
    case cancel(ClientTransactionIdentifier, OutgoingRequest, NextHop)
    /// Send an ACK for a 2xx, which no transaction owns (RFC 3261 §13.2.2.4).
    case acknowledge([UInt8], NextHop)
    /// A trunk could not be reached, said nothing or refused with 503, on all its servers: it is to be left alone for so
    /// many seconds when it said so.
    case trunkFailed(ResourceIdentifier, seconds: Int?)
    /// Start a timer, in place of one of the same name.
    case arm(CallTimer, Interval)
    /// Stop a timer.
    case disarm(CallTimer)
    /// Requests with this To tag belong to the call.
    case claimTag(UInt64)
    /// Note in the call record; at `answered` with `Call.dialogState()`, so that a restart finds the call.
    case record(CallProgress)
    /// What a restart needs to know has changed: keep `Call.dialogState()` anew.
    case dialogChanged
    /// Find the call, of whatever shard, that has this dialog, ask it for `Call.counterpart(of:)`, and hand the outcome to
    /// `Call.counterpartFound(_:for:_:)` under the same transaction.
    case findCounterpart(ServerTransactionIdentifier, ReplacedDialog)
    /// The call needs nothing any more; no event of it will come.
    case finished
}

/// What a call needs beside its own state while it handles an event.
package struct CallContext {
    /// Mints tags and branches.
    package let mint: IdentifierMint
    /// Answers a trunk's digest challenge; nil when the trunk has no credentials or the challenge cannot be answered.
    package let credentials: (Trunk, Method, [UInt8], SIPMessage) -> TrunkCredentials?
    /// Whether a trunk takes one more call, which is then counted there; a call for help is always taken.
    package let admits: (Trunk, _ isEmergency: Bool) -> Bool
    /// What to do, in order.
    package var actions: [CallAction] = []

    /// Makes a context without actions.
    package init(
        mint: IdentifierMint,
        credentials: @escaping (Trunk, Method, [UInt8], SIPMessage) -> TrunkCredentials? = { _, _, _, _ in nil },
        admits: @escaping (Trunk, _ isEmergency: Bool) -> Bool = { _, _ in true }
    ) {
        self.mint = mint
        self.credentials = credentials
        self.admits = admits
    }
}

/// An answer to a trunk's digest challenge.
package struct TrunkCredentials: Sendable {
    /// Whether it goes into Proxy-Authorization (after a 407) or Authorization (after a 401).
    package let isProxy: Bool
    /// The header field's value.
    package let value: [UInt8]

    /// Makes an answer.
    package init(isProxy: Bool, value: [UInt8]) {
        self.isProxy = isProxy
        self.value = value
    }
}
