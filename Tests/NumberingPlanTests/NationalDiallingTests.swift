// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("National dialling")
struct NationalDiallingTests {
    struct Dialled: Sendable, CustomTestStringConvertible {
        let region: String
        let digits: String
        let number: String
        let dropped: Int
        let inserted: String

        init(_ region: String, _ digits: String, _ number: String, _ dropped: Int, _ inserted: String = "") {
            self.region = region
            self.digits = digits
            self.number = number
            self.dropped = dropped
            self.inserted = inserted
        }

        var testDescription: String { "\(region) \(digits) \(number)" }
    }

    private func expect(_ dialled: Dialled) throws {
        let digits = try #require(LocalNumber(dialled.digits))
        let region = try dialledRegion(dialled.region)
        #expect(region.internationalPrefixCount(in: digits) == 0)
        let reading = region.national(digits)
        #expect(reading.number == E164Number(dialled.number))
        #expect(reading.length == .possible)
        #expect(reading.dropped == dialled.dropped)
        #expect(reading.inserted == dialled.inserted)
        let national = "+\(region.callingCode)\(reading.national)"
        #expect(national == dialled.number)
    }

    private static let prefixes: [Dialled] = [
        .init("kr", "01012345678", "+821012345678", 1), .init("kr", "021234567", "+8221234567", 1),
        .init("gb", "02079460000", "+442079460000", 1), .init("gb", "2079460000", "+442079460000", 0),
        .init("it", "0612345678", "+390612345678", 0), .init("va", "0669812345", "+390669812345", 0),
        .init("it", "3123456789", "+393123456789", 0), .init("mx", "5512345678", "+525512345678", 0),
        .init("us", "12125551234", "+12125551234", 1), .init("us", "2125551234", "+12125551234", 0),
        .init("ca", "14165551234", "+14165551234", 1), .init("jm", "8765551234", "+18765551234", 0),
        .init("ru", "89123456789", "+79123456789", 1), .init("kz", "87710009998", "+77710009998", 1),
        .init("au", "0412345678", "+61412345678", 1), .init("jp", "09012345678", "+819012345678", 1),
        .init("hu", "06201234567", "+36201234567", 2), .init("hu", "0612345678", "+3612345678", 2),
        .init("hu", "201234567", "+36201234567", 0), .init("de", "03012345678", "+493012345678", 1),
        .init("fr", "0123456789", "+33123456789", 1), .init("es", "912345678", "+34912345678", 0),
        .init("fi", "0412345678", "+358412345678", 1), .init("ax", "01812345678", "+3581812345678", 1),
        .init("by", "80291234567", "+375291234567", 2), .init("lt", "861234567", "+37061234567", 1),
        .init("lt", "061234567", "+37061234567", 1), .init("gg", "01481256789", "+441481256789", 1),
        .init("ta", "8999", "+2908999", 0), .init("eh", "0528812345", "+212528812345", 1),
    ]

    @Test("The national prefix is dropped, and only where there is one", arguments: prefixes)
    func nationalPrefix(_ dialled: Dialled) throws {
        try expect(dialled)
    }

    private static let transformed: [Dialled] = [
        .init("ar", "0111523456789", "+5491123456789", 5, "911"), .init("ar", "01123456789", "+541123456789", 1),
        .init("ar", "111523456789", "+5491123456789", 4, "911"), .init("ar", "91123456789", "+5491123456789", 0),
        .init("ar", "0291154123456", "+5492914123456", 6, "9291"), .init("gg", "256789", "+441481256789", 0, "1481"),
        .init("je", "534456", "+441534534456", 0, "1534"), .init("bs", "3591234", "+12423591234", 0, "242"),
        .init("ag", "4641234", "+12684641234", 0, "268"), .init("sm", "886377", "+3780549886377", 0, "0549"),
        .init("nf", "22609", "+672322609", 0, "3"), .init("cx", "91641234", "+61891641234", 0, "8"),
        .init("ga", "06031234", "+24106031234", 0), .init("ga", "011234567", "+24111234567", 1),
    ]

    @Test("Argentina's 0…15 becomes 9, and local numbers get their area code", arguments: transformed)
    func transformation(_ dialled: Dialled) throws {
        try expect(dialled)
    }

    private static let carriers: [Dialled] = [
        .init("br", "0151121234567", "+551121234567", 3), .init("br", "01511912345678", "+5511912345678", 3),
        .init("br", "01121234567", "+551121234567", 1), .init("cn", "1790921112345678", "+8621112345678", 5),
        .init("co", "0353211234567", "+5753211234567", 2), .init("bo", "01022123456", "+59122123456", 3),
        .init("cr", "190022123456", "+50622123456", 4), .init("fo", "1001201234", "+298201234", 4),
        .init("lu", "1500027123456", "+35227123456", 5), .init("li", "10012345678", "+4232345678", 4),
        .init("au", "1831212345678", "+61212345678", 4),
    ]

