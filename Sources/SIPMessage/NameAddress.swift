// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A `name-addr` or `addr-spec` with its parameters, as From, To, Contact, Route and their like hold it
/// (RFC 3261 §20.10, §25.1).
package struct NameAddress: Sendable, Hashable {
    /// The whole element, parameters included.
    package var whole: FieldRange = .none
    /// The display name as written, quotation marks included; empty when there is none.
    package var displayName: FieldRange = .none
    /// The URI.
    package var uri = URIReference()
    /// The parameters that belong to the header field, not to the URI.
    package var parameters = Parameters(.none)

    /// Makes an empty element.
    package init() {}

    /// The tag parameter's value (RFC 3261 §19.3); nil when absent or empty.
    package func tag(in bytes: Span<UInt8>) -> Range<Int>? {
        guard let value = parameters.value("tag", in: bytes), !value.isEmpty else { return nil }
        return value
    }

    /// Reads the element that fills `range`.
    ///
    /// - Throws: `SyntaxError` for an unbalanced quote, an unquoted display name that is not tokens, blanks inside
    ///   the angle brackets, or an addr-spec with a `?` outside them (RFC 3261 §20: such a URI needs brackets).
    package static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> NameAddress {
        let range = bytes.trimmed(range)
        var element = NameAddress()
        element.whole = FieldRange(range)
        var cursor = range.lowerBound
        guard cursor < range.upperBound else { throw SyntaxError("the address is empty", at: cursor) }
        if bytes[cursor] == UInt8(ascii: "\"") {
            cursor = try endOfQuotedString(bytes, cursor..<range.upperBound)
            element.displayName = FieldRange(range.lowerBound..<cursor)
            while cursor < range.upperBound, ASCII.isLinearWhitespace(bytes[cursor]) { cursor += 1 }
            guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "<") else {
                throw SyntaxError("a quoted display name is not followed by an address in brackets", at: cursor)
            }
        }
        if let bracket = openingBracket(bytes, cursor..<range.upperBound) {
            try element.readDisplayTokens(bytes, cursor..<bracket)
            try element.readBracketed(bytes, bracket..<range.upperBound)
        } else {
            try element.readPlain(bytes, cursor..<range.upperBound)
        }
        return element
    }

    /// The first `<` before any parameter.
    private static func openingBracket(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for index in range {
            if bytes[index] == UInt8(ascii: "<") { return index }
            if bytes[index] == UInt8(ascii: ";") || bytes[index] == UInt8(ascii: "\"") { return nil }
        }
        return nil
    }

    private mutating func readDisplayTokens(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        guard displayName.isEmpty else { return }
        let tokens = bytes.trimmed(range)
        for index in tokens
        where !ASCII.token.contains(bytes[index]) && !ASCII.isLinearWhitespace(bytes[index]) {
            throw SyntaxError("the display name must be quoted to hold this character", at: index)
        }
        displayName = FieldRange(tokens)
    }

    private mutating func readBracketed(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        var close = range.lowerBound + 1
        while close < range.upperBound, bytes[close] != UInt8(ascii: ">") { close += 1 }
        guard close < range.upperBound else {
            throw SyntaxError("the address has no closing bracket", at: range.lowerBound)
        }
        uri = try URIReference.parse(bytes, (range.lowerBound + 1)..<close)
        try readParameters(bytes, (close + 1)..<range.upperBound)
    }

    private mutating func readPlain(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        // Without brackets every parameter belongs to the header field (RFC 3261 §20.10).
        var semicolon = range.lowerBound
        while semicolon < range.upperBound, bytes[semicolon] != UInt8(ascii: ";") { semicolon += 1 }
        // A semicolon inside the user part does not end the address.
        if let at = (range.lowerBound..<range.upperBound).first(where: { bytes[$0] == UInt8(ascii: "@") }),
            semicolon < at
        {
            semicolon = at
            while semicolon < range.upperBound, bytes[semicolon] != UInt8(ascii: ";") { semicolon += 1 }
        }
        let address = bytes.trimmed(range.lowerBound..<semicolon)
        for index in address where bytes[index] == UInt8(ascii: ",") {
            throw SyntaxError("an address with this character needs angle brackets", at: index)
        }
        uri = try URIReference.parse(bytes, address)
        guard uri.headers.isEmpty else {
            throw SyntaxError("an address with this character needs angle brackets", at: address.lowerBound)
        }
        try readParameters(bytes, semicolon..<range.upperBound)
    }

    private mutating func readParameters(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) {
        let range = bytes.trimmed(range)
        try bytes.checkParameters(range)
        if !range.isEmpty { parameters = Parameters(FieldRange(range)) }
    }

    /// The index after a quoted string that begins at the range's start.
    package static func endOfQuotedString(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> Int {
        var cursor = range.lowerBound + 1
        while cursor < range.upperBound {
            let byte = bytes[cursor]
            if byte == UInt8(ascii: "\"") { return cursor + 1 }
            cursor += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        throw SyntaxError("a quotation mark is not closed", at: range.lowerBound)
    }
}

extension Span<UInt8> {
    /// Checks a run of parameters: each begins with `;`, has a token for a name, and balanced quotes.
    package func checkParameters(_ range: Range<Int>) throws(SyntaxError) {
        guard !range.isEmpty else { return }
        var cursor = range.lowerBound
        while cursor < range.upperBound {
            guard self[cursor] == UInt8(ascii: ";") else {
                throw SyntaxError("the parameters hold a character that cannot stand there", at: cursor)
            }
            cursor = skipBlanks((cursor + 1)..<range.upperBound)
            let name = cursor
            while cursor < range.upperBound, ASCII.token.contains(self[cursor]) { cursor += 1 }
            guard cursor > name else { throw SyntaxError("a parameter has no name", at: name) }
            cursor = skipBlanks(cursor..<range.upperBound)
            if cursor < range.upperBound, self[cursor] == UInt8(ascii: "=") {
                cursor = try endOfParameterValue(skipBlanks((cursor + 1)..<range.upperBound)..<range.upperBound)
                cursor = skipBlanks(cursor..<range.upperBound)
            }
        }
    }

    private func skipBlanks(_ range: Range<Int>) -> Int {
        var cursor = range.lowerBound
        while cursor < range.upperBound, ASCII.isLinearWhitespace(self[cursor]) { cursor += 1 }
        return cursor
    }

    private func endOfParameterValue(_ range: Range<Int>) throws(SyntaxError) -> Int {
        var cursor = range.lowerBound
        guard cursor < range.upperBound else { throw SyntaxError("a parameter has no value", at: cursor) }
        if self[cursor] == UInt8(ascii: "\"") { return try NameAddress.endOfQuotedString(self, range) }
        while cursor < range.upperBound, self[cursor] != UInt8(ascii: ";"),
            !ASCII.isLinearWhitespace(self[cursor])
        {
            let byte = self[cursor]
            guard byte > 32, byte != UInt8(ascii: ","), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "<"),
                byte != UInt8(ascii: ">"), byte != 127
            else { throw SyntaxError("a parameter's value holds a character that needs quotes", at: cursor) }
            cursor += 1
        }
        return cursor
    }
}
