// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
import GRDB
package import MonotonicTime

/// Where a customer's events go.
package struct WebhookTarget: Hashable, Sendable {
    /// The URI, `http:` or `https:`.
    package var uri: String
    /// The HTTP method; `POST` where the customer has none.
    package var method: String
    /// The key of the signature; empty for none.
    package var secret: String
}

/// An event that waits for delivery.
package struct WebhookDelivery: Hashable, Sendable {
    /// Its place in the queue.
    package var id: Int64
    /// Who is told.
    package var customer: ResourceIdentifier
    /// What happened, and when.
    package var occurrence: WebhookEvent.Occurrence
    /// How many times it was tried in vain.
    package var attempts: Int
    /// Not to be tried again before this time.
    package var due: WallTime
    /// The call as it stood then; nil when its record is gone.
    package var call: StoredCall?
}

/// The first event of a customer's queue, by its due time.
package struct WebhookHead: Hashable, Sendable {
    /// Whose queue it is.
    package var customer: ResourceIdentifier
    /// Not to be tried before this time.
    package var due: WallTime
}

extension CallStore {
    /// Begins to keep the events of the calls of customers who have a webhook.
    package func openWebhooks() throws(CallStoreError) {
        webhooks.open()
        try refreshWebhooks()
    }

    /// Reads anew which customers have a webhook.
    package func refreshWebhooks() throws(CallStoreError) {
        let customers = try reading { database in
            let rows = try BoundStatement(
                database,
                "SELECT id FROM customers WHERE webhook_uri <> '' AND tm_delete IS NULL"
            )
            var found: Set<ResourceIdentifier> = []
            while try rows.step() { found.insert(try rows.identifier(0)) }
            return found
        }
        webhooks.subscribe(customers)
    }

    /// The first event of every customer that has one.
    package func webhookHeads() async throws -> [WebhookHead] {
        try await read { database in
            // A walk from customer to customer along the index, however many events each has.
            let rows = try BoundStatement(
                database,
                """
                WITH RECURSIVE queue(customer) AS (
                    SELECT min(customer) FROM webhook_deliveries
                    UNION ALL
                    SELECT (SELECT min(customer) FROM webhook_deliveries WHERE customer > queue.customer)
                    FROM queue WHERE queue.customer IS NOT NULL
                )
                SELECT customer, (
                    SELECT tm_next FROM webhook_deliveries AS head WHERE head.customer = queue.customer ORDER BY id LIMIT 1
                ) FROM queue WHERE customer IS NOT NULL
                """
            )
            var found: [WebhookHead] = []
            while try rows.step() {
                let due = WallTime(milliseconds: rows.integer(1))
                found.append(WebhookHead(customer: try rows.identifier(0), due: due))
            }
            return found
        }
    }

    /// The first events of a customer's queue, in order.
    package func webhookDeliveries(
        of customer: ResourceIdentifier,
        limit: Int
    ) async throws -> [WebhookDelivery] {
        try await read { database in
            let rows = try BoundStatement(
                database,
                """
                SELECT id, call_sequence, event, tm_event, attempts, tm_next FROM webhook_deliveries
                WHERE customer = ?1 ORDER BY id LIMIT ?2
                """
            )
            rows.bind(1, customer)
            rows.bind(2, Int64(max(limit, 0)))
            var found: [WebhookDelivery] = []
            while try rows.step() {
                let occurrence = WebhookEvent.Occurrence(
                    try rows.value(2) { WebhookEvent(rawValue: $0) },
                    WallTime(milliseconds: rows.integer(3))
                )
                found.append(
                    WebhookDelivery(
                        id: rows.integer(0),
                        customer: customer,
                        occurrence: occurrence,
                        attempts: Int(rows.integer(4)),
                        due: WallTime(milliseconds: rows.integer(5)),
                        call: try StoredCall.read(rows.integer(1), database)?.asOf(occurrence)
                    )
                )
            }
            return found
        }
    }

    /// Where a customer's events go; nil when it has no webhook (any longer).
    package func webhookTarget(of customer: ResourceIdentifier) async throws -> WebhookTarget? {
        try await read { database in
            let rows = try BoundStatement(
                database,
                """
                SELECT webhook_uri, webhook_method, webhook_secret FROM customers
                WHERE id = ?1 AND webhook_uri <> '' AND tm_delete IS NULL
                """
            )
            rows.bind(1, customer)
            guard try rows.step() else { return nil }
            let method = rows.text(1)
            return WebhookTarget(uri: rows.text(0), method: method.isEmpty ? "POST" : method, secret: rows.text(2))
        }
    }

    /// Takes a customer's events up to this one out of the queue: each was delivered, or given up.
    package func removeWebhookDeliveries(of customer: ResourceIdentifier, through id: Int64) async throws {
        try await write { database in
            let row = try BoundStatement(database, "DELETE FROM webhook_deliveries WHERE customer = ?1 AND id <= ?2")
            row.bind(1, customer)
            row.bind(2, id)
            try row.run()
        }
    }

    /// Notes that an event was tried in vain and when it may be tried again.
    package func postponeWebhookDelivery(_ id: Int64, until due: WallTime) async throws {
        try await write { database in
            let row = try BoundStatement(
                database,
                "UPDATE webhook_deliveries SET attempts = attempts + 1, tm_next = ?2 WHERE id = ?1"
            )
            row.bind(1, id)
            row.bind(2, due.milliseconds)
            try row.run()
        }
    }

    /// Drops all but the newest `count` events of a customer, 0 for all.
    ///
    /// - Returns: How many were dropped.
    package func trimWebhookDeliveries(of customer: ResourceIdentifier, to count: Int) async throws -> Int {
        try await write { database in
            let row = try BoundStatement(
                database,
                """
                DELETE FROM webhook_deliveries WHERE customer = ?1 AND id <= (
                    SELECT id FROM webhook_deliveries WHERE customer = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2
                )
                """
            )
            row.bind(1, customer)
            row.bind(2, Int64(max(count, 0)))
            try row.run()
            return Int(row.changedRows)
        }
    }
}
