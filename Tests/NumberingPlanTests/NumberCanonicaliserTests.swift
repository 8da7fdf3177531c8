// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Number canonicaliser")
struct NumberCanonicaliserTests {
    private func read(_ text: String) -> CanonicalNumber {
        NumberCanonicaliser.canonicalise(user: Array(text.utf8))
    }

    @Test(
        "RFC 3966 §3: every spelling of a global number is the same number",
        arguments: [
            "+15551234567", "+1-555-123-4567", "+1(555)123.4567", "+(1)5551234567", "+1-555-1234567-",
            "%2B15551234567", "%2b1%35551234567", "+1%2D555%28123%294567", "+15551234567;ext=99",
            "+15551234567;isub=12",
            "+15551234567;npdi;rn=+14155550000", "+15551234567;rn=4155550000;npdi;rn-context=+1",
            "+15551234567;cic=+10288;user=phone",
            "+15551234567;phone-context=+44", "+15551234567;phone-context=example.com", "+15551234567;tgrp=a%3Bb",
        ]
    )
    func globalSpellings(_ text: String) throws {
        let number = try #require(E164Number("+15551234567"))
        #expect(read(text) == .number(number))
    }

    @Test(
        "What was read reads back as itself",
        arguments: ["+1-555-123-4567", "%2B390612345678;ext=1", "+4402012345678"]
    )
    func idempotence(_ text: String) throws {
        guard case .number(let number) = read(text) else {
            Issue.record("\(text) is refused")
            return
        }
        #expect(read(number.description) == .number(number))
    }

    @Test(
        "A number without a plus is the caller's to interpret",
        arguments: [
            ("2001", "2001"), ("15559876543", "15559876543"), ("0044%2d20.7183", "0044207183"), ("*67", "*67"),
            ("*31%2315551234567", "*31#15551234567"), ("*31#1555", "*31#1555"), ("911", "911"),
            ("(020)7183", "0207183"),
            ("2001;ext=5", "2001"), ("1234567890123456789012345678901*", "1234567890123456789012345678901*"),
        ]
    )
    func localNumbers(_ text: String, _ symbols: String) throws {
        let local = try #require(LocalNumber(symbols))
        #expect(read(text) == .notInternational(local))
        #expect(local.description == symbols)
    }

    @Test(
        "Anything that is not a number is refused, with the reason",
        arguments: [
            ("", .empty), ("+", .empty), ("-.()", .empty), (";ext=1", .empty), ("+;ext=1", .empty),
            ("++15551234567", .misplacedPlus), ("+1+5551234567", .misplacedPlus), ("+%2B15551234567", .misplacedPlus),
            ("(+1)5551234567", .misplacedPlus), ("00+15551234567", .misplacedPlus),
            ("+1555%00", .control), ("+15551234567%00", .control), ("+15551234567\0", .control),
            ("+15551234567%0d%0a", .control), ("+15551234567\t", .control), ("+15551234567%7f", .control),
            ("+1555%", .badEscape), ("+1555%3", .badEscape), ("+1555%zz34567", .badEscape),
            ("%252B15551234567", .unexpectedCharacter), ("+1 555 123 4567", .space), ("+1%20555", .space),
            ("+1800FLOWERS", .letter), ("alice", .letter), ("+1555123456O", .letter), ("a15551234567", .letter),
            ("+1٥٥٥١٢٣٤٥٦٧", .nonASCII), ("+1%D9%A5", .nonASCII),
            ("+1５５５１２３４５６７", .fullWidth), ("+1%EF%BC%91", .fullWidth), ("+1%ef%BC%99555", .fullWidth),
            ("＋15551234567", .fullWidth), ("+1%EF%BC", .nonASCII), ("+1%EF%BC%", .nonASCII), ("+1\u{20AC}", .nonASCII),
            ("+1\u{FF5F}", .nonASCII), ("+1\u{FF5E}", .fullWidth),
            ("+1%2520555", .unexpectedCharacter), ("+15551234567%40host", .unexpectedCharacter),
            ("+15551234567%2B", .misplacedPlus), ("+15551234567%3Brn=+14155550000", .unexpectedCharacter),
            ("+15551234567%3Bext=1", .unexpectedCharacter),
            ("+15551234567@evil", .unexpectedCharacter), ("+15551234567:secret", .unexpectedCharacter),
            ("+1555*1234567", .serviceSymbol), ("+1555123456%23", .serviceSymbol),
            ("+05551234567", .leadingZero), ("+123456", .tooShort), ("+1234567890123456", .tooLong),
            ("123456789012345678901234567890123", .tooLong),
        ] as [(String, NumberRefusal)]
    )
    func refusals(_ text: String, _ reason: NumberRefusal) {
        #expect(read(text) == .refused(reason))
    }

