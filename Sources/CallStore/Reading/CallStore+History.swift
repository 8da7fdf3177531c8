// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
package import CallPolicy
import GRDB
package import MonotonicTime
package import NumberingPlan

/// What a limit on telephone calls needs to know of a call of the past.
package struct PastCall: Hashable, Sendable {
    /// The customer who was charged with the call.
    package var customer: ResourceIdentifier
    /// The calling endpoint; nil when the API placed the call.
    package var endpoint: ResourceIdentifier?
    /// The number called.
    package var number: E164Number
    /// The number's country; nil when none stands behind it.
    package var country: Country?
    /// When the call was created.
    package var created: WallTime
    /// When it was answered; nil when it was not.
    package var answered: WallTime?
    /// When it ended; nil while it has not.
    package var ended: WallTime?
}

extension CallStore {
    /// The rules that come after the limits of destinations: a call that one of them rejected was counted.
    private static var laterRules: [RuleIdentifier] { [.sourceValidate, .privacyResolve, .codecsFilter, .routeSelect] }

    /// Hands over every telephone call created at `start` or later that the limits of its destination let pass, oldest
    /// first.
    ///
    /// A record whose destination is not an international number is left out. An error of `body` ends the walk and is
    /// thrown as it is; what the store itself throws is a `CallStoreError`.
    package func forEachTelephoneCall(since start: WallTime, _ body: (PastCall) throws -> Void) throws {
        do {
            try pool.read { database in
                let rows = try BoundStatement(database, Self.history)
                rows.bind(1, CallSequence.first(atUnixMilliseconds: start.milliseconds))
                while try rows.step() {
                    guard let call = try Self.pastCall(rows) else { continue }
                    try body(call)
                }
            }
        } catch let error as DatabaseError {
            throw CallStoreError.wrapping(error, path: path)
        }
    }

    // `sequence` begins with the time, so this is one scan of the end of the table.
    private static var history: String {
        let rules = laterRules.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return """
            SELECT customer, endpoint, destination, tm_create, tm_progressing, tm_hangup FROM calls
            WHERE sequence >= ?1 AND destination_kind = \(RecordedDestinationKind.tel.rawValue)
                AND (is_approved OR rejecting_rule IN (\(rules)))
            ORDER BY sequence
            """
    }

    private static func pastCall(_ row: BoundStatement) throws(CallStoreError) -> PastCall? {
        guard let number = E164Number(row.text(2)) else { return nil }
        return PastCall(
            customer: try row.identifier(0),
            endpoint: row.optionalIdentifier(1),
            number: number,
            country: NumberingPlan.classify(number).country,
            created: WallTime(milliseconds: row.integer(3)),
            answered: row.optionalInteger(4).map(WallTime.init(milliseconds:)),
            ended: row.optionalInteger(5).map(WallTime.init(milliseconds:))
        )
    }
}
