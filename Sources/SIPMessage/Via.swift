// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The transport named in a Via (RFC 3261 §20.42).
package enum ViaTransport: UInt8, Sendable {
    case udp
    case tcp
    case tls
    case other
}

/// One Via element, as ranges over the message's bytes (RFC 3261 §20.42, RFC 3581).
package struct Via: Sendable, Hashable {
    /// The whole element.
    package var whole: FieldRange = .none
    /// The transport.
    package var transport: ViaTransport = .other
    /// The sent-by host, an IPv6 address without its brackets.
    package var host: FieldRange = .none
    /// Whether the host was written in brackets.
    package var isIPv6 = false
    /// The sent-by port; nil when none is written, which means 5060 (5061 for TLS).
    package var port: UInt16?
    /// The parameters.
    package var parameters = Parameters(.none)
    /// The branch's value; empty when there is none.
    package var branch: FieldRange = .none
    /// Whether an `rport` parameter is present (RFC 3581 §3).
    package var hasRport = false

    /// Makes an empty element.
    package init() {}

    /// Whether the branch carries RFC 3261's magic cookie and something after it.
    package func hasMagicCookie(_ bytes: Span<UInt8>) -> Bool {
        let range = branch.indices
        guard range.count > 7 else { return false }
        return bytes.equals(range.lowerBound..<(range.lowerBound + 7), ignoringCase: "z9hG4bK")
    }

    /// Reads the element that fills `range`.
    ///
    /// - Throws: `SyntaxError` when the protocol is not SIP/2.0 or a part is malformed.
    package static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> Via {
        let range = bytes.trimmed(range)
        var via = Via()
        via.whole = FieldRange(range)
        var cursor = try via.readProtocol(bytes, range)
        cursor = try via.readSentBy(bytes, cursor..<range.upperBound)
        let tail = bytes.trimmed(cursor..<range.upperBound)
        if !tail.isEmpty {
            via.parameters = Parameters(FieldRange(tail))
            try via.readParameters(bytes, tail)
        }
        return via
    }

    private mutating func readParameters(_ bytes: Span<UInt8>, _ tail: Range<Int>) throws(SyntaxError) {
        // A received parameter in brackets is outside the grammar but seen (RFC 5118 §4.5), so values are free here.
        guard bytes[tail.lowerBound] == UInt8(ascii: ";") else {
            throw SyntaxError("the Via's parameters do not begin with a semicolon", at: tail.lowerBound)
        }
        var cursor = ParameterCursor(tail)
        var end = tail.lowerBound
        var hasReceived = false
        while let parameter = cursor.next(bytes) {
            guard !parameter.name.isEmpty, bytes.holdsOneSemicolon(end..<parameter.name.lowerBound) else {
                throw SyntaxError("a Via parameter has no name", at: end)
            }
            end = max(parameter.name.upperBound, parameter.value.upperBound)
            for index in parameter.name where !ASCII.token.contains(bytes[index]) {
                throw SyntaxError("a Via parameter's name is not a token", at: index)
            }
            if bytes.equals(parameter.name, ignoringCase: "branch") {
                guard branch.isEmpty else {
                    throw SyntaxError("the Via has two branches", at: parameter.name.lowerBound)
                }
                branch = FieldRange(parameter.value)
                for index in parameter.value where !ASCII.token.contains(bytes[index]) {
                    throw SyntaxError("the Via's branch is not a token", at: index)
                }
            } else if bytes.equals(parameter.name, ignoringCase: "rport") {
                hasRport = true
            } else if bytes.equals(parameter.name, ignoringCase: "received") {
                guard !hasReceived else {
                    throw SyntaxError("the Via has two received parameters", at: parameter.name.lowerBound)
                }
                hasReceived = true
            }
        }
        for index in end..<tail.upperBound where bytes[index] == UInt8(ascii: ";") {
            throw SyntaxError("a Via parameter has no name", at: index)
        }
    }

    private mutating func readProtocol(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> Int {
        var cursor = range.lowerBound
        var parts = (cursor..<cursor, cursor..<cursor)
        for part in 0..<2 {
            let start = cursor
            while cursor < range.upperBound, ASCII.token.contains(bytes[cursor]) { cursor += 1 }
            if part == 0 { parts.0 = start..<cursor } else { parts.1 = start..<cursor }
            while cursor < range.upperBound, ASCII.isLinearWhitespace(bytes[cursor]) { cursor += 1 }
            guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "/") else {
                throw SyntaxError("the Via does not begin with SIP/2.0 and a transport", at: cursor)
            }
            cursor += 1
            while cursor < range.upperBound, ASCII.isLinearWhitespace(bytes[cursor]) { cursor += 1 }
        }
        guard bytes.equals(parts.0, ignoringCase: "SIP"), bytes.equals(parts.1, "2.0") else {
            throw SyntaxError("the Via's protocol is not SIP/2.0", at: range.lowerBound)
        }
        let start = cursor
        while cursor < range.upperBound, ASCII.token.contains(bytes[cursor]) { cursor += 1 }
        guard cursor > start, cursor < range.upperBound, ASCII.isLinearWhitespace(bytes[cursor]) else {
            throw SyntaxError("the Via has no transport", at: start)
        }
        let name = start..<cursor
        transport =
            if bytes.equals(name, ignoringCase: "UDP") { .udp } else if bytes.equals(name, ignoringCase: "TCP") {
                .tcp
            } else if bytes.equals(name, ignoringCase: "TLS") { .tls } else { .other }
        while cursor < range.upperBound, ASCII.isLinearWhitespace(bytes[cursor]) { cursor += 1 }
        return cursor
    }

    private mutating func readSentBy(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> Int {
        var cursor = range.lowerBound
        if cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "[") {
            let start = cursor + 1
            cursor = start
            while cursor < range.upperBound, ASCII.ipv6.contains(bytes[cursor]) { cursor += 1 }
            guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "]"), cursor > start else {
                throw SyntaxError("the Via's IPv6 reference is not closed or not an address", at: start)
            }
            host = FieldRange(start..<cursor)
            isIPv6 = true
            cursor += 1
        } else {
            cursor = bytes.endOfRun(of: ASCII.host, in: range)
            guard cursor > range.lowerBound else { throw SyntaxError("the Via has no sent-by host", at: cursor) }
            host = FieldRange(range.lowerBound..<cursor)
        }
        var next = cursor
        while next < range.upperBound, ASCII.isLinearWhitespace(bytes[next]) { next += 1 }
        guard next < range.upperBound, bytes[next] == UInt8(ascii: ":") else { return cursor }
        next += 1
        while next < range.upperBound, ASCII.isLinearWhitespace(bytes[next]) { next += 1 }
        cursor = next
        while cursor < range.upperBound, ASCII.isDigit(bytes[cursor]) { cursor += 1 }
        guard let value = bytes.decimal(next..<cursor, maximum: 65535), value > 0 else {
            throw SyntaxError("the Via's port is not a number from 1 to 65535", at: next)
        }
        port = UInt16(truncatingIfNeeded: value)
        return cursor
    }
}

extension Span<UInt8> {
    fileprivate func holdsOneSemicolon(_ range: Range<Int>) -> Bool {
        var count = 0
        for index in range where self[index] == UInt8(ascii: ";") { count += 1 }
        return count == 1
    }
}
