// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

extension ScalarType where Value == Int {
    /// A decimal whole number inside a range.
    static func integer(_ range: ClosedRange<Int>) -> ScalarType {
        ScalarType("a whole number") { text throws(ScalarFault) in
            let isDecimal = text.utf8.enumerated().allSatisfy { index, byte in
                (0x30...0x39).contains(byte) || (index == 0 && byte == UInt8(ascii: "-"))
            }
            guard isDecimal, text != "-" else {
                throw ScalarFault(
                    "must be a whole number, not `\(clipped(text))`",
                    "give a number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            guard let value = Int(text), range.contains(value) else {
                throw ScalarFault(
                    "is \(clipped(text)), out of range",
                    "give a number from \(range.lowerBound) to \(range.upperBound)"
                )
            }
            return value
        }
    }
}

extension ScalarType where Value == Interval {
    /// A whole number of seconds inside a range.
    static func seconds(_ range: ClosedRange<Int>) -> ScalarType {
        let integer = ScalarType<Int>.integer(range)
        return ScalarType("a number of seconds") { text throws(ScalarFault) in
            .seconds(Int64(try integer.convert(text)))
        }
    }

    /// A whole number of milliseconds inside a range.
    static func milliseconds(_ range: ClosedRange<Int>) -> ScalarType {
        let integer = ScalarType<Int>.integer(range)
        return ScalarType("a number of milliseconds") { text throws(ScalarFault) in
            .milliseconds(Int64(try integer.convert(text)))
        }
    }
}

extension ScalarType where Value == Bool {
    /// `true` or `false`, and none of the other words that YAML 1.1 takes for them.
    static var boolean: ScalarType {
        ScalarType("true or false") { text throws(ScalarFault) in
            switch text {
            case "true": return true
            case "false": return false
            default:
                let remedy =
                    switch text.lowercased() {
                    case "yes", "on", "y", "true": "write `true`"
                    case "no", "off", "n", "false": "write `false`"
                    default: "write `true` or `false`"
                    }
                throw ScalarFault("must be true or false, not `\(clipped(text))`", remedy)
            }
        }
    }
}

extension ScalarType where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of a few words.
    static func word(_ name: String = "one of a few words") -> ScalarType {
        ScalarType(name) { text throws(ScalarFault) in
            if let value = Value(rawValue: text) { return value }
            throw ScalarFault.unknownWord(text, among: Value.allCases.map(\.rawValue))
        }
    }
}

extension ScalarFault {
    static func unknownWord(_ text: String, among words: [String]) -> ScalarFault {
        let message = "cannot be `\(clipped(text))`"
        if let nearest = Suggestion.nearest(to: text, among: words) {
            return ScalarFault(message, "did you mean `\(nearest)`?")
        }
        return ScalarFault(message, "choose one of \(words.joined(separator: ", "))")
    }
}

extension ScalarType where Value == String {
    /// A text of some characters, none of them a control character.
    static func text(_ lengths: ClosedRange<Int> = 1...255) -> ScalarType {
        ScalarType("a text") { text throws(ScalarFault) in
            let length = text.unicodeScalars.count
            guard lengths.contains(length) else {
                throw ScalarFault(
                    "is \(length) characters long",
                    "give \(lengths.lowerBound) to \(lengths.upperBound) characters"
                )
            }
            guard !text.unicodeScalars.contains(where: \.isControl) else {
                throw ScalarFault("holds a control character", "remove it")
            }
            return text
        }
    }

    /// A text of one or more lines, without control characters but the line ends; those at its end are dropped.
    static func lines(_ lengths: ClosedRange<Int>) -> ScalarType {
        let line = ScalarType.text(0...lengths.upperBound)
        let whole = ScalarType("a text") { text throws(ScalarFault) in
            let length = text.unicodeScalars.count
            guard lengths.contains(length) else {
                throw ScalarFault(
                    "is \(length) characters long",
                    "give \(lengths.lowerBound) to \(lengths.upperBound) characters"
                )
            }
            return text
        }
        return ScalarType("a text") { text throws(ScalarFault) in
            var lines: [String] = []
            for part in try whole.convert(text).split(separator: "\n", omittingEmptySubsequences: false) {
                lines.append(try line.convert(String(part)))
            }
            while lines.last?.isEmpty == true { lines.removeLast() }
            return lines.joined(separator: "\n")
        }
    }

    /// A text of ASCII letters, digits and the marks given.
    static func token(_ name: String, marks: String, _ lengths: ClosedRange<Int>) -> ScalarType {
        let text = ScalarType.text(lengths)
        return ScalarType(name) { value throws(ScalarFault) in
            let value = try text.convert(value)
            let isFit = value.unicodeScalars.allSatisfy { scalar in
                scalar.isASCIILetterOrDigit || marks.unicodeScalars.contains(scalar)
            }
            guard isFit else {
                let allowed = "use letters, digits and \(marks.map { "`\($0)`" }.joined(separator: " ")) only"
                throw ScalarFault("cannot be `\(clipped(value))`", allowed)
            }
            return value
        }
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is of Unicode's general category Cc: C0, delete, C1.
    var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    var isASCIILetterOrDigit: Bool { isASCIIDigit || ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
