// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads `Digest LWS name=value *(COMMA name=value)` strictly (RFC 3261 §25.1 `credentials`, `challenge`).
struct DigestFieldScanner {
    /// The most bytes a field value may have.
    static let maximumLength = 4096
    /// The most parameters a field value may have.
    static let maximumParameters = 32

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private var unknownNames: [Range<Int>] = []

    /// Reads the parameters of `range`; parts of it beyond the bytes are ignored.
    static func parameters(of bytes: [UInt8], in range: Range<Int>) throws(DigestParseError) -> DigestParameterTable {
        var scanner = DigestFieldScanner(bytes: bytes, range: range.clamped(to: bytes.indices))
        return try scanner.scan()
    }

    private init(bytes: [UInt8], range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    private mutating func scan() throws(DigestParseError) -> DigestParameterTable {
        guard end &- position <= DigestFieldScanner.maximumLength else {
            throw DigestParseError(.tooLong, at: position)
        }
        try scanScheme()
        var table = DigestParameterTable()
        var count = 0
        while true {
            count &+= 1
            guard count <= DigestFieldScanner.maximumParameters else {
                throw DigestParseError(.tooManyParameters, at: position)
            }
            try scanParameter(into: &table)
            skipWhitespace()
            if position == end { return table }
            try expect(0x2C)
            skipWhitespace()
        }
    }

    private mutating func scanScheme() throws(DigestParseError) {
        skipWhitespace()
        let scheme = try scanToken()
        guard bytes.span.extracting(scheme).equalsIgnoringCase("Digest") else {
            throw DigestParseError(.unknownScheme, at: scheme.lowerBound)
        }
        let afterScheme = position
        skipWhitespace()
        guard position > afterScheme else { throw DigestParseError(.malformed, at: position) }
    }

    private mutating func scanParameter(into table: inout DigestParameterTable) throws(DigestParseError) {
        let name = try scanToken()
        skipWhitespace()
        try expect(0x3D)
        skipWhitespace()
        let value = try scanValue()
        if let parameter = DigestParameter(name: bytes.span.extracting(name)) {
            guard table[parameter] == nil else { throw DigestParseError(.duplicateParameter, at: name.lowerBound) }
            table[parameter] = value
        } else {
            try noteUnknown(name)
        }
    }

    private mutating func noteUnknown(_ name: Range<Int>) throws(DigestParseError) {
        for other in unknownNames where equalIgnoringCase(name, other) {
            throw DigestParseError(.duplicateParameter, at: name.lowerBound)
        }
        unknownNames.append(name)
    }

    private func equalIgnoringCase(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for (one, other) in zip(left, right) where bytes[one].asciiLowercased != bytes[other].asciiLowercased {
            return false
        }
        return true
    }

    private mutating func scanToken() throws(DigestParseError) -> Range<Int> {
        let start = position
        while position < end, bytes[position].isTokenCharacter {
            position &+= 1
        }
        guard position > start else { throw DigestParseError(.malformed, at: position) }
        return start..<position
    }

    private mutating func scanValue() throws(DigestParseError) -> DigestParameterValue {
        if position < end, bytes[position] == 0x22 {
            return try scanQuotedString()
        }
        return DigestParameterValue(range: try scanToken(), isQuoted: false, hasEscape: false)
    }

    // Folding inside a quoted string is grammatical, but the value is echoed and hashed as it stands, and nobody sends
    // it: every control character is refused.
    private mutating func scanQuotedString() throws(DigestParseError) -> DigestParameterValue {
        let quote = position
        position &+= 1
        var hasEscape = false
        var isASCII = true
        while position < end {
            let byte = bytes[position]
            if byte == 0x22 {
                let range = (quote &+ 1)..<position
                position &+= 1
                guard isASCII || isUTF8(range) else { throw DigestParseError(.invalidCharacter, at: quote) }
                return DigestParameterValue(range: range, isQuoted: true, hasEscape: hasEscape)
            }
            if byte == 0x5C {
                hasEscape = true
                position &+= 1
                guard position < end else { break }
                guard bytes[position] < 0x80 else { throw DigestParseError(.invalidCharacter, at: position) }
            }
            guard isText(bytes[position]) else { throw DigestParseError(.invalidCharacter, at: position) }
            isASCII = isASCII && byte < 0x80
            position &+= 1
        }
        throw DigestParseError(.unterminatedQuotedString, at: quote)
    }

    private func isText(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == 0x09
    }

    private func isUTF8(_ range: Range<Int>) -> Bool {
        String(validating: bytes[range], as: UTF8.self) != nil
    }

    private mutating func expect(_ byte: UInt8) throws(DigestParseError) {
        guard position < end, bytes[position] == byte else { throw DigestParseError(.malformed, at: position) }
        position &+= 1
    }

    // LWS = [*WSP CRLF] 1*WSP: a line break counts only when white space follows it.
    private mutating func skipWhitespace() {
        while position < end {
            let byte = bytes[position]
            if byte == 0x20 || byte == 0x09 {
                position &+= 1
            } else if byte == 0x0D, end &- position > 2, bytes[position &+ 1] == 0x0A,
                bytes[position &+ 2] == 0x20 || bytes[position &+ 2] == 0x09
            {
                position &+= 3
            } else {
                return
            }
        }
    }
}
