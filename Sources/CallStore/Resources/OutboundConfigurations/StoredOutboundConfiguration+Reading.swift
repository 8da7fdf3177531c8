// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
import MonotonicTime
import NumberingPlan

extension StoredOutboundConfiguration {
    private static let selection = """
        SELECT o.id, o.customer, o.name, o.detail, o.destination_whitelist, o.codecs, o.default_outgoing_source_number,
            (SELECT n.id FROM numbers n
                WHERE n.number = o.default_outgoing_source_number AND n.customer = o.customer),
            o.when_no_valid_source, o.when_anonymity_disallowed, o.allowed_special, o.tm_create, o.tm_update,
            o.tm_delete
        FROM outbound_configs o
        """

    private init(_ row: BoundStatement, _ database: Database) throws {
        self.init(
            id: try row.identifier(0),
            customer: try row.identifier(1),
            created: WallTime(milliseconds: row.integer(11))
        )
        name = row.text(2)
        detail = row.text(3)
        destinationWhitelist = try row.value(4, Self.countries)
        codecs = try row.value(5, StoredText.codecs)
        defaultNumber = try row.optionalValue(6) { E164Number($0) }
        defaultNumberIdentifier = row.optionalIdentifier(7)
        whenNoValidSource = try row.value(8, SourceFallback.init)
        whenAnonymityDisallowed = try row.value(9, AnonymityFallback.init)
        allowedSpecial = try row.value(10, StoredText.specialDestinations)
        updated = row.optionalInteger(12).map(WallTime.init(milliseconds:))
        deleted = row.optionalInteger(13).map(WallTime.init(milliseconds:))
        try readCustomersOwn(database)
    }

    /// Reads dial plan and limits, which are the customer's and outlive a configuration.
    package mutating func readCustomersOwn(_ database: Database) throws {
        let reader = ModelReader(database: database)
        dialPlan = try reader.dialPlan(of: customer)
        limits = try reader.callLimits(of: customer)
    }

    private static func countries(_ text: String) -> [Country]? {
        let words = StoredText.words(text)
        let countries = words.compactMap { Country($0) }
        return countries.count == words.count ? countries : nil
    }

    /// The configuration with an identity; nil when there is none, or it is deleted.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredOutboundConfiguration? {
        let row = try BoundStatement(database, "\(selection) WHERE o.id = ?1 AND o.tm_delete IS NULL")
        row.bind(1, id)
        return try row.step() ? StoredOutboundConfiguration(row, database) : nil
    }

    /// A customer's active configuration; nil when it has none.
    package static func find(
        _ database: Database,
        of customer: ResourceIdentifier
    ) throws -> StoredOutboundConfiguration? {
        let row = try BoundStatement(database, "\(selection) WHERE o.customer = ?1 AND o.tm_delete IS NULL")
        row.bind(1, customer)
        return try row.step() ? StoredOutboundConfiguration(row, database) : nil
    }

    /// A page of all active configurations, or of one customer's.
    package static func page(
        _ database: Database,
        customer: ResourceIdentifier?,
        _ position: ListPosition
    ) throws -> [StoredOutboundConfiguration] {
        let rows = try BoundStatement(
            database,
            """
            \(selection) WHERE o.id IN
                (SELECT id FROM outbound_configs
                    WHERE tm_delete IS NULL AND (?4 IS NULL OR customer = ?4) AND \(ListPosition.condition))
            ORDER BY o.tm_create DESC, o.id DESC
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        var found: [StoredOutboundConfiguration] = []
        while try rows.step() { found.append(try StoredOutboundConfiguration(rows, database)) }
        return found
    }

    /// A number as policy knows it, by its identity; nil when there is none, or it is deleted.
    package static func number(_ database: Database, _ id: ResourceIdentifier) throws -> OwnedNumber? {
        let row = try BoundStatement(
            database,
            "SELECT id, customer, number, type, status FROM numbers WHERE id = ?1 AND tm_delete IS NULL"
        )
        row.bind(1, id)
        guard try row.step() else { return nil }
        return OwnedNumber(
            id: try row.identifier(0),
            customer: try row.identifier(1),
            number: try row.value(2) { E164Number($0) },
            type: try row.value(3, OwnedNumberType.init),
            status: try row.value(4, OwnedNumberStatus.init)
        )
    }
}

extension ModelReader {
    /// The dial plan of one customer or endpoint; nil when it has none of its own.
    func dialPlan(of owner: ResourceIdentifier) throws -> DialPlan? {
        let row = try BoundStatement(
            database,
            """
            SELECT owner, country, international_prefixes, national_prefix, minimum_national_length,
                extension_patterns, hiding_prefixes, showing_prefixes
            FROM dial_plans WHERE owner = ?1
            """
        )
        row.bind(1, owner)
        return try row.step() ? Self.dialPlan(row) : nil
    }

    /// The limits of one customer or endpoint.
    func callLimits(of owner: ResourceIdentifier) throws -> CallLimits {
        let row = try BoundStatement(
            database,
            "SELECT owner, home_countries, \(LimitColumns.names) FROM call_limits WHERE owner = ?1"
        )
        row.bind(1, owner)
        return try row.step() ? Self.limits(row) : .none
    }
}
