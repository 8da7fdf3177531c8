// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rows of text under headings, aligned in columns and fitted to a width.
package struct TextTable: Sendable {
    /// One column.
    package struct Column: Sendable {
        /// The heading.
        package var heading: String
        /// The narrowest the column may become when the table is wider than the terminal; nil never narrows it.
        package var least: Int?

        /// Makes a column; by default one that is always shown whole.
        package init(_ heading: String, least: Int? = nil) {
            self.heading = heading
            self.least = least
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// Makes a table without rows.
    package init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; cells beyond the columns are left out, missing ones are empty.
    package mutating func add(_ cells: [String]) {
        let cells = cells.prefix(columns.count).map(PlainText.harmless)
        rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
    }

    /// The lines, headings first, without blanks at their ends.
    ///
    /// `width` is how many characters fit into a line; nil fits nothing in.
    package func text(width: Int?) -> String {
        let widths = fittedWidths(width)
        var text = ""
        for row in [columns.map(\.heading)] + rows {
            var line = ""
            for (cell, width) in zip(row, widths) {
                if !line.isEmpty { line += "  " }
                line += PlainText.padded(Self.clipped(cell, to: width), to: width)
            }
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        return text
    }

    /// Takes characters from the widest column that may still give some, until the line fits or none may.
    private func fittedWidths(_ limit: Int?) -> [Int] {
        var widths = columns.map(\.heading.count)
        for row in rows {
            for (place, cell) in row.enumerated() { widths[place] = max(widths[place], cell.count) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + 2 * max(0, columns.count - 1) - limit
        while excess > 0 {
            let giving = widths.indices.filter { widths[$0] > columns[$0].least ?? .max }
            guard let widest = giving.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func clipped(_ text: String, to width: Int) -> String {
        guard text.count > width else { return text }
        return width > 1 ? text.prefix(width - 1) + "…" : String(text.prefix(width))
    }
}
