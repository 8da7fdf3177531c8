// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Dialled region")
struct RegionTests {
    @Test("The facts of every region are the metadata's")
    func facts() throws {
        let lines = try fixture("regions.tsv")
        #expect(lines.count == 245)
        for fields in lines {
            try #require(fields.count == 5)
            let region = try dialledRegion(fields[0])
            #expect(region.country.description == fields[0])
            #expect("\(region.callingCode)" == fields[1])
            #expect(region.nationalPrefix == (fields[2] == "-" ? "" : fields[2]))
            #expect("\(region.nationalLengths.lowerBound)-\(region.nationalLengths.upperBound)" == fields[3])
            let numbers = fields[4] == "-" ? [] : fields[4].split(separator: " ").map(String.init)
            #expect(region.emergencyNumbers == numbers, "\(fields[0])")
            for number in numbers {
                #expect(region.isEmergency(try #require(LocalNumber(number))), "\(fields[0]) \(number)")
            }
        }
    }

    @Test("All regions but ta are listed, each once")
    func all() throws {
        let listed = DialledRegion.all.map(\.country.description)
        #expect(listed == listed.sorted())
        let known = try fixture("regions.tsv").map { $0[0] }
        #expect(Set(known).subtracting(listed) == ["ta"])
        #expect(listed.count == 244)
    }

    @Test("A country without numbers of its own has no plan", arguments: ["aq", "bv", "gs", "hm", "pn", "tf", "um"])
    func unknown(_ code: String) throws {
        #expect(DialledRegion(try #require(Country(code))) == nil)
    }

    @Test(
        "The usual international prefix is what people dial",
        arguments: [
            ("gb", "00"), ("kr", "001"), ("us", "011"), ("jm", "011"), ("au", "0011"), ("cx", "0011"), ("jp", "010"),
            ("ru", "810"), ("kz", "810"), ("by", "810"), ("ua", "00"), ("fi", "00"), ("hk", "00"), ("mx", "00"),
            ("br", "0012"), ("th", "001"), ("id", "008"), ("tw", "002"), ("cu", "119"), ("ng", "009"), ("ke", "000"),
            ("ws", "0"), ("mu", "020"),
        ]
    )
    func internationalPrefix(_ code: String, _ prefix: String) throws {
        let region = try dialledRegion(code)
        #expect(region.internationalPrefix == prefix)
        let digits = try #require(LocalNumber(prefix + "442079460000"))
        if prefix != "0" { #expect(region.internationalPrefixCount(in: digits) == prefix.count) }
    }

    @Test("Every region's usual prefix is one it reads")
    func usualPrefixes() throws {
        for region in DialledRegion.all {
            let foreign = region.callingCode == 44 ? "12125551234" : "442079460000"
            let digits = try #require(LocalNumber(region.internationalPrefix + foreign))
            #expect(
                region.internationalPrefixCount(in: digits) == region.internationalPrefix.count,
                "\(region.country)"
            )
        }
    }

    @Test(
        "An international prefix is counted as the plan has it, carrier codes included",
        arguments: [
            ("gb", "00442079460000", 2), ("us", "01182101234567", 3), ("us", "0018210123", 0),
            ("au", "00118210123456", 4), ("au", "0018210123456", 4), ("au", "1411001182101234", 8),
            ("jp", "01012125551234", 3), ("kr", "00212125551234", 3), ("kr", "0030012125551234", 0),
            ("kr", "0036512125551234", 5), ("br", "001512125551234", 4), ("fi", "00442079460000", 2),
            ("fi", "9901442079460000", 3), ("hk", "003012125551234", 4), ("cl", "0012125551234", 2),
            ("cn", "179000012125551", 7), ("sg", "01912125551234", 3), ("co", "0044412125551234", 5),
            ("uy", "01312125551234", 4), ("gb", "00", 2), ("gb", "0", 0), ("gb", "00*44", 2),
            ("ta", "0012125551234", 2),
        ] as [(String, String, Int)]
    )
    func internationalPrefixCount(_ code: String, _ digits: String, _ count: Int) throws {
        let number = try #require(LocalNumber(digits))
        #expect(try dialledRegion(code).internationalPrefixCount(in: number) == count)
    }

    @Test("No calling code begins with zero: before one there is no international prefix")
    func zeroAfterPrefix() throws {
        #expect(try dialledRegion("gb").internationalPrefixCount(in: try #require(LocalNumber("0004420794"))) == 0)
        #expect(try dialledRegion("us").internationalPrefixCount(in: try #require(LocalNumber("01104420794"))) == 0)
    }

    @Test(
        "Emergency numbers are exact",
        arguments: [
            ("us", "911", true), ("us", "112", true), ("us", "9111", false), ("us", "91", false), ("us", "999", false),
            ("gb", "999", true), ("gb", "112", true), ("gb", "911", false), ("kr", "119", true), ("kr", "112", true),
            ("kr", "110", false), ("jp", "110", true), ("au", "000", true), ("au", "106", true), ("de", "110", true),
            ("cz", "155", true), ("na", "10111", true), ("fm", "320221", true), ("br", "190", true),
            ("gb", "0999", false), ("gb", "99", false),
        ]
    )
    func emergency(_ code: String, _ digits: String, _ expected: Bool) throws {
        #expect(try dialledRegion(code).isEmergency(try #require(LocalNumber(digits))) == expected)
    }

    @Test("Up to three digits, nothing but the listed numbers is an emergency number")
    func emergencyCompleteness() {
        let texts = (0...9).map { "\($0)" } + (0...99).map { $0 < 10 ? "0\($0)" : "\($0)" }
        let dialled = (texts + (0...999).map { "\($0 + 1000)".dropFirst().description }).compactMap(LocalNumber.init)
        #expect(dialled.count == 1110)
        for region in DialledRegion.all {
            let accepted = dialled.filter(region.isEmergency).map(\.description)
            let listed = region.emergencyNumbers.filter { $0.count <= 3 }
            #expect(Set(accepted) == Set(listed), "\(region.country)")
        }
    }

    @Test("Lengths hold the metadata's example numbers, and the same country is the same region")
    func values() throws {
        let region = try dialledRegion("us")
        #expect(region.nationalLengths == 10...10)
        #expect(try dialledRegion("de").nationalLengths == 4...15)
        let same = try dialledRegion("us")
        let other = try dialledRegion("ca")
        #expect(region == same && region != other)
    }
}
