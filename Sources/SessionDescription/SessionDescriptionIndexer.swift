// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads a session description once, front to back, and notes the places the codec filter needs.
struct SessionDescriptionIndexer {
    var media: [SessionDescription.Media] = []
    var formats: [SessionDescription.Format] = []
    var attributes: [SessionDescription.Attribute] = []

    /// For each payload type, its place among the current m-line's formats, or -1.
    private var places = InlineArray<256, Int32>(repeating: -1)
    private var hasVersion = false

    private struct Line {
        var content: Range<Int>
        var next: Int
        var number: Int

        func malformed(_ reason: String) -> MalformedSessionDescription {
            MalformedSessionDescription(reason: reason, line: number)
        }
    }

    init() {
        media.reserveCapacity(2)
        formats.reserveCapacity(16)
        attributes.reserveCapacity(24)
    }

    mutating func index(_ bytes: Span<UInt8>, in range: Range<Int>) throws(MalformedSessionDescription) {
        let limit = range.upperBound
        var line = Line(content: range.lowerBound..<range.lowerBound, next: range.lowerBound, number: 0)
        while line.next < limit {
            line.number &+= 1
            guard line.number <= SessionDescription.Limit.lines else { throw line.malformed("too many lines") }
            let start = line.next
            var end = start
            while end < limit {
                let byte = bytes[end]
                if byte <= Byte.carriageReturn {
                    if Byte.isLineEnd(byte) { break }
                    guard byte != 0 else { throw line.malformed("NUL byte") }
                }
                end &+= 1
            }
            line.content = start..<end
            let isPair = end &+ 1 < limit && bytes[end] == Byte.carriageReturn && bytes[end &+ 1] == Byte.lineFeed
            line.next = end &+ (isPair ? 2 : end < limit ? 1 : 0)
            if start < end { try lineRead(line, bytes) }
        }
        guard hasVersion else { throw line.malformed("no v= line") }
    }

    private mutating func lineRead(_ line: Line, _ bytes: Span<UInt8>) throws(MalformedSessionDescription) {
        let start = line.content.lowerBound
        guard line.content.count >= 2, bytes[start &+ 1] == Byte.equals, bytes[start] &- UInt8(ascii: "a") < 26 else {
            throw line.malformed("line is not type=value")
        }
        let type = bytes[start]
        guard hasVersion || type == UInt8(ascii: "v") else { throw line.malformed("no v= line at the start") }
        switch type {
        case UInt8(ascii: "v"):
            guard !hasVersion else { throw line.malformed("second v= line") }
            hasVersion = true
        case UInt8(ascii: "m"):
            try mediaRead(line, bytes)
        case UInt8(ascii: "a"):
            if !media.isEmpty { attributeRead(line, bytes) }
        default:
            break
        }
    }

    private mutating func mediaRead(_ line: Line, _ bytes: Span<UInt8>) throws(MalformedSessionDescription) {
        guard media.count < SessionDescription.Limit.media else { throw line.malformed("too many m-lines") }
        let end = line.content.upperBound
        let kindStart = line.content.lowerBound &+ 2
        let kindEnd = bytes.endOfToken(kindStart, end)
        let portStart = bytes.afterBlanks(kindEnd, end)
        let portEnd = bytes.endOfToken(portStart, end)
        let protocolStart = bytes.afterBlanks(portEnd, end)
        let protocolEnd = bytes.endOfToken(protocolStart, end)
        guard kindStart < kindEnd, protocolStart < protocolEnd else { throw line.malformed("m-line is incomplete") }
        guard let port = Self.port(bytes, portStart..<portEnd) else { throw line.malformed("m-line has no valid port") }
        let formatField = try formatsRead(line, bytes, from: bytes.afterBlanks(protocolEnd, end))
        guard port == 0 || formatField.formats.count > 0 else { throw line.malformed("m-line has no format") }
        let opened = SessionDescription.Media(
            kind: Self.kind(bytes.packedWord(kindStart..<kindEnd)),
            port: port,
            portField: portStart..<portEnd,
            isRTP: Self.isRTP(bytes, protocolStart..<protocolEnd),
            formats: formatField.formats,
            formatField: formatField.field,
            attributes: attributes.count..<attributes.count
        )
        media.append(opened)
    }

