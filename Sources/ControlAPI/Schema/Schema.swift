// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The form of a JSON value, as much of JSON Schema 2020-12 as the API needs.
package indirect enum Schema: Hashable, Sendable {
    /// A text, at most so many characters long; `format` such as `uuid` or `date-time`; `values` when few are allowed.
    case string(format: String? = nil, maximumLength: Int? = nil, values: [String]? = nil)
    /// A whole number.
    case integer(ClosedRange<Int64>? = nil)
    /// Any number.
    case number
    /// True or false.
    case boolean
    /// A list.
    case array(Schema, maximumCount: Int? = nil)
    /// An object with these keys; others are allowed and ignored.
    case object([Property])
    /// Any object.
    case anyObject
    /// Anything at all.
    case any
    /// This form or null.
    case nullable(Schema)
    /// A schema of the components, by name.
    case reference(String)

    /// A key of an object.
    package struct Property: Hashable, Sendable {
        /// The key.
        package var key: String
        /// The form of its value.
        package var schema: Schema
        /// Whether it must be there.
        package var isRequired: Bool
        /// What it means; empty for nothing to say.
        package var summary: String

        /// Makes a property; by default one that may be left out.
        package init(_ key: String, _ schema: Schema, required: Bool = false, _ summary: String = "") {
            self.key = key
            self.schema = schema
            isRequired = required
            self.summary = summary
        }
    }

    /// A UUID.
    package static let uuid = Schema.string(format: "uuid")
    /// A time of RFC 3339.
    package static let time = Schema.string(format: "date-time")
    /// A text without further form.
    package static let text = Schema.string()

    /// An answer object: every key is always there.
    package static func answer(_ properties: [(String, Schema)]) -> Schema {
        .object(properties.map { Property($0.0, $0.1, required: true) })
    }

    /// The list envelope around a schema of the components.
    package static func page(of name: String) -> Schema {
        .answer([("result", .array(.reference(name))), ("next_page_token", .text)])
    }

    /// The schema as JSON Schema.
    package var document: JSONValue {
        switch self {
        case .string(let format, let length, let values): Self.string(format, length, values)
        case .integer(let range):
            range.map { ["type": "integer", "minimum": .integer($0.lowerBound), "maximum": .integer($0.upperBound)] }
                ?? ["type": "integer"]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .array(let element, let count):
            .object(
                JSONObject(
                    [("type", "array"), ("items", element.document)]
                        + (count.map { [("maxItems", .integer(Int64($0)))] } ?? [])
                )
            )
        case .object(let properties): Self.object(properties)
        case .anyObject: ["type": "object"]
        case .any: [:]
        case .nullable(let schema): ["anyOf": [schema.document, ["type": "null"]]]
        case .reference(let name): ["$ref": .string("#/components/schemas/\(name)")]
        }
    }

    private static func string(_ format: String?, _ length: Int?, _ values: [String]?) -> JSONValue {
        var document = JSONObject([("type", "string")])
        document["format"] = format.map { .string($0) }
        document["maxLength"] = length.map { .integer(Int64($0)) }
        document["enum"] = values.map { .array($0.map { .string($0) }) }
        return .object(document)
    }

    private static func object(_ properties: [Property]) -> JSONValue {
        var members = JSONObject()
        for property in properties {
            var document = property.schema.document
            if !property.summary.isEmpty, case .object(var object) = document {
                object["description"] = .string(property.summary)
                document = .object(object)
            }
            members[property.key] = document
        }
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.key) }
        var document = JSONObject([("type", "object"), ("properties", .object(members))])
        if !required.isEmpty { document["required"] = .array(required) }
        return .object(document)
    }
}
