// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A run of `;name=value` parameters inside a message.
package struct Parameters: Sendable, Hashable {
    /// The run, from its first `;` to its end; empty when there are none.
    package let range: FieldRange

    /// Makes a view over a run of parameters.
    package init(_ range: FieldRange) {
        self.range = range
    }

    /// The value of the first parameter of this name (letters of either case); an empty range for one without a
    /// value, nil when there is no such parameter. Quotation marks are part of the value.
    package func value(_ name: StaticString, in bytes: Span<UInt8>) -> Range<Int>? {
        var cursor = ParameterCursor(range.indices)
        while let parameter = cursor.next(bytes) {
            if bytes.equals(parameter.name, ignoringCase: name) { return parameter.value }
        }
        return nil
    }

    /// Whether a parameter of this name is present.
    package func contains(_ name: StaticString, in bytes: Span<UInt8>) -> Bool {
        value(name, in: bytes) != nil
    }
}

/// One parameter: its name and its value, which is empty when none is written.
package struct Parameter: Sendable {
    /// The name's range.
    package let name: Range<Int>
    /// The value's range, quotation marks included; empty when there is none.
    package let value: Range<Int>
}

/// Walks over `;name=value` parameters, respecting quoted strings.
package struct ParameterCursor: Sendable {
    private var position: Int
    private let end: Int

    /// Starts at the beginning of a run of parameters.
    package init(_ range: Range<Int>) {
        self.position = range.lowerBound
        self.end = range.upperBound
    }

    /// The next parameter; nil at the end of the run.
    package mutating func next(_ bytes: Span<UInt8>) -> Parameter? {
        while position < end, bytes[position] == UInt8(ascii: ";") || ASCII.isLinearWhitespace(bytes[position]) {
            position += 1
        }
        guard position < end else { return nil }
        let start = position
        var equals = -1
        var isQuoted = false
        while position < end {
            let byte = bytes[position]
            if isQuoted {
                if byte == UInt8(ascii: "\\") { position += 1 }
                if byte == UInt8(ascii: "\"") { isQuoted = false }
            } else if byte == UInt8(ascii: "\"") {
                isQuoted = true
            } else if byte == UInt8(ascii: ";") {
                break
            } else if byte == UInt8(ascii: "="), equals < 0 {
                equals = position
            }
            position += 1
        }
        position = min(position, end)
        guard equals >= 0 else {
            let name = bytes.trimmed(start..<position)
            return Parameter(name: name, value: name.upperBound..<name.upperBound)
        }
        return Parameter(name: bytes.trimmed(start..<equals), value: bytes.trimmed((equals + 1)..<position))
    }
}
