// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

extension BodyReader {
    /// A text of one line: no control characters at all.
    func line(_ key: String, maximum: Int) throws(APIError) -> Field<String> {
        try string(key, maximum: maximum).map { (text) throws(APIError) in
            guard !text.unicodeScalars.contains(where: { $0.value < 32 || (127...159).contains($0.value) }) else {
                throw .invalid(name(key), "`\(name(key))` must be one line without control characters")
            }
            return text
        }
    }

    /// A text made of letters, digits and `marks`.
    func token(_ key: String, marks: String, _ lengths: ClosedRange<Int>) throws(APIError) -> Field<String> {
        try string(key, maximum: lengths.upperBound).map { (text) throws(APIError) in
            try Self.token(text, name: name(key), marks: marks, lengths)
        }
    }

    /// A list of texts made of letters, digits and `marks`, each once.
    func tokens(
        _ key: String,
        marks: String,
        _ lengths: ClosedRange<Int>,
        maximumCount: Int
    ) throws(APIError) -> Field<[String]> {
        try strings(key, maximumCount: maximumCount).map { (texts) throws(APIError) in
            var found: [String] = []
            for (place, text) in texts.enumerated() {
                let token = try Self.token(text, name: name("\(key)[\(place)]"), marks: marks, lengths)
                if !found.contains(token) { found.append(token) }
            }
            return found
        }
    }

    private static func token(
        _ text: String,
        name: String,
        marks: String,
        _ lengths: ClosedRange<Int>
    ) throws(APIError) -> String {
        let isFit = text.utf8.allSatisfy { byte in
            byte < 128 && (Character(Unicode.Scalar(byte)).isASCIILetterOrDigit || marks.utf8.contains(byte))
        }
        guard isFit, lengths.contains(text.utf8.count) else {
            throw .invalid(
                name,
                "`\(name)` must be \(lengths.lowerBound) to \(lengths.upperBound) letters, digits and "
                    + marks.map { "`\($0)`" }.joined(separator: " ")
            )
        }
        return text
    }

    /// A telephone number in international form; nil inside for the empty text, which takes it away.
    func telephoneNumber(_ key: String) throws(APIError) -> Field<E164Number?> {
        try string(key, maximum: 64).map { (text) throws(APIError) in
            if text.isEmpty { return nil }
            guard let number = E164Number(text) else {
                throw .invalid(
                    name(key),
                    "`\(name(key))` is no E.164 number: write `+`, the country code and the number, digits only"
                )
            }
            return number
        }
    }
}

extension Character {
    fileprivate var isASCIILetterOrDigit: Bool {
        isASCIIDigit || ("a"..."z").contains(self) || ("A"..."Z").contains(self)
    }
}
