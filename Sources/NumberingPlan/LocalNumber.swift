// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A number without `+`: an extension, a national number, a service code. Digits, `*` and `#`, 1 to 32 of them.
///
/// It means nothing by itself: whoever holds the caller's extensions and dial plan decides what it is.
package struct LocalNumber: Hashable, Sendable, CustomStringConvertible {
    /// The most symbols a local number may have.
    package static let maximumCount = 32

    /// The scope a `phone-context` parameter gave the number (RFC 3966 §5.1.5).
    package enum Context: Hashable, Sendable {
        /// No context: the caller's own dial plan holds.
        case none
        /// The leading digits of a global number, 1 to 15 of them, as a decimal value.
        case global(UInt64)
        /// A domain name: the number means something inside that domain only.
        ///
        /// The range is where the name stands in the bytes the number was read from, escapes and all; so two such
        /// contexts are equal when they stand at the same place, whatever the names. `contextDomain(in:)` reads it.
        case domain(Range<Int>)
    }

    /// The scope the number came with.
    package internal(set) var context = Context.none

    /// How many symbols there are.
    package private(set) var count = 0

    // Four bits a symbol, sixteen to a word, the first lowest.
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    init() {}

    /// Reads digits, `*` and `#` and nothing else. Nil when there are none, or more than 32.
    package init?(_ description: String) {
        for byte in description.utf8 {
            guard let symbol = LocalNumber.symbol(byte), append(symbol: symbol) else { return nil }
        }
        guard count > 0 else { return nil }
    }

    /// Whether every symbol is a digit.
    package var isDigitsOnly: Bool {
        for index in 0..<count where symbol(at: index) > 9 {
            return false
        }
        return true
    }

    /// The symbol at a place as an ASCII byte; nil outside `0..<count`.
    package subscript(index: Int) -> UInt8? {
        guard index >= 0, index < count else { return nil }
        return LocalNumber.byte(symbol(at: index))
    }

    /// The domain of the context, escapes decoded, in lower case and without a dot at the end.
    ///
    /// - Parameter bytes: What the number was read from.
    /// - Returns: Nil when the context is not a domain, or its range leaves the bytes.
    package func contextDomain(in bytes: [UInt8]) -> String? {
        guard case .domain(let range) = context, range.lowerBound >= 0, range.upperBound <= bytes.count else {
            return nil
        }
        var source = EscapedBytes(at: range.lowerBound, end: range.upperBound)
        var name: [UInt8] = []
        while case .byte(let byte) = source.next(in: bytes.span) {
            name.append(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
        }
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        return String(decoding: name, as: UTF8.self)
    }

    /// Appends the symbols as ASCII.
    package func append(to bytes: inout [UInt8]) {
        for index in 0..<count {
            bytes.append(LocalNumber.byte(symbol(at: index)))
        }
    }

    /// The symbols alone; the context is not part of it.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value of `prefix` followed by the digits; nil when a symbol is no digit or the whole is too long for E.164.
    func value(after prefix: UInt64) -> UInt64? {
        var value = prefix
        for index in 0..<count {
            let digit = symbol(at: index)
            guard digit <= 9, value < 100_000_000_000_000 else { return nil }
            value = value &* 10 &+ UInt64(digit)
        }
        return value
    }

    /// Takes one more symbol, 0 to 9, 10 for `*`, 11 for `#`; false when there is no room.
    mutating func append(symbol: UInt8) -> Bool {
        guard count < LocalNumber.maximumCount else { return false }
        let shift = UInt64(count & 15) &* 4
        if count < 16 {
            first |= UInt64(symbol) << shift
        } else {
            second |= UInt64(symbol) << shift
        }
        count += 1
        return true
    }

    /// The symbol's number, 0 to 9, 10 for `*`, 11 for `#`; nil for any other byte.
    static func symbol(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte & 0xF
        case UInt8(ascii: "*"): 10
        case UInt8(ascii: "#"): 11
        default: nil
        }
    }

    private static func byte(_ symbol: UInt8) -> UInt8 {
        switch symbol {
        case 10: UInt8(ascii: "*")
        case 11: UInt8(ascii: "#")
        default: UInt8(ascii: "0") &+ symbol
        }
    }

    private func symbol(at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (index < 16 ? first : second) >> (UInt64(index & 15) &* 4) & 0xF)
    }
}
