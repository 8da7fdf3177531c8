// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy

/// Reads the keys of a request's body; a value of the wrong kind is a 400 that names the key.
package struct BodyReader: Sendable {
    /// The members that are read.
    let object: JSONObject
    private let path: String

    /// Makes a reader over an object.
    ///
    /// - Parameters:
    ///   - object: The body, or an object inside it.
    ///   - path: What stands before the keys in messages: empty, or such as `destinations[0].`.
    package init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The name of a key as messages give it.
    package func name(_ key: String) -> String { path + key }

    /// The value as it stands.
    package func raw(_ key: String) -> Field<JSONValue> {
        switch object[key] {
        case nil: .absent
        case .null: .null
        case let value?: .value(value)
        }
    }

    /// A text of at most so many characters, without control characters but line ends and tabs.
    package func string(_ key: String, maximum: Int = 255) throws(APIError) -> Field<String> {
        try raw(key).map { (value) throws(APIError) in
            guard let text = value.text else { throw wrong(key, "a string", value) }
            // JSON Schema counts code points; what a person sees as one character may have any number of them.
            guard text.unicodeScalars.count <= maximum else {
                throw .invalid(name(key), "`\(name(key))` may have \(maximum) characters at most")
            }
            let isClean = text.unicodeScalars.allSatisfy {
                $0.value >= 32 && $0.value != 127 || $0 == "\r" || $0 == "\n" || $0 == "\t"
            }
            guard isClean else { throw .invalid(name(key), "`\(name(key))` has control characters in it") }
            return text
        }
    }

    /// A text that must be there and not empty.
    package func requiredString(_ key: String, maximum: Int = 255) throws(APIError) -> String {
        guard let text = try string(key, maximum: maximum).value, !text.isEmpty else {
            throw .invalid(name(key), "`\(name(key))` is missing or empty")
        }
        return text
    }

    /// A whole number in a range.
    package func integer(_ key: String, in range: ClosedRange<Int64>) throws(APIError) -> Field<Int64> {
        try raw(key).map { (value) throws(APIError) in
            guard case .integer(let number) = value else { throw wrong(key, "a whole number", value) }
            guard range.contains(number) else {
                throw .invalid(
                    name(key),
                    "`\(name(key))` must be from \(range.lowerBound) to \(range.upperBound), not \(number)"
                )
            }
            return number
        }
    }

    /// True or false.
    package func boolean(_ key: String) throws(APIError) -> Field<Bool> {
        try raw(key).map { (value) throws(APIError) in
            guard case .boolean(let flag) = value else { throw wrong(key, "true or false", value) }
            return flag
        }
    }

    /// One of a few words.
    package func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String,
        _ type: Word.Type
    ) throws(APIError) -> Field<Word> {
        try string(key).map { (text) throws(APIError) in
            guard let word = Word(rawValue: text) else {
                let words = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw .invalid(name(key), "`\(name(key))` must be one of \(words)")
            }
            return word
        }
    }

    /// A UUID; the empty string and the zero UUID are `zero`.
    package func identifier(_ key: String) throws(APIError) -> Field<ResourceIdentifier> {
        try string(key).map { (text) throws(APIError) in
            if text.isEmpty { return .zero }
            guard let id = ResourceIdentifier(text) else {
                throw .invalid(name(key), "`\(name(key))` is not a UUID", reason: "INVALID_ID")
            }
            return id
        }
    }

    /// A list of texts.
    package func strings(_ key: String, maximumCount: Int) throws(APIError) -> Field<[String]> {
        try array(key, maximumCount: maximumCount).map { (values) throws(APIError) in
            var texts: [String] = []
            for (place, value) in values.enumerated() {
                guard let text = value.text else { throw wrong("\(key)[\(place)]", "a string", value) }
                texts.append(text)
            }
            return texts
        }
    }

    /// A list.
    package func array(_ key: String, maximumCount: Int) throws(APIError) -> Field<[JSONValue]> {
        try raw(key).map { (value) throws(APIError) in
            guard let elements = value.elements else { throw wrong(key, "a list", value) }
            guard elements.count <= maximumCount else {
                throw .invalid(name(key), "`\(name(key))` may have \(maximumCount) elements at most")
            }
            return elements
        }
    }

    /// An object, ready to be read.
    package func object(_ key: String) throws(APIError) -> Field<BodyReader> {
        try raw(key).map { (value) throws(APIError) in
            guard let members = value.members else { throw wrong(key, "an object", value) }
            return BodyReader(members, path: path + key + ".")
        }
    }

    /// A list of objects, each ready to be read.
    package func objects(_ key: String, maximumCount: Int) throws(APIError) -> Field<[BodyReader]> {
        try array(key, maximumCount: maximumCount).map { (values) throws(APIError) in
            var readers: [BodyReader] = []
            for (place, value) in values.enumerated() {
                guard let members = value.members else { throw wrong("\(key)[\(place)]", "an object", value) }
                readers.append(BodyReader(members, path: "\(path)\(key)[\(place)]."))
            }
            return readers
        }
    }

    private func wrong(_ key: String, _ wanted: String, _ value: JSONValue) -> APIError {
        .invalid(name(key), "`\(name(key))` must be \(wanted), not \(Self.words(value.kind))")
    }

    private static func words(_ kind: String) -> String {
        switch kind {
        case "boolean": "true or false"
        case "integer", "number": "a number"
        case "string": "a string"
        case "array": "a list"
        case "object": "an object"
        default: kind
        }
    }
}
