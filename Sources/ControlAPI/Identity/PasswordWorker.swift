// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import Dispatch
import Synchronization

/// Hashes passwords beside the event loops, two at a time: each takes 32 MiB and a tenth of a second.
final class PasswordWorker: Sendable {
    private let queues = [DispatchQueue(label: "tollgate.passwords.0"), DispatchQueue(label: "tollgate.passwords.1")]
    private let waiting = Mutex(0)
    private static let mostWaiting = 64

    /// Runs `work` when its turn comes.
    ///
    /// - Throws: 503 when too many wait already, and what `work` throws.
    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let place = waiting.withLock { waiting -> Int? in
            guard waiting < Self.mostWaiting else { return nil }
            waiting += 1
            return waiting
        }
        guard let place else { throw APIError.unavailable("too many are logging in; try again in a few seconds") }
        defer { waiting.withLock { $0 -= 1 } }
        let queue = queues[place % 2]
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }

    /// Whether a password belongs to a stored hash. Without a hash it takes the same time, and does not.
    func check(_ password: String, _ hash: PasswordHash?) async throws -> Bool {
        try await run { [decoy] in
            guard let known = try hash ?? decoy.get() else { return false }
            return known.matches(password) && hash != nil
        }
    }

    /// The hash of a new password.
    func hash(_ password: String) async throws -> PasswordHash {
        try await run { try PasswordHash.make(of: password) }
    }

    private let decoy = Swift.Result { try PasswordHash.unguessable() as PasswordHash? }
}
