// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@Suite("Character classes (RFC 3261 §25.1)")
struct ASCIITests {
    @Test(
        "each class holds exactly the characters its rule lists",
        arguments: [
            ("token", ASCII.token, "-.!%*_+`'~", true),
            ("word", ASCII.word, "-.!%*_+`'~()<>:\\\"/[]?{}", true),
            ("user", ASCII.user, "-_.!~*'()&=+$,;?/", true),
            ("userInfo", ASCII.userInfo, "-_.!~*'()&=+$,;?/:#", true),
            ("uriParameter", ASCII.uriParameter, "-_.!~*'()[]/:&+$", true),
            ("uriParameterRun", ASCII.uriParameterRun, "-_.!~*'()[]/:&+$;=%`", true),
            ("uriHeader", ASCII.uriHeader, "-_.!~*'()[]/?:+$", true),
            ("uriHeaderRun", ASCII.uriHeaderRun, "-_.!~*'()[]/?:+$&=;%`", true),
            ("host", ASCII.host, "-._", true),
            ("ipv6", ASCII.ipv6, "0123456789abcdefABCDEF:.", false),
            ("scheme", ASCII.scheme, "+-.", true),
        ] as [(String, CharacterClass, String, Bool)]
    )
    func members(name: String, members: CharacterClass, others: String, isAlphanumeric: Bool) {
        let listed = Set(others.utf8)
        for byte in UInt8.min...UInt8.max {
            let isLetterOrDigit = ASCII.isLetter(byte) || ASCII.isDigit(byte)
            let expected = listed.contains(byte) || (isAlphanumeric && isLetterOrDigit)
            #expect(members.contains(byte) == expected, "\(name) \(byte)")
        }
    }

    @Test("letters, digits and hexadecimal digits")
    func kinds() {
        for byte in UInt8.min...UInt8.max {
            let scalar = Unicode.Scalar(byte)
            #expect(ASCII.isDigit(byte) == ("0"..."9").contains(scalar))
            #expect(ASCII.isLetter(byte) == (("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)))
            let hexadecimal = byte < 128 ? Int(String(scalar), radix: 16).map { UInt8($0) } : nil
            #expect(ASCII.hexValue(byte) == hexadecimal)
            #expect(ASCII.lowercased(byte) == (("A"..."Z").contains(scalar) ? byte + 32 : byte))
        }
    }

    @Test("a number is digits only and bounded")
    func decimal() {
        func read(_ text: String, maximum: UInt64 = 4_294_967_295) -> UInt64? {
            let bytes = Array(text.utf8)
            return bytes.span.decimal(0..<bytes.count, maximum: maximum)
        }
        #expect(read("0") == 0)
        #expect(read("0000000000000000000000042") == 42)
        #expect(read("4294967295") == 4_294_967_295)
        for text in ["", "4294967296", "18446744073709551616", "184467440737095516160", "-1", "+1", "1 ", "0x1", "٣"] {
            #expect(read(text) == nil, "\(text)")
        }
        #expect(read("255", maximum: 255) == 255)
        #expect(read("256", maximum: 255) == nil)
    }

    @Test("comparisons fold letters and nothing else")
    func comparisons() {
        let subject = Subject("AbC[`-\r")
        #expect(subject.equals(0..<3, ignoringCase: "aBc"))
        #expect(!subject.equals(0..<3, "abc"))
        #expect(subject.equals(0..<3, "AbC"))
        #expect(!subject.equals(3..<4, ignoringCase: "{"))
        #expect(!subject.equals(4..<5, ignoringCase: "@"))
        #expect(!subject.equals(0..<3, ignoringCase: "ab"))
    }

    @Test("blanks are trimmed at both ends, folding included")
    func trimming() {
        let subject = Subject(" \t\r\n a b \r\n\t")
        #expect(subject.trimmed(subject.all) == "a b")
        #expect(subject.trimmed(0..<3).isEmpty)
    }
}
