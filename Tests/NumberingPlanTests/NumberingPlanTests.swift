// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumberingPlan
import Testing

@Suite("Numbering plan")
struct NumberingPlanTests {
    private func classify(_ text: String) throws -> NumberClassification {
        NumberingPlan.classify(try #require(E164Number(text)))
    }

    @Test("The golden sample: every line is what libphonenumber says")
    func golden() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/numbers.tsv")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count >= 2000)
        for line in lines {
            let fields = line.split(separator: "\t").map(String.init)
            try #require(fields.count == 3)
            let found = try classify(fields[0])
            #expect(found.country?.description ?? "-" == fields[1], "\(line)")
            #expect(found.kind.description == fields[2], "\(line)")
        }
    }

    @Test(
        "Where no range holds the number the calling code's main country takes it",
        arguments: [
            .init("+15551234567", "us", .unassigned), .init("+19112345678", "us", .unassigned),
            .init("+1555123", "us", .unassigned), .init("+449999999999999", "gb", .unassigned),
            .init("+82999999999999", "kr", .unassigned),
        ] as [NumberExpectation]
    )
    func mainCountry(_ expected: NumberExpectation) throws {
        let found = try classify(expected.number)
        #expect(found.country?.description == expected.country)
        #expect(found.kind == expected.kind)
    }

    @Test("Global services and unassigned calling codes belong to no country")
    func noCountry() throws {
        for code: UInt16 in [800, 808, 870, 878, 881, 882, 883, 888, 979] {
            let found = try classify("+\(code)12345678")
            #expect(found.country == nil)
            #expect(found.callingCode == code)
        }
        #expect(try classify("+80012345678").kind == .globalService)
        #expect(try classify("+979123456789").kind == .globalService)
        for unknown in ["+21012345678", "+99912345678", "+80112345678", "+2155555555"] {
            #expect(try classify(unknown) == NumberClassification(country: nil, kind: .unassigned, callingCode: nil))
        }
    }

    @Test("A national prefix behind the calling code is seen through, and said")
    func nationalPrefix() throws {
        let stray = try classify("+4401481256789")
        #expect(stray.country == Country("gg"))
        #expect(stray.hasNationalPrefix)
        #expect(try !classify("+441481256789").hasNationalPrefix)
        #expect(try !classify("+390612345678").hasNationalPrefix)
        #expect(try classify("+78771234567").callingCode == 7)
    }

    @Test("No value of any length stops a lookup, and a known calling code has its country")
    func anyValue() throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<100_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var value = state >> 14
            while value > 999_999_999_999_999 { value /= 10 }
            guard let number = E164Number(value: value) else { continue }
            let found = NumberingPlan.classify(number)
            if let code = found.callingCode {
                #expect(number.description.hasPrefix("+\(code)"))
            } else {
                #expect(found.country == nil && found.kind == .unassigned)
            }
        }
    }

    @Test("Every country the table names may be whitelisted, but ta")
    func whitelistable() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/numbers.tsv")
        var seen: Set<Country> = []
        for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            let number = String(line.prefix { $0 != "\t" })
            if let country = try classify(number).country { seen.insert(country) }
        }
        #expect(seen.count > 240)
        #expect(seen.filter { !$0.isAssigned }.map(\.description) == ["ta"])
        #expect(NumberingPlan.metadataVersion.hasPrefix("libphonenumber "))
    }
}
