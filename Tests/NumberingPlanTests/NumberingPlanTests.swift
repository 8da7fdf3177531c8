// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumberingPlan
import Testing

@Suite("Numbering plan")
struct NumberingPlanTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
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
        "A calling code that countries share is told apart",
        arguments: [
            .init("+12125551234", "us", .fixedOrMobile), .init("+14165551234", "ca", .fixedOrMobile),
            .init("+18765551234", "jm", .mobile), .init("+16582345678", "jm", .mobile),
            .init("+17872345678", "pr", .fixedOrMobile), .init("+18092345678", "do", .fixedOrMobile),
            .init("+12423456789", "bs", .fixed), .init("+13402345678", "vi", .unassigned),
            .init("+74951234567", "ru", .fixed), .init("+77271234567", "kz", .unassigned),
            .init("+77710009998", "kz", .mobile), .init("+390612345678", "it", .fixed),
            .init("+390669812345", "va", .fixed), .init("+442071838750", "gb", .fixed),
            .init("+441481256789", "gg", .fixed), .init("+441534456789", "je", .fixed),
            .init("+441624756789", "im", .fixed), .init("+4722123456", "no", .fixed),
            .init("+4779123456", "sj", .fixed), .init("+61212345678", "au", .fixed),
            .init("+61891621234", "cc", .fixed), .init("+61891641234", "cx", .fixed),
            .init("+212520123456", "ma", .fixed), .init("+212528812345", "ma", .fixed),
            .init("+262262161234", "re", .fixed), .init("+262269601234", "yt", .fixed),
            .init("+29022158", "sh", .fixed), .init("+2908999", "ta", .fixed),
            .init("+358131234567", "fi", .fixed), .init("+358181234567", "ax", .fixed),
            .init("+590590201234", "gp", .fixed), .init("+590590271234", "bl", .fixed),
            .init("+590590504471", "mf", .fixed), .init("+59994351234", "cw", .fixed),
            .init("+5997151234", "bq", .fixed), .init("+24762889", "ac", .fixed), .init("+38328012345", "xk", .fixed),
        ] as [Expectation]
    )
    func sharedCodes(_ expected: Expectation) throws {
        let found = try classify(expected.number)
        #expect(found.country?.description == expected.country)
        #expect(found.kind == expected.kind)
    }

    @Test(
        "Premium and other priced classes inside a country are seen",
        arguments: [
            .init("+19002345678", "us", .premium), .init("+449098790123", "gb", .premium),
            .init("+4409098790123", "gb", .premium), .init("+3758101234567", "by", .premium),
            .init("+39899123456", "it", .premium), .init("+448451234567", "gb", .premium),
            .init("+39848123456", "it", .sharedCost),
            .init("+447012345678", "gb", .personal), .init("+18005551234", "us", .tollFree),
            .init("+821012345678", "kr", .mobile), .init("+445612345678", "gb", .voip),
        ] as [Expectation]
    )
    func classes(_ expected: Expectation) throws {
        let found = try classify(expected.number)
        #expect(found.country?.description == expected.country)
        #expect(found.kind == expected.kind)
    }

    @Test(
        "Where no range holds the number the calling code's main country takes it",
        arguments: [
            .init("+15551234567", "us", .unassigned), .init("+19112345678", "us", .unassigned),
            .init("+1555123", "us", .unassigned), .init("+449999999999999", "gb", .unassigned),
            .init("+82999999999999", "kr", .unassigned),
        ] as [Expectation]
    )
    func mainCountry(_ expected: Expectation) throws {
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
