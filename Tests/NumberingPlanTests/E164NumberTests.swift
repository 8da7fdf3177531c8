// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("E.164 number")
struct E164NumberTests {
    @Test(
        "E.164 §6.2.1: 7 to 15 digits after a plus are read and written back",
        arguments: ["+1000000", "+15551234567", "+999999999999999", "+390612345", "+123456780000000", "+100000000"]
    )
    func roundTrip(_ text: String) throws {
        let number = try #require(E164Number(text))
        #expect(number.description == text)
        #expect(number.digitCount == text.utf8.count - 1)
        var bytes: [UInt8] = []
        number.append(to: &bytes)
        number.appendDigits(to: &bytes)
        #expect(bytes == Array((text + text.dropFirst()).utf8))
    }

    @Test("Every digit count keeps its zeros", arguments: 7...15)
    func zeros(_ count: Int) throws {
        let text = "+" + "10203040506070".prefix(count - 1) + "0"
        #expect(try #require(E164Number(text)).description == text)
    }

    @Test(
        "Only the strict form is read",
        arguments: [
            "", "+", "+123456", "+1234567890123456", "+0123456789", "15551234567", "++15551234567", "+1555123456a",
            "+1 5551234567", "+1-555-123-4567", " +15551234567", "+15551234567 ", "+18446744073709551617", "+١٢٣٤٥٦٧٨",
            "+00000000000000015551234",
        ]
    )
    func strict(_ text: String) {
        #expect(E164Number(text) == nil)
    }

    @Test("A range of bytes is read, and one that leaves them is refused")
    func ranges() {
        let bytes = Array("<+15551234567>".utf8)
        #expect(E164Number(bytes, in: 1..<13) == E164Number("+15551234567"))
        #expect(E164Number(bytes, in: 0..<13) == nil)
        #expect(E164Number(bytes, in: 1..<99) == nil)
        #expect(E164Number(bytes, in: -1..<3) == nil)
        #expect(E164Number(bytes, in: 5..<5) == nil)
    }

    @Test("A value is a number only between 7 and 15 digits")
    func values() {
        #expect(E164Number(value: 999_999) == nil)
        #expect(E164Number(value: 1_000_000)?.description == "+1000000")
        #expect(E164Number(value: 1_000_000_000_000_000) == nil)
        #expect(E164Number(value: .max) == nil)
    }
}
