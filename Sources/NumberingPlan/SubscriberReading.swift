// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A telephone subscriber (RFC 3966 §3) as it was read: the digits, and the context its parameters gave them.
struct SubscriberReading {
    /// Whether the digits follow a `+`.
    var isGlobal = false
    /// The digits, `*` and `#`, and their context.
    var digits = LocalNumber()

    /// Where the number ends and the parameters begin: at the first `;` that is not escaped.
    static func numberEnd(_ bytes: Span<UInt8>, in range: Range<Int>) -> Int {
        var at = range.lowerBound
        while at < range.upperBound, bytes[at] != UInt8(ascii: ";") { at += 1 }
        return at
    }

    /// RFC 3966 §3 `visual-separator`: marks for the eye, which are no part of the number.
    static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): true
        default: false
        }
    }

    /// Reads number and parameters; nil when all was well.
    mutating func read(_ bytes: Span<UInt8>, in range: Range<Int>) -> NumberRefusal? {
        let end = SubscriberReading.numberEnd(bytes, in: range)
        if let refusal = readNumber(bytes, EscapedBytes(at: range.lowerBound, end: end)) { return refusal }
        guard end < range.upperBound else { return nil }
        var parameters = SubscriberParameters()
        if let refusal = parameters.read(bytes, in: end..<range.upperBound) { return refusal }
        digits.context = parameters.context
        return nil
    }

    /// Reads a number without parameters to its end; nil when all was well.
    mutating func readNumber(_ bytes: Span<UInt8>, _ source: EscapedBytes) -> NumberRefusal? {
        var source = source
        var isFirst = true
        while true {
            switch source.next(in: bytes) {
            case .refused(let refusal): return refusal
            case .end: return digits.count == 0 ? .empty : nil
            case .byte(let byte):
                if let refusal = take(byte, isFirst: isFirst) { return refusal }
            }
            isFirst = false
        }
    }

    private mutating func take(_ byte: UInt8, isFirst: Bool) -> NumberRefusal? {
        if let symbol = LocalNumber.symbol(byte) {
            if isGlobal, symbol > 9 { return .serviceSymbol }
            let room = isGlobal ? E164Number.digitCountRange.upperBound : LocalNumber.maximumCount
            return digits.count < room && digits.append(symbol: symbol) ? nil : .tooLong
        }
        if SubscriberReading.isSeparator(byte) { return nil }
        switch byte {
        case UInt8(ascii: "+"):
            guard isFirst else { return .misplacedPlus }
            isGlobal = true
            return nil
        case UInt8(ascii: " "): return .space
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): return .letter
        default: return .unexpectedCharacter
        }
    }
}
