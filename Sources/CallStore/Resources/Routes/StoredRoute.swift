// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import GRDB
package import MonotonicTime

/// A route with what policy does not read.
package struct StoredRoute: Hashable, Sendable {
    /// What policy reads.
    package var route: TrunkRoute
    /// What it is called.
    package var name: String
    /// What it is for.
    package var detail: String
    /// When it was made.
    package var created: WallTime
    /// When it was last changed.
    package var updated: WallTime?
    /// When it was deleted.
    package var deleted: WallTime?

    /// Makes a route.
    package init(route: TrunkRoute, name: String = "", detail: String = "", created: WallTime) {
        self.route = route
        self.name = name
        self.detail = detail
        self.created = created
    }
}

extension StoredRoute {
    private static let columns = """
        id, customer, trunk, name, detail, priority, target, tm_create, tm_update, tm_delete
        """

    /// Whose routes a list holds.
    package enum Owner: Hashable, Sendable {
        /// Everybody's.
        case any
        /// Those for every customer.
        case everyCustomer
        /// One customer's own.
        case customer(ResourceIdentifier)
    }

    /// The routes that are not deleted.
    package static func list(
        _ database: Database,
        of owner: Owner,
        _ position: ListPosition
    ) throws -> [StoredRoute] {
        let rows = try BoundStatement(
            database,
            """
            SELECT \(columns) FROM routes
            WHERE (?4 OR customer IS ?5) AND tm_delete IS NULL AND \(ListPosition.condition)
            """
        )
        rows.bind(position)
        rows.bind(4, owner == .any)
        if case .customer(let id) = owner { rows.bind(5, id) } else { rows.bindNull(5) }
        var found: [StoredRoute] = []
        while try rows.step() { found.append(try StoredRoute(rows)) }
        return found
    }

    /// A route, deleted ones included; nil when there is none.
    package static func find(_ database: Database, _ id: ResourceIdentifier) throws -> StoredRoute? {
        let rows = try BoundStatement(database, "SELECT \(columns) FROM routes WHERE id = ?1")
        rows.bind(1, id)
        return try rows.step() ? try StoredRoute(rows) : nil
    }

    /// How many routes that are not deleted lead to a trunk.
    package static func count(_ database: Database, to trunk: ResourceIdentifier) throws -> Int {
        let rows = try BoundStatement(
            database,
            "SELECT count(*) FROM routes WHERE trunk = ?1 AND tm_delete IS NULL"
        )
        rows.bind(1, trunk)
        return try rows.step() ? Int(rows.integer(0)) : 0
    }

    /// Writes the route as it is, new or changed; whose it is stays.
    package func write(_ database: Database) throws {
        let row = try BoundStatement(
            database,
            """
            INSERT INTO routes (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (id) DO UPDATE SET trunk = ?3, name = ?4, detail = ?5, priority = ?6, target = ?7,
                tm_update = ?9, tm_delete = ?10
            """
        )
        row.bind(1, route.id)
        row.bind(2, route.customer)
        row.bind(3, route.trunk)
        row.bind(4, name)
        row.bind(5, detail)
        row.bind(6, Int64(route.priority))
        row.bind(7, route.target.description)
        row.bind(8, created.milliseconds)
        row.bind(9, updated?.milliseconds)
        row.bind(10, deleted?.milliseconds)
        try row.run()
    }

    private init(_ row: BoundStatement) throws {
        self.init(
            route: TrunkRoute(
                id: try row.identifier(0),
                customer: row.optionalIdentifier(1),
                trunk: try row.identifier(2),
                priority: Int(row.integer(5)),
                target: try row.value(6) { RouteTarget($0) }
            ),
            name: row.text(3),
            detail: row.text(4),
            created: row.time(7)
        )
        updated = row.optionalTime(8)
        deleted = row.optionalTime(9)
    }
}

extension ModelReader {
    /// Every route that is not deleted, in the order of creation.
    func routes() throws -> [TrunkRoute] {
        let rows = try BoundStatement(
            database,
            "SELECT id, customer, trunk, priority, target FROM routes WHERE tm_delete IS NULL ORDER BY tm_create, id"
        )
        var routes: [TrunkRoute] = []
        while try rows.step() {
            routes.append(
                TrunkRoute(
                    id: try rows.identifier(0),
                    customer: rows.optionalIdentifier(1),
                    trunk: try rows.identifier(2),
                    priority: Int(rows.integer(3)),
                    target: try rows.value(4) { RouteTarget($0) }
                )
            )
        }
        return routes
    }
}
