// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Parameters of a telephone subscriber")
struct CanonicalParameterTests {
    private func read(_ text: String) -> CanonicalNumber {
        NumberCanonicaliser.canonicalise(user: Array(text.utf8))
    }

    private func local(_ text: String) throws -> LocalNumber {
        guard case .notInternational(let local) = read(text) else {
            throw Unexpected(result: read(text))
        }
        return local
    }

    private struct Unexpected: Error {
        let result: CanonicalNumber
    }

    @Test(
        "RFC 4694 §4: a routing number or carrier from a caller changes nothing of what is dialled",
        arguments: [
            "npdi", "npdi=yes", "NPDI", "rn=+14155550000", "RN=%2B1-415-555-0000", "rn=+1a5b",
            "rn=4155550000;rn-context=+1", "rn-context=+1;rn=4155550000", "rn=c0ffee;rn-context=example.com",
            "cic=+10288", "CIC=+1-0288", "cic=0288;cic-context=+1", "cic-context=carrier.example.;cic=0288",
            "rn=+14155550000;rn-context=+44", "rn-context=+44", "cic-context=example.com",
            "npdi;rn=+1900;cic=+1900;rn-context=+1;cic-context=+1",
        ]
    )
    func portability(_ parameters: String) throws {
        for number in ["+15551234567", "2001", "2079460000;phone-context=+44", "%2B1-555-123-4567;ext=5"] {
            #expect(read(number + ";" + parameters) == read(number))
            #expect(read(number) != .refused(.badParameter))
        }
    }

    @Test(
        "RFC 4694 §4: a routing number or carrier is global, or local with its context, and hexadecimal",
        arguments: [
            "rn", "rn=", "rn=+", "rn=+-", "rn=-", "rn=x", "rn=4155550000", "rn=4155550000;cic-context=+1",
            "rn=4155550000;rn-context=", "rn=4155550000;rn-context", "rn=4155550000;rn-context=+", "rn=+g",
            "rn=+a1", "rn=++1", "rn=1+1;rn-context=+1", "rn=+1*2", "rn=1;rn-context=a_b",
            "cic", "cic=", "cic=+", "cic=0288", "cic=0288;rn-context=+1", "cic=z;cic-context=+1", "cic=+1%202",
            "cic=0288;cic-context=-a", "rn-context=44", "rn-context=+a", "cic-context=+1g",
        ]
    )
    func malformedPortability(_ parameters: String) {
        #expect(read("+15551234567;" + parameters) == .refused(.badParameter))
    }

    @Test(
        "RFC 3966 §3: no parameter appears twice, in whatever case or order",
        arguments: [
            "npdi;npdi", "npdi;NPDI=yes", "rn=+1;x;rn=+1", "rn=+1;RN=+2", "rn-context=+1;rn-context=+1",
            "cic=+1;Cic=+1", "cic-context=+1;cic-context=a.b", "ext=1;ext=1", "isub=1;a=b;ISUB=1",
            "phone-context=+1;phone-context=+1", "phone-context=a.example;phone-context=a.example",
        ]
    )
    func repetition(_ parameters: String) {
        #expect(read("+15551234567;" + parameters) == .refused(.repeatedParameter))
        #expect(read("2001;" + parameters) == .refused(.repeatedParameter))
    }

    @Test(
        "RFC 3966 §3: parameters that need a value have one, of their own form",
        arguments: [
            "isub", "isub=", "ext", "ext=", "ext=-", "ext=a", "ext=1*", "ext=+1", "phone-context", "phone-context=",
            "phone-context=+", "phone-context=+-.", "phone-context=+0", "phone-context=+1*", "phone-context=++1",
            "phone-context=+1234567890123456", "phone-context=44", "phone-context=.", "phone-context=.a",
            "phone-context=a..b", "phone-context=-a", "phone-context=a-", "phone-context=a-.b", "phone-context=a.-b",
            "phone-context=a_b", "phone-context=a.b..", "phone-context=a%20b", "phone-context=a/b", "phone-context=1",
        ]
    )
    func malformed(_ parameter: String) {
        #expect(read("2001;" + parameter) == .refused(.badParameter))
        #expect(read("+15551234567;" + parameter) == .refused(.badParameter))
    }

