// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Character classes of the SIP grammar (RFC 3261 §25.1), as bit sets over the 128 ASCII codes.
package enum ASCII {
    @usableFromInline static let carriageReturn: UInt8 = 13
    @usableFromInline static let lineFeed: UInt8 = 10

    /// `token`: letters, digits and ``-.!%*_+`'~``.
    @inlinable
    @inline(__always)
    package static var token: CharacterClass {
        CharacterClass(low: 0x03FF_6CA2_0000_0000, high: 0x47FF_FFFF_87FF_FFFE)
    }

    /// `word`, what Call-ID halves are made of: the token characters and ``()<>:\"/[]?{}``.
    @inlinable
    @inline(__always)
    package static var word: CharacterClass {
        CharacterClass(low: 0xD7FF_EFA6_0000_0000, high: 0x6FFF_FFFF_BFFF_FFFE)
    }

    /// Characters that stand unescaped in the user part of a URI: letters, digits and `-_.!~*'()&=+$,;?/`.
    @inlinable
    @inline(__always)
    package static var user: CharacterClass {
        CharacterClass(low: 0xABFF_FFD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }

    /// Characters that stand unescaped in a URI parameter: letters, digits and `-_.!~*'()[]/:&+$`.
    @inlinable
    @inline(__always)
    package static var uriParameter: CharacterClass {
        CharacterClass(low: 0x07FF_EFD2_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)
    }

    /// Characters that stand unescaped in a URI's header part: letters, digits and `-_.!~*'()[]/?:+$`.
    @inlinable
    @inline(__always)
    package static var uriHeader: CharacterClass {
        CharacterClass(low: 0x87FF_EF92_0000_0000, high: 0x47FF_FFFE_AFFF_FFFE)
    }

    /// Characters of a run of URI parameters: those of one parameter and ``;=%` ``.
    @inlinable
    @inline(__always)
    package static var uriParameterRun: CharacterClass {
        CharacterClass(low: uriParameter.low | 0x2800_0020_0000_0000, high: uriParameter.high | 0x0000_0001_0000_0000)
    }

    /// Characters of a URI's whole header part: those of one header and ``&=;%` ``.
    @inlinable
    @inline(__always)
    package static var uriHeaderRun: CharacterClass {
        CharacterClass(low: uriHeader.low | 0x2800_0060_0000_0000, high: uriHeader.high | 0x0000_0001_0000_0000)
    }

    /// Characters of a userinfo: those of a user, the colon before a password, and the number sign, which is outside
    /// the grammar, but phones dial service codes with it unescaped.
    @inlinable
    @inline(__always)
    package static var userInfo: CharacterClass {
        CharacterClass(low: user.low | 0x0400_0008_0000_0000, high: user.high)
    }

    /// Letters, digits, hyphen, period, and the underscore that private networks use in names.
    @inlinable
    @inline(__always)
    package static var host: CharacterClass {
        CharacterClass(low: 0x03FF_6000_0000_0000, high: 0x07FF_FFFE_87FF_FFFE)
    }

    /// Characters of an IPv6 address: hexadecimal digits, colon and period.
    @inlinable
    @inline(__always)
    package static var ipv6: CharacterClass {
        CharacterClass(low: 0x07FF_4000_0000_0000, high: 0x0000_007E_0000_007E)
    }

    /// Characters of a URI scheme after its first letter: letters, digits and `+-.`.
    @inlinable
    @inline(__always)
    package static var scheme: CharacterClass {
        CharacterClass(low: 0x03FF_6800_0000_0000, high: 0x07FF_FFFE_07FF_FFFE)
    }

    /// Folds an ASCII capital to its small letter; other bytes stay.
    @inlinable
    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 65 < 26 ? byte | 0x20 : byte
    }

    /// Whether the byte is a decimal digit.
    @inlinable
    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool {
        byte &- 48 < 10
    }

    /// Whether the byte is an ASCII letter.
    @inlinable
    @inline(__always)
    package static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26
    }

    /// Whether the byte is blank inside a header field value: SP, HTAB, or part of a folded line's CRLF.
    @inlinable
    @inline(__always)
    package static func isLinearWhitespace(_ byte: UInt8) -> Bool {
        byte == 32 || byte == 9 || byte == 13 || byte == 10
    }

    /// The value of a hexadecimal digit; nil for another byte.
    @inlinable
    @inline(__always)
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 48 }
        let letter = (byte | 0x20) &- 97
        return letter < 6 ? letter &+ 10 : nil
    }
}

/// A set of ASCII characters as 128 bits, one for each code; classes are literals, so that a test is a shift.
package struct CharacterClass: Sendable, Hashable {
    @usableFromInline let low: UInt64
    @usableFromInline let high: UInt64

    /// Makes the class of the codes whose bits are set: 0 to 63 in `low`, 64 to 127 in `high`.
    @inlinable
    @inline(__always)
    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// Whether the byte is in the class.
    @inlinable
    @inline(__always)
    package func contains(_ byte: UInt8) -> Bool {
        let word = byte & 64 == 0 ? low : high
        return (word &>> UInt64(byte & 63)) & 1 == 1 && byte < 128
    }
}
