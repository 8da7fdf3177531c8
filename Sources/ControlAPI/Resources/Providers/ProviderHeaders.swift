// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// A provider's `tech_headers`: header fields that every INVITE toward it carries.
enum ProviderHeaders {
    private static let maximumCount = 32

    /// Reads an object of names and values.
    static func read(_ body: BodyReader) throws(APIError) -> Field<[FixedHeader]> {
        try body.raw("tech_headers").map { (value) throws(APIError) in
            let field = body.name("tech_headers")
            guard let members = value.members?.members else {
                throw .invalid(field, "`\(field)` must be an object of header field names and values")
            }
            guard members.count <= maximumCount else {
                throw .invalid(field, "`\(field)` may have \(maximumCount) header fields at most")
            }
            var headers: [FixedHeader] = []
            for member in members {
                let header = try header(member, field)
                guard !headers.contains(where: { $0.name.lowercased() == header.name.lowercased() }) else {
                    throw .invalid(field, "`\(field)` names `\(header.name)` twice: case makes no difference")
                }
                headers.append(header)
            }
            return headers
        }
    }

    private static func header(_ member: JSONObject.Member, _ field: String) throws(APIError) -> FixedHeader {
        let name = printable(member.key)
        guard let text = member.value.text else {
            throw .invalid(field, "`\(field)` must hold a string under `\(name)`")
        }
        do throws(FixedHeaderDefect) {
            return try FixedHeader(name: member.key, value: text)
        } catch {
            throw .invalid(field, "`\(field)` may not hold `\(name)`: \(words(error))")
        }
    }

    private static func words(_ defect: FixedHeaderDefect) -> String {
        switch defect {
        case .name: "a header field name has 2 to 64 letters, digits and `-`"
        case .identity: "who calls is said by the gateway's own rules"
        case .credentials: "`username` and `password` answer challenges"
        case .composed: "the gateway writes or passes this header field itself"
        case .value: "a value is one line of 1 to \(FixedHeader.longestValue) octets"
        }
    }

    private static func printable(_ key: String) -> String {
        String(key.unicodeScalars.prefix(64).map { $0.value > 32 && $0.value < 127 ? Character($0) : "?" })
    }

    /// The header fields as they are answered.
    static func json(_ headers: [FixedHeader]) -> JSONValue {
        .object(JSONObject(headers.map { ($0.name, .string($0.value)) }))
    }
}