    private mutating func formatsRead(
        _ line: Line,
        _ bytes: Span<UInt8>,
        from start: Int
    ) throws(MalformedSessionDescription) -> (formats: Range<Int>, field: Range<Int>) {
        let end = line.content.upperBound
        let first = formats.count
        var fieldEnd = start
        var tokenStart = start
        places = InlineArray(repeating: -1)
        while tokenStart < end {
            guard formats.count &- first < SessionDescription.Limit.formats else {
                throw line.malformed("too many formats on an m-line")
            }
            fieldEnd = bytes.endOfToken(tokenStart, end)
            var payloadType = bytes.number(tokenStart..<fieldEnd, limit: 255)
            if let number = payloadType {
                if places[number] < 0 {
                    places[number] = Int32(truncatingIfNeeded: formats.count)
                } else {
                    payloadType = nil
                }
            }
            formats.append(SessionDescription.Format(payloadType: payloadType, field: tokenStart..<fieldEnd))
            tokenStart = bytes.afterBlanks(fieldEnd, end)
        }
        return (first..<formats.count, start..<fieldEnd)
    }

    private mutating func attributeRead(_ line: Line, _ bytes: Span<UInt8>) {
        let end = line.content.upperBound
        let nameStart = line.content.lowerBound &+ 2
        let nameEnd = bytes.firstIndex(of: Byte.colon, nameStart, end)
        let word = bytes.packedWord(nameStart..<nameEnd)
        switch word {
        case .rtpmap, .formatParameters, .rtcpFeedback:
            let numberStart = bytes.afterBlanks(min(nameEnd &+ 1, end), end)
            let numberEnd = bytes.endOfToken(numberStart, end)
            guard let payloadType = bytes.number(numberStart..<numberEnd, limit: 255) else { return }
            let value = bytes.afterBlanks(numberEnd, end)..<end
            note(SessionDescription.Attribute(payloadType: payloadType, line: line.content.lowerBound..<line.next))
            describe(payloadType, word, value, bytes)
        case .bundleOnly:
            note(SessionDescription.Attribute(payloadType: nil, line: line.content.lowerBound..<line.next))
            media[media.count &- 1].isBundleOnly = true
        default:
            break
        }
    }

    private mutating func note(_ attribute: SessionDescription.Attribute) {
        attributes.append(attribute)
        let section = media.count &- 1
        media[section].attributes = media[section].attributes.lowerBound..<attributes.count
    }

    /// Notes an rtpmap or fmtp value with its format. The first line of each sort counts, but two rtpmap lines that
    /// give different names give none: whoever reads on might believe either.
    private mutating func describe(_ payloadType: Int, _ word: PackedWord, _ value: Range<Int>, _ bytes: Span<UInt8>) {
        let place = Int(places[payloadType])
        guard place >= 0 else { return }
        if word == .rtpmap {
            let encoding = Self.encoding(bytes, value)
            let isContradicted = formats[place].mapping.map { $0.word != encoding.word } ?? false
            formats[place].mapping = isContradicted ? .unknown : formats[place].mapping ?? encoding
        } else if word == .formatParameters, formats[place].parameters.isEmpty {
            formats[place].parameters = value
        }
    }

    /// `name/rate/channels`, of which the channels do not matter here.
    private static func encoding(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Encoding {
        let end = bytes.endOfToken(value.lowerBound, value.upperBound)
        let nameEnd = bytes.firstIndex(of: Byte.slash, value.lowerBound, end)
        let rateStart = min(nameEnd &+ 1, end)
        let rateEnd = bytes.firstIndex(of: Byte.slash, rateStart, end)
        let name = value.lowerBound..<nameEnd
        let clockRate = bytes.number(rateStart..<rateEnd, limit: 1_000_000_000) ?? 0
        return Encoding(name: name, word: bytes.packedWord(name), clockRate: clockRate)
    }

    private static func port(_ bytes: Span<UInt8>, _ field: Range<Int>) -> Int? {
        let slash = bytes.firstIndex(of: Byte.slash, field.lowerBound, field.upperBound)
        if slash < field.upperBound {
            guard bytes.number(slash &+ 1..<field.upperBound, limit: 65535) != nil else { return nil }
        }
        return bytes.number(field.lowerBound..<slash, limit: 65535)
    }

    private static func kind(_ word: PackedWord) -> MediaKind {
        switch word {
        case .audio: .audio
        case .video: .video
        case .text: .text
        default: .other
        }
    }

    /// Every RTP profile, over whatever transport, has `RTP` as one part of its name (RFC 8866 §8.2.2).
    private static func isRTP(_ bytes: Span<UInt8>, _ field: Range<Int>) -> Bool {
        var start = field.lowerBound
        while start < field.upperBound {
            let end = bytes.firstIndex(of: Byte.slash, start, field.upperBound)
            if bytes.packedWord(start..<end) == .rtp { return true }
            start = end &+ 1
        }
        return false
    }
}
