// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Foundation

/// Things of the API as text for people, and as JSON.
enum ResourceText {
    /// A table with a thing a line and its identity last, fitted to a width; nil fits nothing in.
    ///
    /// - Parameters:
    ///   - rows: The things.
    ///   - kind: What they are.
    ///   - names: The names of other things by identity; a kind that is not in it could not be asked for.
    ///   - width: How many characters fit into a line.
    /// - Returns: The lines, headings first.
    static func table(
        _ rows: [ResourceObject],
        of kind: ResourceKind,
        names: [ReferencedKind: [String: String]],
        width: Int?
    ) -> String {
        guard !rows.isEmpty else { return "no \(kind.plural)\n" }
        // Who may not see the customers has only things of one.
        let columns = kind.columns.filter { column in
            guard case .reference(_, .customer) = column.content else { return true }
            return names[.customer] != nil
        }
        var table = TextTable(columns.map { .init($0.heading, least: $0.least) } + [.init("ID")])
        for row in rows { table.add(columns.map { cell($0, row, names) } + [row.text("id")]) }
        return table.text(width: width)
    }

    private static func cell(
        _ column: ResourceColumn,
        _ row: ResourceObject,
        _ names: [ReferencedKind: [String: String]]
    ) -> String {
        switch column.content {
        case .key(let key): return row.text(key)
        case .made(let make): return make(row)
        case .reference(let key, let kind):
            let identifier = row.text(key)
            return names[kind]?[identifier] ?? identifier
        }
    }

    /// Everything about one thing, a value a line.
    static func whole(_ object: ResourceObject, of kind: ResourceKind) -> String {
        var table = TextTable([.init(kind.noun), .init(PlainText.harmless(kind.label(object)))])
        for (key, text) in object.pairs(named: kind.nameKeys + ["id", "customer_id"]) { table.add([key, text]) }
        return table.text(width: nil)
    }

    /// The API's JSON, indented; keys are as the API has them.
    static func json(_ value: JSONValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
