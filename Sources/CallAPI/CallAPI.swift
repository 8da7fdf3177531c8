// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import CallStore

/// What a call API says to a call that is handed to it.
package enum CallAdmission: Hashable, Sendable {
    /// The call exists there and is safe; its INVITE may go out. With the name that an outside service knows the call
    /// by; nil where there is none.
    case admitted(CallAPIIdentifier?)
    /// The call cannot be recorded now: the caller is answered 503 with these words.
    case unavailable(String)
    /// The outside service does not take the call.
    case refused(CallRefusal)
}

/// What the caller of a call is told that an outside call API does not take.
package struct CallRefusal: Hashable, Sendable {
    /// The SIP status, 402 to 503.
    package var status: Int
    /// Why, for Reason and Warning: printable ASCII that names the call API.
    package var text: String
    /// Seconds for Retry-After, 1 to 3600; nil sends none.
    package var retryAfter: Int?

    /// Makes a refusal.
    package init(status: Int, text: String, retryAfter: Int? = nil) {
        self.status = status
        self.text = text
        self.retryAfter = retryAfter
    }
}

/// Takes the answers of a call API for the calls of one shard.
package protocol CallAdmissionSink: Sendable {
    /// Called on any thread, once for several calls where that is cheaper; must return at once.
    ///
    /// - Parameters:
    ///   - tokens: The tokens that the calls were handed over with.
    ///   - admission: The answer to all of them.
    func admissionCompleted(tokens: [UInt64], admission: CallAdmission)
}

/// Whom approved calls are handed to before their INVITE goes out, and who learns how they go on.
///
/// A gateway has one; every shard calls it from its own thread and never waits for it there.
package protocol CallAPI: Sendable {
    /// Hands an approved call over.
    ///
    /// - Parameters:
    ///   - record: The call.
    ///   - shard: The shard whose sink gets the answer.
    ///   - token: Comes back with the answer; not zero.
    /// - Returns: False when the call cannot even be taken; then no answer comes.
    func create(_ record: CallRecord, shard: Int, token: UInt64) -> Bool

    /// Notes a refused call; nobody waits for it.
    func noteRejected(_ record: CallRecord)

    /// Notes a change of a call that was created before.
    func update(_ change: CallUpdate)

    /// Learns of a call that the process before this one created and that goes on, or is about to be closed.
    ///
    /// - Parameters:
    ///   - id: The call.
    ///   - identifier: What the outside service knows it by.
    func resume(_ id: ResourceIdentifier, as identifier: CallAPIIdentifier)

    /// Ends what is under way, within the time that one hand-off may take; answers may still come until it returns.
    func shutdown() async
}
