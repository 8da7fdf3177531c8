// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import GRDB
package import MonotonicTime

/// The bindings of one endpoint, which is one address of record.
package struct EndpointBindings: Hashable, Sendable {
    /// The endpoint.
    package var endpoint: ResourceIdentifier
    /// Its bindings in the order they were stored.
    package var bindings: [StoredBinding]
}

extension CallStore {
    /// Freezes all that decisions need to know.
    ///
    /// - Parameters:
    ///   - rules: The deployment's rules.
    ///   - adjusting: What the deployment makes of the trunks as they are stored.
    /// - Returns: The snapshot.
    /// - Throws: `CallStoreError` when the store cannot be read.
    package func loadSnapshot(
        rules: DeploymentRules,
        adjusting: ([Trunk]) -> [Trunk] = { $0 }
    ) throws(CallStoreError) -> PolicySnapshot {
        try refreshWebhooks()
        let lists = try reading { database in
            let reader = ModelReader(database: database)
            let owned = try reader.owned()
            return (
                customers: try reader.customers(owned),
                endpoints: try reader.endpoints(owned),
                numbers: try reader.numbers(),
                trunks: try reader.trunks(),
                routes: try reader.routes()
            )
        }
        return PolicySnapshot(
            rules: rules,
            customers: lists.customers,
            endpoints: lists.endpoints,
            numbers: lists.numbers,
            trunks: adjusting(lists.trunks),
            routes: lists.routes
        )
    }

    /// Every endpoint's credentials, by user name.
    package func loadCredentials() throws(CallStoreError) -> [String: [StoredCredential]] {
        try reading { database in
            let rows = try BoundStatement(
                database,
                """
                SELECT username, algorithm, ha1
                FROM endpoint_credentials JOIN endpoints ON endpoints.id = endpoint_credentials.endpoint
                """
            )
            var found: [String: [StoredCredential]] = [:]
            while try rows.step() {
                found[rows.text(0), default: []].append(StoredCredential(algorithm: rows.text(1), ha1: rows.text(2)))
            }
            return found
        }
    }

    /// Every binding that has not ended at `now`, by endpoint.
    package func loadBindings(at now: WallTime) throws(CallStoreError) -> [EndpointBindings] {
        try reading { database in
            let rows = try BoundStatement(
                database,
                """
                SELECT endpoint, contact, call_id, cseq, tm_expire, tm_register, quality, path, instance,
                       registration_id, flow, user_agent
                FROM bindings WHERE tm_expire > ?1 ORDER BY endpoint, position
                """
            )
            rows.bind(1, now.milliseconds)
            var found: [EndpointBindings] = []
            while try rows.step() {
                let endpoint = try rows.identifier(0)
                if found.last?.endpoint != endpoint {
                    found.append(EndpointBindings(endpoint: endpoint, bindings: []))
                }
                found[found.count - 1].bindings.append(Self.binding(rows))
            }
            return found
        }
    }

    private static func binding(_ rows: BoundStatement) -> StoredBinding {
        StoredBinding(
            contact: rows.text(1),
            callID: rows.text(2),
            cseq: rows.integer(3),
            expires: WallTime(milliseconds: rows.integer(4)),
            registered: WallTime(milliseconds: rows.integer(5)),
            quality: Int(rows.integer(6)),
            path: rows.text(7).split(separator: "\n").map(String.init),
            instance: rows.optionalText(8),
            registrationID: rows.optionalInteger(9).map(Int.init),
            flow: rows.text(10),
            userAgent: rows.text(11)
        )
    }
}
