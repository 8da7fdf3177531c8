// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
package import GRDB

/// Reads what stands of one endpoint in tables beside its own, by statements that are compiled once.
final class EndpointParts {
    private let names: BoundStatement
    private let ranges: BoundStatement
    private let passwords: BoundStatement

    init(_ database: Database) throws {
        names = try BoundStatement(database, "SELECT name FROM endpoint_extensions WHERE endpoint = ?1 ORDER BY name")
        ranges = try BoundStatement(
            database,
            "SELECT base, prefix_length FROM endpoint_source_addresses WHERE endpoint = ?1 ORDER BY base, prefix_length"
        )
        passwords = try BoundStatement(database, "SELECT 1 FROM endpoint_credentials WHERE endpoint = ?1")
    }

    /// The names others dial, in alphabetical order.
    func extensions(of endpoint: ResourceIdentifier) throws -> [String] {
        names.bind(1, endpoint)
        var found: [String] = []
        while try names.step() { found.append(names.text(0)) }
        return found
    }

    /// The address blocks that stand for credentials, in their order.
    func sourceAddresses(of endpoint: ResourceIdentifier) throws -> [AddressRange] {
        ranges.bind(1, endpoint)
        var found: [AddressRange] = []
        while try ranges.step() {
            guard let base = ranges.halves(0),
                let range = AddressRange(
                    base: IPAddressBits(high: base.high, low: base.low),
                    prefixLength: Int(ranges.integer(1))
                )
            else { throw CallStoreError.corrupt(detail: "a source address is not an address block") }
            found.append(range)
        }
        return found
    }

    /// Whether there is a password.
    func hasCredentials(_ endpoint: ResourceIdentifier) throws -> Bool {
        passwords.bind(1, endpoint)
        defer { passwords.reset() }
        return try passwords.step()
    }
}

extension StoredExtension {
    /// Whether the endpoint has a password.
    package func hasCredentials(_ database: Database) throws -> Bool {
        try EndpointParts(database).hasCredentials(endpoint.id)
    }
}
