// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

extension PolicySettings {
    init(_ fields: Fields) {
        self.init()
        rules.requiresVerifiedIdentity =
            fields.value("require_verified_identity", .boolean) ?? rules.requiresVerifiedIdentity
        if let numbers = fields.list("emergency_numbers", .emergencyNumber) {
            rules.emergencyNumbers = Set(numbers.map(\.value))
        }
        passHeaders = fields.list("pass_headers", .passedHeader)?.map(\.value) ?? passHeaders
    }
}

extension ScalarType where Value == String {
    fileprivate static var emergencyNumber: ScalarType {
        ScalarType("an emergency number") { text throws(ScalarFault) in
            let isDialled = text.unicodeScalars.allSatisfy { $0.isASCIIDigit || "*#+".unicodeScalars.contains($0) }
            guard isDialled, (2...16).contains(text.utf8.count), text.utf8.contains(where: { $0 >= 0x30 }) else {
                throw ScalarFault(
                    "cannot hold `\(clipped(text))`",
                    "give 2 to 16 digits as they are dialled, for example \"112\""
                )
            }
            return text
        }
    }

    /// A header field name that may be let across; those that would undo a rule are refused.
    fileprivate static var passedHeader: ScalarType {
        let token = ScalarType.token("a header field name", marks: "-.!%*_+`'~", 2...64)
        return ScalarType("a header field name") { text throws(ScalarFault) in
            let name = try token.convert(text)
            switch HeaderOwner.of(name) {
            case .identity:
                throw ScalarFault(
                    "cannot hold `\(name)`, which says who calls",
                    "remove it: the policy writes identities"
                )
            case .credentials:
                throw ScalarFault("cannot hold `\(name)`, which proves who calls", "remove it: credentials never cross")
            case .composed where HeaderOwner.isOfLeg(name):
                throw ScalarFault("cannot hold `\(name)`, which each leg has of its own", "remove it")
            case .composed, nil: break
            }
            return name
        }
    }
}