    @Test(
        "RFC 3966 §3 and §5.4: malformed, repeated and unknown mandatory parameters are refused",
        arguments: [
            ("+15551234567;", .badParameter), ("+15551234567;;ext=1", .badParameter),
            ("+15551234567;=1", .badParameter),
            ("+15551234567;e%78t=1", .badParameter), ("+15551234567;a b=1", .badParameter),
            ("5551234;phone-context=", .badParameter), ("5551234;phone-context", .badParameter),
            ("5551234;phone-context=+", .badParameter), ("5551234;phone-context=+1x", .badParameter),
            ("5551234;phone-context=+0", .badParameter), ("5551234;phone-context=a_b", .badParameter),
            ("5551234;phone-context=+1;Phone-Context=+44", .repeatedParameter),
            ("+15551234567;ext=1;EXT=2", .repeatedParameter), ("+15551234567;isub=1;isub=1", .repeatedParameter),
            ("+15551234567;m-new=1", .unknownMandatoryParameter), ("+15551234567;M-x", .unknownMandatoryParameter),
            ("+15551234567;ext=%00", .control), ("+15551234567;rn=+1%4", .badEscape), ("+15551234567;a=é", .nonASCII),
        ] as [(String, NumberRefusal)]
    )
    func parameters(_ text: String, _ reason: NumberRefusal) {
        #expect(read(text) == .refused(reason))
    }

    @Test("RFC 3966 §5.1.5: a context of leading digits is put before the number where the plan holds the result")
    func joinedContext() {
        let expected = E164Number("+12125551234").map(CanonicalNumber.number)
        #expect(read("2125551234;phone-context=+1") == expected)
        #expect(read("555-1234;phone-context=+1-212") == expected)
        #expect(read("555-1234;ext=7;phone-context=%2B1212;npdi") == expected)
    }

    @Test(
        "RFC 3966 §5.1.5: a context is no promise of a prefix; short codes and national prefixes stay local",
        arguments: [
            ("911;phone-context=+1", 1), ("112;phone-context=+496151", 496_151),
            ("863-1234;phone-context=+1-914-555", 1_914_555),
            ("02071838750;phone-context=+44", 44), ("1-212-555-1234;phone-context=+1", 1),
            ("*672125551234;phone-context=+1", 1),
        ] as [(String, UInt64)]
    )
    func keptContext(_ text: String, _ prefix: UInt64) {
        guard case .notInternational(let local) = read(text) else {
            Issue.record("\(text) is not kept local")
            return
        }
        #expect(local.context == .global(prefix))
    }

    @Test("RFC 3966 §6: a number inside a domain keeps that it is")
    func domainContext() {
        guard case .notInternational(let local) = read("7042;phone-context=example.com") else {
            Issue.record("refused")
            return
        }
        #expect(local.context == .domain(19..<30))
        #expect(local.description == "7042")
        #expect(local.isDigitsOnly)
        #expect(local[0] == UInt8(ascii: "7"))
        #expect(local[4] == nil)
        #expect(local[-1] == nil)
    }

    @Test("Only the range given is read, and one outside the bytes is refused")
    func ranges() throws {
        let bytes = Array("sip:+15551234567;ext=1@host".utf8)
        let number = try #require(E164Number("+15551234567"))
        #expect(NumberCanonicaliser.canonicalise(user: bytes, in: 4..<22) == .number(number))
        #expect(NumberCanonicaliser.canonicalise(user: bytes, in: 4..<16) == .number(number))
        #expect(NumberCanonicaliser.canonicalise(user: bytes, in: 4..<99) == .refused(.outOfBounds))
        #expect(NumberCanonicaliser.canonicalise(user: bytes, in: 4..<4) == .refused(.empty))
    }

    @Test("Every reason has words of its own")
    func words() {
        #expect(Set(NumberRefusal.allCases.map(\.words)).count == NumberRefusal.allCases.count)
    }

    @Test("No bytes stop the canonicaliser, and every number it yields is one")
    func anyBytes() {
        let alphabet = Array("+0123456789%;=-.()*#aF phone-context+1\0\u{7F}é&,".utf8)
        var state: UInt64 = 2026
        for _ in 0..<50_000 {
            var text: [UInt8] = []
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for _ in 0..<(state >> 59) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            if case .number(let number) = NumberCanonicaliser.canonicalise(user: text) {
                #expect(E164Number(number.description) == number)
            }
        }
    }
}
