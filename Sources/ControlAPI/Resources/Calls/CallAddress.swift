// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import NumberingPlan

/// An address of a request: one end of a call as a customer writes it.
struct CallAddress: Hashable, Sendable {
    /// The kind of address; nil when the request leaves it open.
    let type: String?
    /// The address itself.
    let target: String
    /// The name that belongs to it.
    let targetName: String
    private let field: String

    /// Reads an address; its free texts `name` and `detail` are only checked.
    init(_ body: BodyReader) throws(APIError) {
        let type = try body.string("type", maximum: 32).value ?? ""
        self.type = type.isEmpty ? nil : type
        target = try Self.line(body, "target")
        targetName = try Self.line(body, "target_name")
        _ = try body.string("name")
        _ = try body.string("detail")
        field = body.name("target")
    }

    private static func line(_ body: BodyReader, _ key: String) throws(APIError) -> String {
        let text = try body.string(key).value ?? ""
        // These go into header fields.
        guard !text.unicodeScalars.contains(where: { "\r\n\t".unicodeScalars.contains($0) }) else {
            throw .invalid(body.name(key), "`\(body.name(key))` must be one line without tabs")
        }
        return text
    }

    /// The address as a destination.
    ///
    /// - Throws: 400 for a kind that cannot be called, and for a target that is none of its kind.
    func destination() throws(APIError) -> PlacedDestination {
        switch type ?? inferredType {
        case "tel": return .telephone(try telephone())
        case "sip": return .sipURI(try sipURI())
        case "endpoint": return target.contains("@") ? .sipURI(try sipURI()) : .extensionName(try extensionName())
        case "extension": return .extensionName(try extensionName())
        case "agent":
            throw .invalid(field, "agents cannot be called here; call the agent's extension or number instead")
        case let other:
            throw .invalid(field, "an address of type `\(other)` cannot be called; use tel, sip or extension")
        }
    }

    /// The address as the caller's own: a telephone number, or for the other types any text; empty for none.
    ///
    /// - Throws: 400 for a telephone number that is not in international form.
    func source() throws(APIError) -> String {
        guard !target.isEmpty else { return "" }
        if type == nil ? !target.contains("@") : type == "tel" { return try telephone() }
        return target
    }

    /// The kind of a destination that comes without one, as its text shows it.
    private var inferredType: String {
        if target.hasPrefix("+") { return "tel" }
        if target.contains("@") || Self.scheme(of: target) != nil { return "sip" }
        // Digits alone are an extension; with separators among them someone meant a telephone number.
        let isWritten = target.contains { "-.() /".contains($0) } && target.contains(where: \.isASCIIDigit)
        return isWritten && target.allSatisfy({ $0.isASCIIDigit || "-.() /".contains($0) }) ? "tel" : "extension"
    }

    private func telephone() throws(APIError) -> String {
        guard let number = E164Number(target) else {
            throw .invalid(
                field,
                "`\(field)` must be a number in E.164 form: `+` and 7 to 15 digits, without blanks or dashes"
            )
        }
        return number.description
    }

    private func extensionName() throws(APIError) -> String {
        let name = targetName.isEmpty ? target : targetName
        guard !name.isEmpty else { throw .invalid(field, "`\(field)` is missing: name the extension") }
        return name
    }

    private func sipURI() throws(APIError) -> String {
        let scheme = Self.scheme(of: target)
        let rest = scheme.map { target.dropFirst($0.count) } ?? target[...]
        let halves = rest.split(separator: "@", omittingEmptySubsequences: false)
        let isWritten = rest.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>\"\\^`{|}".utf8.contains($0) }
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty }), isWritten else {
            throw .invalid(field, "`\(field)` must be a SIP address such as `alice@example.com`")
        }
        return (scheme?.lowercased() ?? "sip:") + rest
    }

    private static func scheme(of text: String) -> Substring? {
        for scheme in ["sips:", "sip:"] where text.lowercased().hasPrefix(scheme) { return text.prefix(scheme.count) }
        return nil
    }
}

extension CallAddress {
    /// An address as answers show it: every key is there.
    static func json(_ type: String, _ target: String, name: String = "") -> JSONValue {
        [
            "type": .string(type), "target": .string(target), "target_name": .string(name), "name": "", "detail": "",
        ]
    }

    /// The form of an address in answers.
    static let schema = Schema.answer(keys.map { ($0, .text) })
    /// The keys of an address in order.
    static let keys = ["type", "target", "target_name", "name", "detail"]

    /// The form of an address in bodies.
    static let bodySchema = Schema.object([
        .init("type", .string(maximumLength: 32), "tel, sip, extension or endpoint; read off the target when absent."),
        .init("target", .string(maximumLength: 255), "The number in E.164 form, the SIP address or the extension."),
        .init("target_name", .string(maximumLength: 255), "Of a source the name shown; of an extension its name."),
        .init("name", .string(maximumLength: 255)), .init("detail", .string(maximumLength: 255)),
    ])
}
