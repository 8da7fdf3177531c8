// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import GRDB

extension CallStore {
    /// Reads in one consistent view of the database without holding up the thread that asks.
    package func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result
    {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw CallStoreError.wrapping(error, path: path)
        }
    }

    /// Writes in one transaction without holding up the thread that asks; an error thrown by `body` undoes it all.
    package func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.write(body)
        } catch let error as DatabaseError {
            throw CallStoreError.wrapping(error, path: path)
        }
    }
}
