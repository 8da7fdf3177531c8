// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

extension Schema {
    /// Holds a value against this form.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - components: The schemas that `reference` names.
    ///   - path: Where the value stands, for the words.
    /// - Returns: What is not of the form, each with its place; empty when all is.
    package func problems(
        of value: JSONValue,
        components: [String: Schema],
        path: String = "$"
    ) -> [String] {
        switch (self, value) {
        case (.any, _), (.anyObject, .object), (.boolean, .boolean), (.number, .integer), (.number, .number): []
        case (.nullable, .null): []
        case (.nullable(let schema), _): schema.problems(of: value, components: components, path: path)
        case (.reference(let name), _):
            components[name]?.problems(of: value, components: components, path: path)
                ?? ["\(path): there is no schema `\(name)`"]
        case (.integer(let range), .integer(let number)):
            range?.contains(number) ?? true ? [] : ["\(path): \(number) is out of range"]
        case (.string(let format, let length, let values), .string(let text)):
            Self.problems(of: text, format, length, values, path)
        case (.array(let element, let count), .array(let elements)):
            (elements.count > count ?? .max ? ["\(path): \(elements.count) elements are too many"] : [])
                + elements.enumerated().flatMap {
                    element.problems(of: $1, components: components, path: "\(path)[\($0)]")
                }
        case (.object(let properties), .object(let object)):
            properties.flatMap { property in
                guard let member = object[property.key] else {
                    return property.isRequired ? ["\(path).\(property.key): is missing"] : []
                }
                return property.schema.problems(
                    of: member,
                    components: components,
                    path: "\(path).\(property.key)"
                )
            }
        default: ["\(path): is \(value.kind), which it may not be"]
        }
    }

    private static func problems(
        of text: String,
        _ format: String?,
        _ length: Int?,
        _ values: [String]?,
        _ path: String
    ) -> [String] {
        var problems: [String] = []
        if let values, !values.contains(text) { problems.append("\(path): `\(text)` is not allowed") }
        if let length, text.unicodeScalars.count > length { problems.append("\(path): is longer than \(length)") }
        switch format {
        case "uuid" where ResourceIdentifier(text) == nil: problems.append("\(path): `\(text)` is no UUID")
        case "date-time" where !text.contains("T") || !text.hasSuffix("Z") || Timestamp.parse(text) == nil:
            problems.append("\(path): `\(text)` is no time of RFC 3339")
        default: break
        }
        return problems
    }
}
