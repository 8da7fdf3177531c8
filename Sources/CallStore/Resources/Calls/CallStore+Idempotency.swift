// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import GRDB
package import MonotonicTime

/// What is known of a request that carried an Idempotency-Key.
package enum IdempotentRequest: Hashable, Sendable {
    /// The key is new: whoever asked is to do it, and to say what came of it.
    case begun
    /// The same request is under way, or was when the gateway stopped.
    case unfinished
    /// The same request was answered so.
    case answered(String)
    /// The key stood on another request.
    case different
}

extension CallStore {
    /// How long a key is remembered.
    private static var idempotencyMilliseconds: Int64 { 86_400_000 }

    /// Looks a key up, and claims it when it is new or older than a day.
    ///
    /// - Parameters:
    ///   - key: The key, at most 255 characters.
    ///   - customer: Whose.
    ///   - bodyHash: A hash of the request.
    ///   - now: The present.
    /// - Returns: Whether the key is new, or what is known of it.
    /// - Throws: `CallStoreError` when the store cannot be read or written.
    package func beginIdempotent(
        _ key: String,
        of customer: ResourceIdentifier,
        bodyHash: String,
        at now: WallTime
    ) async throws -> IdempotentRequest {
        try await write { database in
            let old = try BoundStatement(database, "DELETE FROM idempotency_keys WHERE tm_create <= ?1")
            old.bind(1, now.milliseconds - Self.idempotencyMilliseconds)
            try old.run()
            let known = try BoundStatement(
                database,
                "SELECT body_hash, answer FROM idempotency_keys WHERE customer = ?1 AND name = ?2"
            )
            known.bind(1, customer)
            known.bind(2, key)
            if try known.step() {
                guard known.text(0) == bodyHash else { return .different }
                return known.optionalText(1).map { .answered($0) } ?? .unfinished
            }
            let new = try BoundStatement(database, "INSERT INTO idempotency_keys VALUES (?1, ?2, ?3, NULL, ?4)")
            new.bind(1, customer)
            new.bind(2, key)
            new.bind(3, bodyHash)
            new.bind(4, now.milliseconds)
            try new.run()
            return .begun
        }
    }

    /// Notes the answer to a request that was begun; nil forgets the key, so that the request may be made again.
    package func finishIdempotent(_ key: String, of customer: ResourceIdentifier, answer: String?) async throws {
        try await write { database in
            let row = try BoundStatement(
                database,
                answer == nil
                    ? "DELETE FROM idempotency_keys WHERE customer = ?1 AND name = ?2"
                    : "UPDATE idempotency_keys SET answer = ?3 WHERE customer = ?1 AND name = ?2"
            )
            row.bind(1, customer)
            row.bind(2, key)
            if let answer { row.bind(3, answer) }
            try row.run()
        }
    }
}
