// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumberingPlan
import Testing

/// What a number in international form is.
struct NumberExpectation: Sendable, CustomTestStringConvertible {
    let number: String
    let country: String
    let kind: NumberClass

    init(_ number: String, _ country: String, _ kind: NumberClass) {
        self.number = number
        self.country = country
        self.kind = kind
    }

    var testDescription: String { "\(number) \(country) \(kind)" }
}

/// The tab-separated fields of the lines of a golden sample.
func fixture(_ name: String) throws -> [[String]] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
        line.split(separator: "\t").map(String.init)
    }
}

/// The dialling inside a region, by its two letters; `ta` too, which `Country` does not read.
func dialledRegion(_ code: String) throws -> DialledRegion {
    let tristanDaCunha = E164Number("+2908999").flatMap { NumberingPlan.classify($0).country }
    let country = try #require(code == "ta" ? tristanDaCunha : Country(code))
    return try #require(DialledRegion(country))
}
