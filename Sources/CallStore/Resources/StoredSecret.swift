// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import GRDB

/// Random octets that the API keeps for itself, by name.
package enum StoredSecret {
    /// The name of what tokens are signed with.
    package static let tokenKey = "token_key"

    /// The secret; nil before it is made.
    package static func find(_ database: Database, _ name: String) throws -> [UInt8]? {
        let row = try BoundStatement(database, "SELECT value FROM api_secrets WHERE name = ?1")
        row.bind(1, name)
        return try row.step() ? row.bytes(0) : nil
    }

    /// Keeps a secret, unless there is one of that name.
    ///
    /// - Returns: The secret as it now stands.
    package static func keep(_ database: Database, _ name: String, _ value: [UInt8]) throws -> [UInt8] {
        let row = try BoundStatement(database, "INSERT OR IGNORE INTO api_secrets VALUES (?1, ?2)")
        row.bind(1, name)
        row.bindBlob(2, value)
        try row.run()
        return try find(database, name) ?? value
    }
}