    @Test("A carrier selection code is dropped with the prefix", arguments: carriers)
    func carrierCode(_ dialled: Dialled) throws {
        try expect(dialled)
    }

    private static let ownCode: [Dialled] = [
        .init("de", "493012345678", "+493012345678", 2), .init("kr", "821012345678", "+821012345678", 2),
        .init("gb", "442079460000", "+442079460000", 2), .init("gb", "4402079460000", "+442079460000", 3),
        .init("it", "390612345678", "+390612345678", 2), .init("it", "390212345678", "+390212345678", 2),
        .init("ru", "79123456789", "+79123456789", 1), .init("jp", "819012345678", "+819012345678", 2),
        .init("mx", "525512345678", "+525512345678", 2), .init("ar", "5491123456789", "+5491123456789", 2),
        .init("br", "5511912345678", "+5511912345678", 2), .init("fr", "33123456789", "+33123456789", 2),
        .init("in", "919123456789", "+919123456789", 2), .init("hu", "36201234567", "+36201234567", 2),
        .init("fi", "358412345678", "+358412345678", 3),
        .init("de", "49301234", "+49301234", 2),
        // A German number may begin with 49 too: nothing says that this is the code.
        .init("de", "491512345678", "+49491512345678", 0),
    ]

    @Test("The own calling code in front is dropped where the number is none with it", arguments: ownCode)
    func ownCallingCode(_ dialled: Dialled) throws {
        try expect(dialled)
    }

    @Test(
        "The length verdict is the plan's",
        arguments: [
            ("us", "911", .tooShort), ("us", "5551234", .localOnly), ("us", "55512345", .tooShort),
            ("lt", "1234567890", .tooLong), ("hk", "1234567890", .invalid),
            ("us", "212555123456", .tooLong), ("us", "2125551234", .possible), ("gb", "9", .tooShort),
            ("gb", "020794600000000", .tooLong), ("mx", "0445512345678", .tooLong), ("mx", "15512345678", .tooLong),
            ("mx", "015512345678", .tooLong), ("kr", "99999999999999999999999999999999", .tooLong),
            ("jp", "0010123", .tooShort),
        ] as [(String, String, NationalReading.Length)]
    )
    func lengths(_ region: String, _ digits: String, _ length: NationalReading.Length) throws {
        let reading = try dialledRegion(region).national(try #require(LocalNumber(digits)))
        #expect(reading.length == length)
    }

    @Test("E.164 §6.2.1: a reading outside 7 to 15 digits has no number")
    func noNumber() throws {
        let short = try dialledRegion("us").national(try #require(LocalNumber("911")))
        #expect(short.number == nil)
        #expect(short.national.description == "911")
        let long = try dialledRegion("gb").national(try #require(LocalNumber("02079460000000000")))
        #expect(long.number == nil)
        #expect(long.national.description == "2079460000000000")
    }

    @Test("A service code is no number", arguments: ["*67", "#31#02079460000", "020794600*0", "*", "0207946000#"])
    func symbols(_ text: String) throws {
        let digits = try #require(LocalNumber(text))
        let region = try dialledRegion("gb")
        let expected = NationalReading(dropped: 0, inserted: "", national: digits, length: .invalid, number: nil)
        #expect(region.national(digits) == expected)
        #expect(!region.isEmergency(digits))
        #expect(region.internationalPrefixCount(in: digits) == 0)
    }

    @Test("The golden sample: every line is what libphonenumber reads")
    func golden() throws {
        let lines = try fixture("national.tsv")
        #expect(lines.count >= 3000)
        for fields in lines {
            try #require(fields.count == 4)
            let region = try dialledRegion(fields[0])
            let digits = try #require(LocalNumber(fields[1]))
            let count = region.internationalPrefixCount(in: digits)
            if count > 0 {
                let number = E164Number("+" + fields[1].dropFirst(count))
                #expect(number?.description ?? "-" == fields[2], "\(fields)")
                #expect(fields[3] == "international \(count)", "\(fields)")
            } else {
                let reading = region.national(digits)
                #expect(reading.number?.description ?? "-" == fields[2], "\(fields)")
                #expect(reading.length.description == fields[3], "\(fields)")
            }
        }
    }

    @Test("What is dropped and put in front always gives the national number, whatever is dialled")
    func anyDigits() throws {
        var state: UInt64 = 2026
        for region in DialledRegion.all {
            for _ in 0..<50 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let count = 1 + Int(state >> 60) * 2
                var text = region.nationalPrefix.prefix(Int(state >> 59 & 1))
                for place in 0..<count {
                    text += String((state >> UInt64(place)) % 10)
                }
                let digits = try #require(LocalNumber(String(text.prefix(32))))
                let reading = region.national(digits)
                let rest = digits.description.dropFirst(reading.dropped)
                #expect(reading.national.description == reading.inserted + rest)
                let number = "+\(region.callingCode)\(reading.national)"
                #expect(reading.number == E164Number(number))
            }
        }
    }
}
