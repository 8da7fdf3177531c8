// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The scheme of a URI, as far as routing tells them apart.
package enum URIScheme: UInt8, Sendable {
    case sip
    case sips
    case tel
    case urn
    /// Another scheme, well formed; a request to it is answered 416 (RFC 3261 §8.2.2.1).
    case other
}

/// A URI inside a message, as ranges over the message's bytes (RFC 3261 §19.1.1, RFC 3966 §3).
///
/// Nothing is unescaped: escapes are decoded once, by whoever reads a part for its meaning.
package struct URIReference: Sendable, Hashable {
    /// The URI's scheme.
    package var scheme: URIScheme = .other
    /// The whole URI, scheme to headers.
    package var whole: FieldRange = .none
    /// The user part of a `sip:` or `sips:` URI, or all of another URI after its colon; escapes stand as received.
    package var user: FieldRange = .none
    /// The host, an IPv6 address without its brackets; empty for schemes without one.
    package var host: FieldRange = .none
    /// Whether the host was written as an IPv6 reference in brackets.
    package var isIPv6: Bool = false
    /// The port, 1 to 65535; nil when none is written.
    package var port: UInt16?
    /// The parameters after the host, from the first `;`; empty when there are none.
    package var parameters: FieldRange = .none
    /// The headers after `?`; empty when there are none.
    package var headers: FieldRange = .none

    /// Makes an empty reference.
    package init() {}

    /// Reads the URI that fills `range`.
    ///
    /// - Throws: `SyntaxError` when the scheme is malformed or a `sip:` or `sips:` URI departs from the grammar.
    package static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> URIReference {
        var uri = URIReference()
        uri.whole = FieldRange(range)
        var colon = range.lowerBound
        while colon < range.upperBound, bytes[colon] != UInt8(ascii: ":") {
            let byte = bytes[colon]
            guard colon == range.lowerBound ? ASCII.isLetter(byte) : ASCII.scheme.contains(byte) else {
                throw SyntaxError("the URI has no valid scheme", at: colon)
            }
            colon += 1
        }
        guard colon > range.lowerBound, colon < range.upperBound else {
            throw SyntaxError("the URI has no scheme", at: range.lowerBound)
        }
        let name = range.lowerBound..<colon
        let rest = (colon + 1)..<range.upperBound
        if bytes.equals(name, ignoringCase: "sip") {
            uri.scheme = .sip
        } else if bytes.equals(name, ignoringCase: "sips") {
            uri.scheme = .sips
        } else {
            if bytes.equals(name, ignoringCase: "tel") { uri.scheme = .tel }
            if bytes.equals(name, ignoringCase: "urn") { uri.scheme = .urn }
            try uri.readOpaque(bytes, rest)
            return uri
        }
        try uri.readHierarchical(bytes, rest)
        return uri
    }

    private mutating func readOpaque(_ bytes: Span<UInt8>, _ rest: Range<Int>) throws(SyntaxError) {
        guard !rest.isEmpty else { throw SyntaxError("the URI is empty after its scheme", at: rest.lowerBound) }
        for index in rest where bytes[index] <= 32 || bytes[index] >= 127 {
            throw SyntaxError("the URI holds a blank or a byte outside ASCII", at: index)
        }
        user = FieldRange(rest)
    }

    private mutating func readHierarchical(_ bytes: Span<UInt8>, _ rest: Range<Int>) throws(SyntaxError) {
        var hostStart = rest.lowerBound
        if let at = try Self.endOfUserInfo(bytes, rest) {
            var end = rest.lowerBound
            while end < at, bytes[end] != UInt8(ascii: ":") { end += 1 }
            guard end > rest.lowerBound else { throw SyntaxError("the user part is empty", at: rest.lowerBound) }
            user = FieldRange(rest.lowerBound..<end)
            hostStart = at + 1
        }
        var cursor = try readHost(bytes, hostStart..<rest.upperBound)
        if cursor < rest.upperBound, bytes[cursor] == UInt8(ascii: ":") {
            let start = cursor + 1
            cursor = start
            while cursor < rest.upperBound, ASCII.isDigit(bytes[cursor]) { cursor += 1 }
            guard let value = bytes.decimal(start..<cursor, maximum: 65535), value > 0 else {
                throw SyntaxError("the port is not a number from 1 to 65535", at: start)
            }
            port = UInt16(truncatingIfNeeded: value)
        }
        try readTail(bytes, cursor..<rest.upperBound)
    }

    /// Finds the `@` that ends the userinfo and checks the characters before it; nil when there is none.
    private static func endOfUserInfo(_ bytes: Span<UInt8>, _ rest: Range<Int>) throws(SyntaxError) -> Int? {
        var cursor = rest.lowerBound
        var fault: SyntaxError?
        while cursor < rest.upperBound {
            cursor = bytes.endOfRun(of: ASCII.userInfo, in: cursor..<rest.upperBound)
            guard cursor < rest.upperBound else { return nil }
            let byte = bytes[cursor]
            if byte == UInt8(ascii: "@") {
                if let fault { throw fault }
                return cursor
            }
            // What is wrong in a userinfo may be right in a host, so the fault waits for the at sign.
            if fault == nil { fault = escapeFault(bytes, cursor..<rest.upperBound) }
            cursor += 1
        }
        return nil
    }

    private static func escapeFault(_ bytes: Span<UInt8>, _ range: Range<Int>) -> SyntaxError? {
        let cursor = range.lowerBound
        guard bytes[cursor] == UInt8(ascii: "%") else {
            return SyntaxError("the user part holds a character that must be escaped", at: cursor)
        }
        let isEscape =
            cursor + 2 < range.upperBound && ASCII.hexValue(bytes[cursor + 1]) != nil
            && ASCII.hexValue(bytes[cursor + 2]) != nil
        return isEscape ? nil : SyntaxError("a percent sign is not followed by two hexadecimal digits", at: cursor)
    }

    private mutating func readHost(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> Int {
        var cursor = range.lowerBound
        if cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "[") {
            cursor += 1
            let start = cursor
            while cursor < range.upperBound, ASCII.ipv6.contains(bytes[cursor]) { cursor += 1 }
            guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "]"), cursor > start else {
                throw SyntaxError("the IPv6 reference is not closed or not an address", at: start)
            }
            host = FieldRange(start..<cursor)
            isIPv6 = true
            return cursor + 1
        }
        cursor = bytes.endOfRun(of: ASCII.host, in: range)
        guard cursor > range.lowerBound else { throw SyntaxError("the host is empty", at: cursor) }
        host = FieldRange(range.lowerBound..<cursor)
        return cursor
    }

    private mutating func readTail(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        guard !range.isEmpty else { return }
        guard bytes[range.lowerBound] == UInt8(ascii: ";") || bytes[range.lowerBound] == UInt8(ascii: "?") else {
            throw SyntaxError("the host is followed by a character that cannot stand there", at: range.lowerBound)
        }
        let question = bytes.endOfRun(of: ASCII.uriParameterRun, in: range)
        if question > range.lowerBound { parameters = FieldRange(range.lowerBound..<question) }
        guard question < range.upperBound else { return }
        guard bytes[question] == UInt8(ascii: "?") else {
            throw SyntaxError("the URI's parameters hold a character that must be escaped", at: question)
        }
        let rest = (question + 1)..<range.upperBound
        let end = bytes.endOfRun(of: ASCII.uriHeaderRun, in: rest)
        guard end == rest.upperBound else {
            throw SyntaxError("the URI's headers hold a character that must be escaped", at: end)
        }
        headers = FieldRange(rest)
    }
}
