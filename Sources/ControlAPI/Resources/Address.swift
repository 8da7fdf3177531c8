// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Someone to call or who calls, as the documents write it.
struct Address: Hashable, Sendable {
    /// What kind: `tel`, `sip`, `extension`, …; empty when the request did not say.
    var type = ""
    /// The number, URI or name.
    var target = ""
    /// The target's name, as it is shown.
    var targetName = ""
    /// What the customer calls it.
    var name = ""
    /// What the customer knows of it.
    var detail = ""

    /// Reads an address; nil for an object that names no target in any way.
    init?(_ body: BodyReader?) throws(APIError) {
        guard let body else { return nil }
        type = try body.string("type", maximum: 32).value ?? ""
        target = try body.string("target").value ?? ""
        targetName = try body.string("target_name").value ?? ""
        name = try body.string("name").value ?? ""
        detail = try body.string("detail", maximum: 4096).value ?? ""
        guard !(target.isEmpty && targetName.isEmpty) else { return nil }
    }

    /// Refuses a telephone number that is not `+` and 7 to 15 digits: nothing is stripped in silence.
    func checkTelephoneNumber(_ field: String) throws(APIError) {
        guard type == "tel" else { return }
        guard target.hasPrefix("+"), E164Number(target) != nil else {
            throw .invalid(
                field,
                "`\(target.prefix(32))` is not an E.164 number: write `+`, the country code and the number, digits only"
            )
        }
    }

    /// The address as answered: every key.
    var json: JSONValue {
        [
            "type": .string(type), "target": .string(target), "target_name": .string(targetName),
            "name": .string(name), "detail": .string(detail),
        ]
    }

    /// A stored address with its keys in the order of the documents, which reading it back has lost.
    static func ordered(_ value: JSONValue) -> JSONValue {
        guard let members = value.members else { return .null }
        return .object(
            JSONObject(["type", "target", "target_name", "name", "detail"].map { ($0, members[$0] ?? "") })
        )
    }

    static let schema = Schema.answer([
        ("type", .text), ("target", .text), ("target_name", .text), ("name", .text), ("detail", .text),
    ])

    static let requestSchema = Schema.object([
        .optional("type", .string(maximumLength: 32), "`tel`, `sip`, `extension`"),
        .optional("target", .string(maximumLength: 255), "The number in E.164 form, the URI, or the name."),
        .optional("target_name", .string(maximumLength: 255)), .optional("name", .string(maximumLength: 255)),
        .optional("detail", .string(maximumLength: 4096)),
    ])
}