    @Test(
        "RFC 3966 §5.4: unknown optional parameters are ignored, whatever they hold",
        arguments: [
            "user=phone", "x", "x=", "x=y;x=y", "x=%40evil.example", "x=+15550000000", "tel=+15550000000",
            "tgrp=a%3Brn%3D1", "x=a@b", "isub=%40+19005550000", "isub=a/b?c:d&e", "phone-contexts=+44", "m=1", "rnx=1",
            "verstat=TN-Validation-Passed", "m", "isub=1;ext=2",
        ]
    )
    func ignored(_ parameters: String) throws {
        let number = try #require(E164Number("+15551234567"))
        #expect(read("+15551234567;" + parameters) == .number(number))
        #expect(read("+15551234567;npdi;" + parameters + ";x=y") == .number(number))
    }

    @Test(
        "RFC 3966 §5.4: an unknown mandatory parameter forbids the number",
        arguments: ["m-x", "M-x=1", "m-", "m-rn=+1"]
    )
    func mandatory(_ parameter: String) {
        #expect(read("+15551234567;" + parameter) == .refused(.unknownMandatoryParameter))
        #expect(read("2001;npdi;" + parameter) == .refused(.unknownMandatoryParameter))
    }

    @Test("A control character or broken escape is refused in any value, an escape in any name")
    func bytes() {
        for name in ["x", "npdi", "isub", "ext", "rn", "cic", "rn-context", "cic-context", "phone-context"] {
            #expect(read("+15551234567;\(name)=+1%00") == .refused(name == "ext" ? .badParameter : .control))
            #expect(read("+15551234567;\(name)=%") == .refused(.badEscape))
            #expect(read("+15551234567;\(name)=%EF%BC%91") == .refused(.fullWidth))
        }
        #expect(read("+15551234567;n%70di") == .refused(.badParameter))
        #expect(read("+15551234567;npdi;") == .refused(.badParameter))
        #expect(read("+15551234567;npdi;;x") == .refused(.badParameter))
    }

    @Test(
        "RFC 3966 §5.1.5: a domain context is kept beside the number and read in lower case",
        arguments: [
            ("2001;phone-context=example.com", "example.com"),
            ("2001;npdi;Phone-Context=PBX.Example.COM", "pbx.example.com"),
            ("2001;phone-context=ex%41mple.com;x", "example.com"), ("2001;phone-context=example.com.", "example.com"),
            ("2001;phone-context=localhost", "localhost"), ("2001;phone-context=192.0.2.1", "192.0.2.1"),
            ("01012345678;phone-context=a-b.c9", "a-b.c9"),
        ]
    )
    func domain(_ text: String, _ domain: String) throws {
        let local = try local(text)
        let bytes = Array(text.utf8)
        #expect(local.contextDomain(in: bytes) == domain)
        #expect(local.contextDomain(in: Array(bytes.prefix(10))) == nil)
        let shifted = Array("tel:".utf8) + bytes
        guard
            case .notInternational(let again) = NumberCanonicaliser.canonicalise(user: shifted, in: 4..<shifted.count)
        else {
            Issue.record("refused")
            return
        }
        #expect(again.contextDomain(in: shifted) == domain)
        #expect(again.description == local.description)
    }

    @Test("A number without a domain context has none to read")
    func noDomain() throws {
        let text = "911;phone-context=+1"
        #expect(try local(text).contextDomain(in: Array(text.utf8)) == nil)
        #expect(try local("2001").contextDomain(in: Array("2001".utf8)) == nil)
    }

    @Test(
        "RFC 3966 §5.1.5: a global context has 1 to 15 digits, with separators or escapes",
        arguments: [
            ("112;phone-context=+1", 1), ("112;phone-context=+-4-9.6151(16)", 49_615_116),
            ("112;phone-context=%2b%34%39", 49), ("112;phone-context=+123456789012345", 123_456_789_012_345),
            ("12345;phone-context=+12345678901", 12_345_678_901), ("02079460000;phone-context=+44", 44),
            ("020-7946-0000;phone-context=+44", 44), ("442079460000;phone-context=+44", 44),
        ] as [(String, UInt64)]
    )
    func globalContext(_ text: String, _ prefix: UInt64) throws {
        #expect(try local(text).context == .global(prefix))
    }

    @Test(
        "RFC 3966 §5.1.5: digits after a calling code join where the plan holds the number",
        arguments: [
            ("9115551234;phone-context=+1", nil), ("2015550123;phone-context=+1", "+12015550123"),
            ("7946-0000;phone-context=+44-20", "+442079460000"), ("0612345678;phone-context=+39", "+390612345678"),
            ("1012345678;phone-context=+82", "+821012345678"),
        ] as [(String, String?)]
    )
    func joined(_ text: String, _ expected: String?) throws {
        guard let expected else {
            #expect(try local(text).context == .global(1))
            return
        }
        let number = try #require(E164Number(expected))
        #expect(read(text) == .number(number))
    }
}
