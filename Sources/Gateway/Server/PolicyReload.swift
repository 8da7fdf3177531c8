// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Lets one reading of the policy follow another, so that an older one never replaces a newer.
///
/// Whoever asks while a reading waits for its turn shares it: it has not begun, so it will see what was written.
actor PolicyReload {
    private var latest: Task<Void, any Error>?
    private var waiting: Task<Void, any Error>?

    /// Reads the policy once more and returns when that is done.
    func run(_ read: @escaping @Sendable () async throws -> Void) async throws {
        if let waiting { return try await waiting.value }
        let former = latest
        let task = Task {
            _ = await former?.result
            self.waiting = nil
            try await read()
        }
        waiting = task
        latest = task
        try await task.value
    }
}
