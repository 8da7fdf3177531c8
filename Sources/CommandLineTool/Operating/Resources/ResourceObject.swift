// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import ControlAPI

/// One thing as the API answers it.
struct ResourceObject: Hashable, Sendable {
    /// What was answered.
    let value: JSONValue

    init(_ value: JSONValue) { self.value = value }

    /// The value under a key.
    subscript(key: String) -> JSONValue? { value.members?[key] }

    /// The value under a key as people read it; empty for one that is not there or means none.
    func text(_ key: String) -> String {
        self[key].map(Self.text) ?? ""
    }

    /// The whole number under a key; nil when there is none.
    func integer(_ key: String) -> Int64? {
        if case .integer(let number)? = self[key] { number } else { nil }
    }

    /// A value as people read it: null and the zero identity are empty, times are without their fraction.
    static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .boolean(let isTrue): return isTrue ? "yes" : "no"
        case .integer(let number): return "\(number)"
        case .number(let number): return "\(number)"
        case .string(let text): return text == ResourceIdentifier.zero.description ? "" : brief(text)
        case .array(let elements): return elements.map(Self.text).joined(separator: ", ")
        case .object: return value.serialized
        }
    }

    // The API's times are RFC 3339, in UTC.
    private static func brief(_ text: String) -> String {
        let isTime = text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil
        return isTime ? String(text.prefix(19)).replacing("T", with: " ") : text
    }

    /// Everything that has a value, nested keys joined by dots; what it is called first, times last.
    func pairs(named names: [String] = []) -> [(key: String, text: String)] {
        let flat = Self.flat(value, under: "")
        func rank(_ key: String) -> Int {
            if let place = names.firstIndex(of: key) { return place }
            return names.count + (key.hasPrefix("tm_") ? 1 : 0)
        }
        return flat.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
    }

    private static func flat(_ value: JSONValue, under path: String) -> [(key: String, text: String)] {
        guard let members = value.members else {
            let text = text(value)
            return text.isEmpty ? [] : [(path, text)]
        }
        return members.members.flatMap { flat($0.value, under: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
}
