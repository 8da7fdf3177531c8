// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Makes spellings by breaking and dressing up valid ones, the same for one seed.
struct CanonicalSpellings {
    /// Spellings that are read as numbers, of the RFCs' examples and of what telephones send.
    static let valid = [
        "+15551234567", "+1-201-555-0123", "+1(212)555.0101", "%2B442079460000", "+44-20-7946-0000;isub=12;npdi",
        "+358-555-1234567;postd=pp22", "+358-555-1234567;isub=1411;phone-context=+44", "7042;phone-context=example.com",
        "863-1234;phone-context=+1-914-555", "911;phone-context=+1", "2079460000;phone-context=+44",
        "02079460000;phone-context=+44", "555-1234;phone-context=%2B1-212;ext=7", "2001", "*31#15551234567",
        "+1-202-533-1234;npdi;rn=+1-202-544-0000", "+1-800-123-4567;cic=+1-6789",
        "+12025331234;rn=2025440000;rn-context=+1;npdi=yes", "+18001234567;cic=6789;cic-context=example.net",
        "01012345678;phone-context=192.0.2.1", "+15551234567;user=phone;tgrp=a%3Bb;trunk-context=x.example",
        "+390612345678;verstat=TN-Validation-Passed;oli=0",
    ]

    private static let pool: [[UInt8]] = [
        "ext=12", "EXT=(3)", "isub=%41b", "npdi", "rn=+1a-2", "rn=4155550000", "Rn-Context=+1", "cic=+10288", "cic=0A",
        "cic-context=a.example", "phone-context=+1", "phone-context=+39", "Phone-Context=Example.ORG.",
        "phone-context=44",
        "m-new=1", "x", "x=%40+15550000000", "=1", "", "ext=", "ext", "isub=", "rn=", "rn=x", "rn-context=",
        "phone-context=a..b", "phone-context=-a.b", "phone-context=+0", "phone-context=+123456789012345",
    ].map { Array($0.utf8) }
    private static let alphabet = Array("+0123456789%;=-.()*#aFnx @:&,_/%25%2B\0\u{7F}\u{E9}１＋".utf8)
    private static let fullWidth = ["１", "%EF%BC%92", "＋", "%EF%BC"].map { Array($0.utf8) }

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// The next spelling.
    mutating func next() -> [UInt8] {
        var text = Array(Self.valid[below(Self.valid.count)].utf8)
        for _ in 0..<below(6) { mutate(&text) }
        return text
    }

    private mutating func mutate(_ text: inout [UInt8]) {
        let place = below(text.count + 1)
        switch below(14) {
        case 0, 1: text.insert(contentsOf: [Array("-.()".utf8)[below(4)]], at: place)
        case 2, 3, 4: escape(&text, at: place)
        case 5, 6: changeCase(&text)
        case 7: text.insert(contentsOf: Self.fullWidth[below(Self.fullWidth.count)], at: place)
        case 8: text.removeLast(below(text.count / 2 + 1))
        case 9: reorder(&text)
        case 10, 11: text += [UInt8(ascii: ";")] + Self.pool[below(Self.pool.count)]
        case 12: text.insert(Self.alphabet[below(Self.alphabet.count)], at: place)
        default: if place < text.count { text.remove(at: place) }
        }
    }

    private mutating func escape(_ text: inout [UInt8], at place: Int) {
        guard place < text.count else { return }
        let digits = Array((below(2) == 0 ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        let byte = Int(text[place])
        text.replaceSubrange(place...place, with: [UInt8(ascii: "%"), digits[byte / 16], digits[byte % 16]])
    }

    private mutating func changeCase(_ text: inout [UInt8]) {
        for index in text.indices where below(3) == 0 && (65...90).contains(text[index] & 0xDF) { text[index] ^= 0x20 }
    }

    private mutating func reorder(_ text: inout [UInt8]) {
        var pieces = text.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        guard pieces.count > 2 else { return }
        pieces.swapAt(1 + below(pieces.count - 1), 1 + below(pieces.count - 1))
        text = Array(pieces.joined(separator: [UInt8(ascii: ";")]))
    }

    // SplitMix64.
    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed &>> 31)) % UInt64(bound))
    }
}
