// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallStore

/// What a call API says to a call that is handed to it.
package enum CallAdmission: Hashable, Sendable {
    /// The call exists there and is safe; its INVITE may go out.
    case admitted
    /// The call cannot be created now: the caller is answered 503 with these words.
    case unavailable(String)
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
}
