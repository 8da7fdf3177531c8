// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

@testable import ControlAPI

/// Where a value is not of the form that the document gives a component, by paths; empty for one that is.
func mismatches(_ value: JSONValue, component name: String) -> [String] {
    mismatches(value, .reference(name), "")
}

private func mismatches(_ value: JSONValue, _ schema: Schema, _ path: String) -> [String] {
    switch (schema, value) {
    case (.reference(let name), _):
        let found = ControlAPI.resources.flatMap { $0.schemas }.first { $0.name == name }
        return found.map { mismatches(value, $0.schema, path) } ?? ["\(path): no component \(name)"]
    case (.nullable(let inner), _): return value == .null ? [] : mismatches(value, inner, path)
    case (.any, _), (.anyObject, .object), (.boolean, .boolean), (.number, .number), (.number, .integer),
        (.integer(nil), .integer):
        return []
    case (.integer(let range?), .integer(let number)): return range.contains(number) ? [] : ["\(path): \(number)"]
    case (.string(let format, let length, let values), .string(let text)):
        let isFit = values?.contains(text) ?? true && text.unicodeScalars.count <= length ?? .max && fits(text, format)
        return isFit ? [] : ["\(path): `\(text)`"]
    case (.array(let inner, let count), .array(let elements)):
        return (elements.count <= count ?? .max ? [] : ["\(path): \(elements.count) elements"])
            + elements.enumerated().flatMap { mismatches($1, inner, "\(path)[\($0)]") }
    case (.object(let properties), .object(let object)):
        return properties.flatMap { property -> [String] in
            let path = "\(path).\(property.key)"
            guard let member = object[property.key] else { return property.isRequired ? ["\(path): missing"] : [] }
            return mismatches(member, property.schema, path)
        } + object.members.map(\.key).filter { key in !properties.contains { $0.key == key } }.map { "\(path): \($0)" }
    default: return ["\(path): \(value.kind)"]
    }
}

private func fits(_ text: String, _ format: String?) -> Bool {
    switch format {
    case "uuid": ResourceIdentifier(text) != nil
    case "date-time": text.hasSuffix("Z") && Timestamp.parse(text) != nil
    default: true
    }
}
