// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The parts of a Content-Type value that say how to read a body (RFC 3261 §20.15, RFC 2045 §5.1).
enum BodyType {
    case sessionDescription
    case multipart(boundary: [UInt8])
    case other
    case malformed(String)

    /// Reads the value that lies in `range`; comments are not allowed in it.
    init(_ bytes: Span<UInt8>, in range: Range<Int>) {
        let end = range.upperBound
        let typeStart = Self.afterWhitespace(bytes, range.lowerBound, end)
        let typeEnd = Self.endOfName(bytes, typeStart, end)
        let slash = Self.afterWhitespace(bytes, typeEnd, end)
        guard slash < end, bytes[slash] == Byte.slash else {
            self = .malformed("Content-Type is not type/subtype")
            return
        }
        let subtypeStart = Self.afterWhitespace(bytes, slash &+ 1, end)
        let subtypeEnd = Self.endOfName(bytes, subtypeStart, end)
        let type = bytes.packedWord(typeStart..<typeEnd)
        let subtype = bytes.packedWord(subtypeStart..<subtypeEnd)
        switch (type, subtype) {
        case (.application, .sdp):
            self = .sessionDescription
        case (.multipart, .signed), (.multipart, .encrypted):
            // An edit would break the signature; an encrypted part cannot be read.
            self = .other
        case (.multipart, _):
            // RFC 2046 §5.1.3: an unknown subtype is read as multipart/mixed.
            self = Self.multipart(bytes, subtypeEnd, end)
        default:
            self = .other
        }
    }

    private static func multipart(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> BodyType {
        var position = afterWhitespace(bytes, start, end)
        while position < end, bytes[position] == Byte.semicolon {
            let nameStart = afterWhitespace(bytes, position &+ 1, end)
            let nameEnd = endOfName(bytes, nameStart, end)
            let equals = afterWhitespace(bytes, nameEnd, end)
            guard equals < end, bytes[equals] == Byte.equals else { break }
            let parameter = value(bytes, afterWhitespace(bytes, equals &+ 1, end), end)
            if bytes.equalsFolded(nameStart..<nameEnd, "boundary") {
                guard (1...70).contains(parameter.text.count) else {
                    return .malformed("multipart boundary is not 1 to 70 characters")
                }
                return .multipart(boundary: parameter.text)
            }
            position = afterWhitespace(bytes, parameter.end, end)
        }
        return .malformed("multipart without boundary parameter")
    }

    /// A token or quoted-string, unquoted, and the place after it.
    private static func value(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (text: [UInt8], end: Int) {
        var text: [UInt8] = []
        var position = start
        guard start < end, bytes[start] == Byte.quote else {
            position = endOfName(bytes, start, end)
            for index in start..<position { text.append(bytes[index]) }
            return (text, position)
        }
        position &+= 1
        while position < end, bytes[position] != Byte.quote {
            if bytes[position] == Byte.backslash, position &+ 1 < end { position &+= 1 }
            text.append(bytes[position])
            position &+= 1
        }
        return (text, min(position &+ 1, end))
    }

    private static func afterWhitespace(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, Byte.isBlank(bytes[index]) || Byte.isLineEnd(bytes[index]) { index &+= 1 }
        return index
    }

    private static func endOfName(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end {
            switch bytes[index] {
            case Byte.semicolon, Byte.equals, Byte.slash, Byte.quote, 0...Byte.space: return index
            default: index &+= 1
            }
        }
        return index
    }
}
