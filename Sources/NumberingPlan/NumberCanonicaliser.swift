// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a user part or the body of a `tel` URI turned out to be.
package enum CanonicalNumber: Hashable, Sendable {
    /// An international number: what is judged, and the only thing that is dialled.
    case number(E164Number)
    /// A number without `+`: an extension or a national number; the caller decides.
    case notInternational(LocalNumber)
    /// Not a number, and why.
    case refused(NumberRefusal)
}

/// Reads the spellings of a telephone number into one form (RFC 3966 §3, RFC 3261 §19.1.6).
///
/// Nothing of the spelling survives: the result is a value, so policy and wire cannot see two different numbers.
package enum NumberCanonicaliser {
    /// A local number this short is never joined to its context: it may be an emergency or service code.
    static let shortestJoinedCount = 5

    /// Reads a whole user part or `tel` URI body.
    package static func canonicalise(user: [UInt8]) -> CanonicalNumber {
        canonicalise(user: user, in: user.indices)
    }

    /// Reads the user part of a SIP URI, or a `tel` URI without its scheme, from `range` of `user`.
    ///
    /// Percent-escapes are decoded once and `-.()` dropped. Parameters begin at the first `;` that is not escaped;
    /// `isub`, `ext`, `npdi`, `rn`, `cic` and all others leave the number alone. A `phone-context` of leading digits is
    /// put before a local number when that makes a number the numbering plan holds, and kept beside it otherwise, for
    /// RFC 3966 §5.1.5 does not promise that it is a prefix. A number with `+` has no context: one given is ignored.
    package static func canonicalise(user: [UInt8], in range: Range<Int>) -> CanonicalNumber {
        guard range.lowerBound >= 0, range.upperBound <= user.count else { return .refused(.outOfBounds) }
        let numberEnd = user[range].firstIndex(of: UInt8(ascii: ";")) ?? range.upperBound
        var reading = SubscriberReading()
        if let refusal = reading.read(EscapedBytes(bytes: user, at: range.lowerBound, end: numberEnd)) {
            return .refused(refusal)
        }
        if numberEnd < range.upperBound {
            var parameters = SubscriberParameters()
            if let refusal = parameters.read(user, in: numberEnd..<range.upperBound) { return .refused(refusal) }
            reading.digits.context = parameters.context
        }
        return reading.isGlobal ? global(reading.digits) : local(reading.digits)
    }

    private static func global(_ digits: LocalNumber) -> CanonicalNumber {
        guard digits[0] != UInt8(ascii: "0") else { return .refused(.leadingZero) }
        guard digits.count >= E164Number.digitCountRange.lowerBound else { return .refused(.tooShort) }
        guard let value = digits.value(after: 0), let number = E164Number(value: value) else {
            return .refused(.tooLong)
        }
        return .number(number)
    }

    private static func local(_ digits: LocalNumber) -> CanonicalNumber {
        guard case .global(let prefix) = digits.context, digits.count >= shortestJoinedCount,
            let value = digits.value(after: prefix), let number = E164Number(value: value)
        else { return .notInternational(digits) }
        let classification = NumberingPlan.classify(number)
        // A national prefix in the middle is a national number with its country, which a dial plan must read.
        guard classification.kind != .unassigned, !classification.hasNationalPrefix else {
            return .notInternational(digits)
        }
        return .number(number)
    }
}

/// The digits before the parameters.
struct SubscriberReading {
    var isGlobal = false
    var digits = LocalNumber()

    /// Reads to the end; nil when all was well.
    mutating func read(_ source: EscapedBytes) -> NumberRefusal? {
        var source = source
        var isFirst = true
        while true {
            switch source.next() {
            case .refused(let refusal): return refusal
            case .end: return digits.count == 0 ? .empty : nil
            case .byte(let byte):
                if let refusal = take(byte, isFirst: isFirst) { return refusal }
            }
            isFirst = false
        }
    }

    private mutating func take(_ byte: UInt8, isFirst: Bool) -> NumberRefusal? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "#"):
            guard let symbol = LocalNumber.symbol(byte) else { return .unexpectedCharacter }
            if isGlobal, symbol > 9 { return .serviceSymbol }
            let room = isGlobal ? E164Number.digitCountRange.upperBound : LocalNumber.maximumCount
            return digits.count < room && digits.append(symbol: symbol) ? nil : .tooLong
        case UInt8(ascii: "+"):
            guard isFirst else { return .misplacedPlus }
            isGlobal = true
            return nil
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): return nil
        case UInt8(ascii: " "): return .space
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): return .letter
        default: return .unexpectedCharacter
        }
    }
}
