// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Calling codes that countries share")
struct SharedCallingCodeTests {
    private func expect(_ expected: NumberExpectation) throws {
        let found = NumberingPlan.classify(try #require(E164Number(expected.number)))
        #expect(found.country?.description == expected.country)
        #expect(found.kind == expected.kind)
    }

    private static let northAmerican: [NumberExpectation] = [
        .init("+12015550123", "us", .fixedOrMobile), .init("+12125551234", "us", .fixedOrMobile),
        .init("+12042345678", "ca", .fixedOrMobile), .init("+14165551234", "ca", .fixedOrMobile),
        .init("+15062345678", "ca", .fixedOrMobile), .init("+12423456789", "bs", .fixed),
        .init("+12464123456", "bb", .fixed), .init("+12642351234", "ai", .mobile),
        .init("+12684601234", "ag", .fixed), .init("+12843001234", "vg", .mobile),
        .init("+13406421234", "vi", .fixedOrMobile), .init("+13402345678", "vi", .unassigned),
        .init("+13452221234", "ky", .fixed), .init("+14413701234", "bm", .mobile),
        .init("+14732691234", "gd", .fixed), .init("+16497121234", "tc", .fixed),
        .init("+16582345678", "jm", .mobile), .init("+18765551234", "jm", .mobile),
        .init("+16644912345", "ms", .fixed), .init("+16702345678", "mp", .fixedOrMobile),
        .init("+16713001234", "gu", .fixedOrMobile), .init("+16846221234", "as", .fixed),
        .init("+17215205678", "sx", .mobile), .init("+17584305678", "lc", .fixed),
        .init("+17674201234", "dm", .fixed), .init("+17842661234", "vc", .fixed),
        .init("+17872345678", "pr", .fixedOrMobile), .init("+19392345678", "pr", .fixedOrMobile),
        .init("+18092345678", "do", .fixedOrMobile), .init("+18292345678", "do", .fixedOrMobile),
        .init("+18492345678", "do", .fixedOrMobile), .init("+18682911234", "tt", .mobile),
        .init("+18692361234", "kn", .fixed),
    ]

    @Test("+1: twenty-five countries, told apart by area code", arguments: northAmerican)
    func calling1(_ expected: NumberExpectation) throws {
        try expect(expected)
    }

    private static let others: [NumberExpectation] = [
        .init("+73011234567", "ru", .fixed), .init("+74951234567", "ru", .fixed), .init("+79123456789", "ru", .mobile),
        .init("+77123456789", "kz", .fixed), .init("+77271234567", "kz", .unassigned),
        .init("+77710009998", "kz", .mobile),
        .init("+390612345678", "it", .fixed), .init("+390669812345", "va", .fixed),
        .init("+393123456789", "it", .mobile),
        .init("+442071838750", "gb", .fixed), .init("+447400123456", "gb", .mobile),
        .init("+441481256789", "gg", .fixed), .init("+447781123456", "gg", .mobile),
        .init("+441534456789", "je", .fixed), .init("+447797712345", "je", .mobile),
        .init("+441624756789", "im", .fixed),
        .init("+4722123456", "no", .fixed), .init("+4740612345", "no", .mobile), .init("+4779123456", "sj", .fixed),
        .init("+61212345678", "au", .fixed), .init("+61412345678", "au", .mobile),
        .init("+61891621234", "cc", .fixed), .init("+61891641234", "cx", .fixed),
        .init("+212520123456", "ma", .fixed), .init("+212650123456", "ma", .mobile),
        // The metadata's leading digits of ma hold every number, so none is Western Sahara's.
        .init("+212528812345", "ma", .fixed),
        .init("+262262161234", "re", .fixed), .init("+262692123456", "re", .mobile),
        .init("+262269601234", "yt", .fixed), .init("+262639012345", "yt", .mobile),
        .init("+29022158", "sh", .fixed), .init("+29051234", "sh", .mobile), .init("+2908999", "ta", .fixed),
        .init("+358131234567", "fi", .fixed), .init("+358412345678", "fi", .mobile),
        .init("+358181234567", "ax", .fixed),
        .init("+590590201234", "gp", .fixed), .init("+590690001234", "gp", .mobile),
        .init("+590590271234", "bl", .fixed), .init("+590590504471", "mf", .fixed),
        .init("+59994351234", "cw", .fixed), .init("+59995181234", "cw", .mobile),
        .init("+5997151234", "bq", .fixed), .init("+5993181234", "bq", .mobile),
        .init("+24762889", "ac", .fixed), .init("+38328012345", "xk", .fixed),
    ]

    @Test("+7, +39, +44, +47, +61, +212, +262, +290, +358, +590, +599 are told apart", arguments: others)
    func callingOthers(_ expected: NumberExpectation) throws {
        try expect(expected)
    }

    @Test("Every region of the metadata whose calling code is not its own is among the cases")
    func completeness() throws {
        var regionsByCode: [String: Set<String>] = [:]
        for fields in try fixture("regions.tsv") {
            regionsByCode[fields[1], default: []].insert(fields[0])
        }
        let shared = regionsByCode.values.filter { $0.count > 1 }.reduce(into: Set<String>()) { $0.formUnion($1) }
        let named = Set((Self.northAmerican + Self.others).map(\.country))
        #expect(shared.subtracting(named) == ["eh"])
        #expect(shared.count >= 50)
    }

    @Test("Every area code of +1, assigned or not, has a country of calling code 1")
    func areaCodes() throws {
        for area in 200...999 {
            let found = NumberingPlan.classify(try #require(E164Number("+1\(area)2345678")))
            #expect(found.callingCode == 1)
            let country = try #require(found.country)
            #expect(DialledRegion(country)?.callingCode == 1)
        }
    }
}
