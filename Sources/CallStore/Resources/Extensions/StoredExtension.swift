// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime
import NumberingPlan

/// An endpoint with what policy does not read.
package struct StoredExtension: Hashable, Sendable {
    /// What policy reads; dial plan and limits are not filled in, and a write leaves them as they are.
    package var endpoint: Endpoint
    /// What it is called.
    package var name: String
    /// What it is for.
    package var detail: String
    /// The name others dial that stands first; empty when none was chosen.
    package var mainExtension: String
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
    /// When it was deleted; never set on one that is read.
    package var deleted: WallTime?

    /// Makes an extension.
    package init(
        endpoint: Endpoint,
        name: String = "",
        detail: String = "",
        mainExtension: String = "",
        created: WallTime
    ) {
        self.endpoint = endpoint
        self.name = name
        self.detail = detail
        self.mainExtension = mainExtension
        self.created = created
    }

    /// Every name under which others of the customer dial it.
    package var dialledNames: Set<String> {
        Set(endpoint.extensions + [endpoint.username])
    }

    /// The name that stands for all: the chosen one as long as it is dialled, else the first in alphabetical order, else
    /// the user name.
    package var extensionName: String {
        if dialledNames.contains(mainExtension) { return mainExtension }
        return endpoint.extensions.min() ?? endpoint.username
    }
}

extension StoredExtension {
    private static let columns = """
        id, customer, username, number, display_name, requires_registration, emergency_caller_id, is_enabled, name,
        detail, extension, tm_create, tm_update
        """

    /// The endpoints of one customer or of all.
    package static func list(
        _ database: Database,
        of customer: ResourceIdentifier?,
        _ position: ListPosition
    ) throws -> [StoredExtension] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM endpoints
            WHERE (?4 IS NULL OR customer = ?4) AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, customer)
        let parts = try EndpointParts(database)
        var found: [StoredExtension] = []
        while try rows.step() { found.append(try StoredExtension(rows, parts)) }
        return found
    }

    /// An endpoint; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredExtension? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM endpoints WHERE id = ?1")
        rows.bind(1, id)
        return try rows.step() ? try StoredExtension(rows, try EndpointParts(database)) : nil
    }

    /// Whether another endpoint of the deployment has a user name.
    package static func isTaken(
        _ database: Database,
        username: String,
        besides id: ResourceIdentifier
    ) throws -> Bool {
        let rows = try BoundStatement(database, "SELECT 1 FROM endpoints WHERE username = ?1 AND id <> ?2")
        rows.bind(1, username)
        rows.bind(2, id)
        return try rows.step()
    }

    /// Whether another endpoint of the customer is dialled by a name.
    package static func isDialled(
        _ database: Database,
        name: String,
        of customer: ResourceIdentifier,
        besides id: ResourceIdentifier
    ) throws -> Bool {
        let rows = try BoundStatement(
            database,
            """
            SELECT 1 FROM endpoints WHERE customer = ?2 AND id <> ?3 AND (username = ?1 OR EXISTS (
                SELECT 1 FROM endpoint_extensions WHERE endpoint = id AND endpoint_extensions.name = ?1))
            """
        )
        rows.bind(1, name)
        rows.bind(2, customer)
        rows.bind(3, id)
        return try rows.step()
    }

    /// Writes the endpoint as it is, new or changed, with these credentials; nil leaves those there are. Whose it is
    /// stays.
    package func write(_ database: Database, credentials: [StoredCredential]?) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO endpoints (\(Self.columns))
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            ON CONFLICT (id) DO UPDATE SET username = ?3, number = ?4, display_name = ?5, requires_registration = ?6,
                emergency_caller_id = ?7, is_enabled = ?8, name = ?9, detail = ?10, extension = ?11, tm_update = ?13
            """
        )
        row.bind(1, endpoint.id)
        row.bind(2, endpoint.customer)
        row.bind(3, endpoint.username)
        row.bind(4, endpoint.number?.description)
        row.bind(5, endpoint.displayName)
        row.bind(6, endpoint.requiresRegistration)
        row.bind(7, endpoint.emergencyCallerID?.description)
        row.bind(8, endpoint.isEnabled)
        row.bind(9, name)
        row.bind(10, detail)
        row.bind(11, mainExtension)
        row.bind(12, created.milliseconds)
        row.bind(13, updated?.milliseconds)
        try row.run()
        let writer = ModelWriter(database: database, now: updated ?? created)
        try writer.writeParts(of: endpoint)
        if let credentials { try writer.write(credentials, of: endpoint.id) }
    }

    /// Removes the endpoint with its credentials, bindings, dial plan and limits.
    package func remove(_ database: Database) throws {
        let row = try BoundStatement(database, "DELETE FROM endpoints WHERE id = ?1")
        row.bind(1, endpoint.id)
        try row.run()
    }

    private init(_ row: BoundStatement, _ parts: EndpointParts) throws {
        let id = try row.identifier(0)
        self.init(
            endpoint: Endpoint(
                id: id,
                customer: try row.identifier(1),
                username: row.text(2),
                extensions: try parts.extensions(of: id),
                number: try row.optionalValue(3) { E164Number($0) },
                displayName: row.optionalText(4),
                requiresRegistration: row.flag(5),
                sourceAddresses: try parts.sourceAddresses(of: id),
                emergencyCallerID: try row.optionalValue(6) { E164Number($0) },
                isEnabled: row.flag(7)
            ),
            name: row.text(8),
            detail: row.text(9),
            mainExtension: row.text(10),
            created: row.time(11)
        )
        updated = row.optionalTime(12)
    }
}
