// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import SIPMessage

/// A cheap test whether octets begin a SIP message (RFC 3261 §7.1, §7.2): on every port SIP is told by its first line.
///
/// It takes more than is sound SIP: what a message says wrong is for its reader to refuse.
enum StartLine {
    enum Verdict: Equatable {
        case start
        case other
        /// Not enough octets to tell.
        case more
    }

    /// What comes behind the octets looked at.
    enum Following {
        /// Perhaps more octets.
        case octets
        /// Nothing: the message ends, or was cut.
        case nothing
        /// The end of the line.
        case lineEnd
    }

    private static let maximumMethod = 64
    /// A Request-URI longer than this is taken for something else.
    private static let maximumLine = 16_384

    /// Looks at the octets of a range, and at what comes behind them. With `knownMethodsOnly` a method without a name
    /// here is refused, for a place where a line might begin in the middle of one.
    static func examine(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        then following: Following,
        knownMethodsOnly: Bool = false
    ) -> Verdict {
        let tokenEnd = bytes.endOfRun(of: ASCII.token, in: range.lowerBound..<min(range.upperBound, limit(range)))
        let token = range.lowerBound..<tokenEnd
        guard token.count <= maximumMethod else { return .other }
        guard tokenEnd < range.upperBound else { return following == .octets ? .more : .other }
        if bytes[tokenEnd] == UInt8(ascii: "/") { return status(bytes, range, following) }
        guard !token.isEmpty, bytes[tokenEnd] == UInt8(ascii: " ") else { return .other }
        let method = Method.find(bytes, token)
        if knownMethodsOnly, method == .other { return .other }
        guard let line = endOfLine(bytes, tokenEnd..<range.upperBound) else {
            if range.upperBound - tokenEnd > maximumLine { return .other }
            if following == .octets { return .more }
            let rest = tokenEnd..<range.upperBound
            if endsWithVersion(bytes, rest, any: method != .other) { return .start }
            // A message cut within its first line has its method alone to tell by.
            return following == .nothing && method != .other && hasScheme(bytes, rest) ? .start : .other
        }
        return endsWithVersion(bytes, tokenEnd..<line, any: method != .other) ? .start : .other
    }

    private static func limit(_ range: Range<Int>) -> Int { range.lowerBound + maximumMethod + 1 }

    /// `SIP/2.0 200`, in any version.
    private static func status(_ bytes: Span<UInt8>, _ range: Range<Int>, _ following: Following) -> Verdict {
        let start = range.lowerBound
        guard bytes.equals(start..<min(start + 3, range.upperBound), ignoringCase: "SIP") else { return .other }
        guard range.count >= 9 else { return following == .octets ? .more : .other }
        let isStatus =
            ASCII.isDigit(bytes[start + 4]) && bytes[start + 5] == UInt8(ascii: ".")
            && ASCII.isDigit(bytes[start + 6]) && bytes[start + 7] == UInt8(ascii: " ")
            && (ASCII.isDigit(bytes[start + 8]) || bytes[start + 8] == UInt8(ascii: " "))
        return isStatus ? .start : .other
    }

    private static func endOfLine(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for index in range.lowerBound..<min(range.upperBound, range.lowerBound + maximumLine)
        where bytes[index] == 10 || bytes[index] == 13 {
            return index
        }
        return nil
    }

    /// Whether `SIP/2.0` ends the line, or, for `any`, a version stands anywhere behind a blank.
    private static func endsWithVersion(_ bytes: Span<UInt8>, _ line: Range<Int>, any: Bool) -> Bool {
        let trimmed = bytes.trimmed(line)
        if trimmed.count >= 7, bytes.equals(trimmed.upperBound - 7..<trimmed.upperBound, ignoringCase: "SIP/2.0") {
            return true
        }
        guard any, trimmed.count > 4 else { return false }
        for index in stride(from: trimmed.upperBound - 5, through: line.lowerBound + 1, by: -1)
        where bytes[index - 1] == UInt8(ascii: " ") && ASCII.isDigit(bytes[index + 4])
            && bytes.equals(index..<index + 4, ignoringCase: "SIP/")
        {
            return true
        }
        return false
    }

    private static func hasScheme(_ bytes: Span<UInt8>, _ rest: Range<Int>) -> Bool {
        let schemes: [StaticString] = ["sip:", "sips:", "tel:"]
        return schemes.contains { scheme in
            rest.count > scheme.utf8CodeUnitCount && bytes.has(scheme, at: rest.lowerBound + 1)
        }
    }
}
