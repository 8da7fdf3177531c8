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
        canonicalise(user: user, in: 0..<user.count)
    }

    /// Reads the user part of a SIP URI, or a `tel` URI without its scheme, from `range` of `user`.
    ///
    /// Percent-escapes are decoded once and `-.()` dropped. Parameters begin at the first `;` that is not escaped.
    /// Those of RFC 3966 and RFC 4694 must be well formed and stand once; a routing number or carrier (`rn`, `cic`) is
    /// for the network to give, so from a caller it is dropped, like every parameter but `phone-context`.
    ///
    /// A `phone-context` of leading digits is put before a local number when that makes a number the numbering plan
    /// holds, and kept beside it otherwise, for RFC 3966 §5.1.5 does not promise that it is a prefix: after `+44`,
    /// `02079460000` still has its national prefix and stays local. A domain is kept beside the number; read it with
    /// `LocalNumber.contextDomain(in:)`. A number with `+` has no context: one given is ignored.
    package static func canonicalise(user: [UInt8], in range: Range<Int>) -> CanonicalNumber {
        var reading = SubscriberReading()
        return canonicalise(user, in: range, &reading)
    }

    /// The one reading there is; `reading` tells afterwards what was read on the way.
    static func canonicalise(
        _ user: [UInt8],
        in range: Range<Int>,
        _ reading: inout SubscriberReading
    ) -> CanonicalNumber {
        guard range.lowerBound >= 0, range.upperBound <= user.count else { return .refused(.outOfBounds) }
        if let refusal = reading.read(user.span, in: range) { return .refused(refusal) }
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
