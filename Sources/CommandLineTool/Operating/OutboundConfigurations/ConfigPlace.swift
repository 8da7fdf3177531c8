// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Whose outbound configuration is meant.
struct ConfigOwner: ParsableArguments {
    @Option(help: "Whose, by name or id; for a super admin. Your own customer's when left out.")
    var customer: String?
}

/// Where an outbound configuration is, and what it says now.
struct ConfigPlace: Sendable {
    /// The path to write to.
    var path: String
    /// What it says; nil for a customer that has none.
    var current: ResourceObject?
    /// The customer's identity; nil for one's own.
    var customer: String?

    /// Finds a customer's, or one's own.
    static func find(_ customer: String?, _ client: APIClient) async throws -> ConfigPlace {
        guard let customer else { return try await own(client) }
        let id = try await ResourceLookup(client: client).identifier(customer, of: Customers.kind)
        let all = ConfigListCommand.kind.path
        let found = try await client.list(all, query: [("customer_id", id)], limit: 1).rows.first
        guard let current = found.map({ ResourceObject($0) }) else {
            return ConfigPlace(path: all, current: nil, customer: id)
        }
        return ConfigPlace(path: "\(all)/\(current.text("id"))", current: current, customer: id)
    }

    private static func own(_ client: APIClient) async throws -> ConfigPlace {
        let path = "/v1.0/outbound_config"
        do {
            return ConfigPlace(path: path, current: ResourceObject(try await client.ask(.get, path)))
        } catch var failure as CommandFailure where failure.status == .rejected {
            failure.message += "\nA super admin says whose with --customer."
            throw failure
        }
    }
}
