// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import MonotonicTime
import NumberingPlan

/// How a call stands in its table.
enum CallRow {
    /// The columns in the order that `record` reads and `bind` writes.
    static let columns = """
        id, customer, endpoint, caller_username, source_asked, source, is_anonymous, destination, destination_kind,
        country, number_class, trunk, trunk_name, status, hangup_by, hangup_reason, final_status, cause, is_approved,
        rejecting_rule, endpoint_call_id, outbound_call_id, tm_create, tm_update, tm_ringing, tm_progressing, tm_hangup
        """
    /// How many columns that is.
    static let columnCount: Int32 = 27

    /// What a call that was placed has in a table of its own, in the order that `readPlacement` reads.
    static let placement = "flow, master_call"
    /// How many columns that is.
    static let placementCount: Int32 = 2

    /// Reads the columns of `placement`; they are null for a call that was not placed.
    static func readPlacement(_ row: BoundStatement, at column: Int32, into record: inout CallRecord) {
        record.flow = row.optionalIdentifier(column)
        record.master = row.optionalIdentifier(column + 1)
    }

    /// Reads a record from a row that starts with `columns` and `placement`.
    static func placedRecord(_ row: BoundStatement) throws(CallStoreError) -> CallRecord {
        var record = try record(row)
        readPlacement(row, at: columnCount, into: &record)
        return record
    }

    /// Finds the row of an identity; `bindLookup` binds it.
    static let lookup = "SELECT sequence, status, customer FROM calls WHERE sequence BETWEEN ?1 AND ?2 AND id = ?3"

    /// Binds the statement `lookup`.
    static func bindLookup(_ statement: BoundStatement, _ id: ResourceIdentifier) {
        let first = CallSequence.first(of: id)
        statement.bind(1, first)
        statement.bind(2, first &+ (CallSequence.probes - 1))
        statement.bind(3, id)
    }

    /// Writes a record's columns to parameters 1 to 27.
    static func bind(_ record: CallRecord, to row: BoundStatement) {
        row.bind(1, record.id)
        row.bind(2, record.customer)
        row.bind(3, record.endpoint)
        row.bind(4, record.callerUsername)
        row.bind(5, record.sourceAsked)
        row.bind(6, record.source)
        row.bind(7, record.isAnonymous)
        row.bind(8, record.destination)
        row.bind(9, Int64(record.destinationKind.rawValue))
        row.bind(10, record.country?.description)
        row.bind(11, record.numberClass?.description)
        row.bind(12, record.trunk?.id)
        row.bind(13, record.trunk?.name)
        row.bind(14, Int64(record.status.rawValue))
        row.bind(15, Int64(record.hangupBy.rawValue))
        row.bind(16, Int64(record.hangupReason.rawValue))
        row.bind(17, Int64(record.finalStatus))
        row.bind(18, (record.cause?.value).map(Int64.init))
        row.bind(19, record.isApproved)
        row.bind(20, record.rejectingRule)
        row.bind(21, record.endpointCallID)
        row.bind(22, record.outboundCallID)
        row.bind(23, record.created.milliseconds)
        row.bind(24, record.updated.milliseconds)
        row.bind(25, record.ringing?.milliseconds)
        row.bind(26, record.progressing?.milliseconds)
        row.bind(27, record.hangup?.milliseconds)
    }

    /// Reads a record from a row that starts with `columns`.
    static func record(_ row: BoundStatement) throws(CallStoreError) -> CallRecord {
        var record = CallRecord(
            id: try row.identifier(0),
            customer: try row.identifier(1),
            endpoint: row.optionalIdentifier(2),
            destination: row.text(7),
            destinationKind: try code(row, 8),
            created: WallTime(milliseconds: row.integer(22))
        )
        record.callerUsername = row.text(3)
        record.sourceAsked = row.text(4)
        record.source = row.text(5)
        record.isAnonymous = row.flag(6)
        let destination = record.destination
        record.country = try row.optionalValue(9) { Country($0) ?? reservedCountry($0, of: destination) }
        record.numberClass = try row.optionalValue(10) { NumberClass($0) }
        record.trunk = row.optionalIdentifier(11).map { UsedTrunk(id: $0, name: row.text(12)) }
        record.rejectingRule = row.text(19)
        record.endpointCallID = row.text(20)
        record.outboundCallID = row.text(21)
        try readOutcome(row, into: &record)
        return record
    }

    // Tristan da Cunha has numbers but no code that a configuration may name.
    private static func reservedCountry(_ code: String, of destination: String) -> Country? {
        let country = E164Number(destination).flatMap { NumberingPlan.classify($0).country }
        return country?.description == code ? country : nil
    }

    private static func readOutcome(
        _ row: BoundStatement,
        into record: inout CallRecord
    ) throws(CallStoreError) {
        record.status = try code(row, 13)
        record.hangupBy = try code(row, 14)
        record.hangupReason = try code(row, 15)
        record.finalStatus = Int(row.integer(16))
        record.cause = row.optionalInteger(17).map { ReleaseCause(Int($0)) }
        record.isApproved = row.flag(18)
        record.updated = WallTime(milliseconds: row.integer(23))
        record.ringing = row.optionalInteger(24).map(WallTime.init(milliseconds:))
        record.progressing = row.optionalInteger(25).map(WallTime.init(milliseconds:))
        record.hangup = row.optionalInteger(26).map(WallTime.init(milliseconds:))
    }

    private static func code<Value: RawRepresentable<UInt8>>(
        _ row: BoundStatement,
        _ column: Int32
    ) throws(CallStoreError) -> Value {
        let number = row.integer(column)
        guard let value = UInt8(exactly: number).flatMap(Value.init(rawValue:)) else {
            throw .corrupt(detail: "\(number) is not a \(Value.self)")
        }
        return value
    }
}
