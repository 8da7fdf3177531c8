// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Narrows the codecs a body offers to those of a list; every byte that says something else stays as it is.
package enum CodecFilter {
    /// Filters a body that stands by itself.
    ///
    /// `contentType` is the value of the Content-Type header field, nil when there is none; a body without one is
    /// read as a session description when it begins like one.
    package static func filter(
        _ body: [UInt8],
        contentType: [UInt8]?,
        by list: CodecList
    ) -> CodecFilterOutcome {
        guard !list.isEmpty, !body.isEmpty else { return .unchanged }
        let type = contentType.map { BodyType($0.span, in: 0..<$0.count) }
        return filter(body, body: 0..<body.count, type: type, by: list)
    }

    /// Filters the body of a message held whole: `body` and `contentType` are the places in `message` of the body
    /// and of the Content-Type value (nil when there is none). What lies outside the message is ignored.
    package static func filter(
        _ message: [UInt8],
        body: Range<Int>,
        contentType: Range<Int>?,
        by list: CodecList
    ) -> CodecFilterOutcome {
        let body = body.clamped(to: 0..<message.count)
        guard !list.isEmpty, !body.isEmpty else { return .unchanged }
        let type = contentType.map { BodyType(message.span, in: $0.clamped(to: 0..<message.count)) }
        return filter(message, body: body, type: type, by: list)
    }

    private static func filter(
        _ source: [UInt8],
        body: Range<Int>,
        type: BodyType?,
        by list: CodecList
    ) -> CodecFilterOutcome {
        var pass = CodecFilterPass(list: list)
        do {
            try pass.filter(source.span, body, type ?? assumedType(source.span, body))
        } catch {
            return .malformed(reason: error.reason, line: error.line)
        }
        if pass.ruledAudioLines > 0, pass.emptiedAudioLines == pass.ruledAudioLines {
            return .nothingLeft(offered: CodecReport(source: source, pass: pass).offeredAudio)
        }
        guard !pass.edits.isEmpty else { return .unchanged }
        let filtered = pass.edits.applied(to: source, body: body)
        return .filtered(body: filtered, report: CodecReport(source: source, pass: pass))
    }

    private static func assumedType(_ bytes: Span<UInt8>, _ body: Range<Int>) -> BodyType {
        let start = body.lowerBound
        let isSessionDescription =
            body.count >= 2 && bytes[start] == UInt8(ascii: "v") && bytes[start &+ 1] == Byte.equals
        return isSessionDescription ? .sessionDescription : .other
    }
}

/// What the codec filter made of a body.
package enum CodecFilterOutcome: Sendable, Hashable {
    /// The body crosses as it is: the list is empty, nothing in it is a session description, or all of it is listed.
    case unchanged
    /// The body to send instead, and what was changed.
    case filtered(body: [UInt8], report: CodecReport)
    /// No audio line has a listed codec (488, Warning 305); `offered` has the names that were offered.
    case nothingLeft(offered: [String])
    /// The body cannot be read; `line` counts from 1 in the session description, and is 0 for a fault outside one.
    case malformed(reason: String, line: Int)
}

/// One filter pass over a body: what it has seen and what it is going to change.
struct CodecFilterPass {
    let list: CodecList
    private(set) var edits = BodyEdits()
    /// Where the session descriptions stand.
    private(set) var parts: [Range<Int>] = []
    /// The active audio lines that offer a codec, and those of them that are left with none.
    private(set) var ruledAudioLines = 0
    private(set) var emptiedAudioLines = 0
    private var selection = CodecSelection()

    private static let deepestNesting = 4

    init(list: CodecList) {
        self.list = list
    }

    mutating func filter(
        _ bytes: Span<UInt8>,
        _ body: Range<Int>,
        _ type: BodyType,
        depth: Int = 0
    ) throws(MalformedSessionDescription) {
        switch type {
        case .other:
            return
        case .malformed(let reason):
            throw MalformedSessionDescription(reason: reason, line: 0)
        case .sessionDescription:
            try filterDescription(bytes, body)
        case .multipart(let boundary):
            guard depth < Self.deepestNesting else {
                throw MalformedSessionDescription(reason: "multipart bodies nested too deep", line: 0)
            }
            var reader = MultipartReader(boundary: boundary, body: body)
            var hasPart = false
            while let part = try reader.next(bytes) {
                hasPart = true
                try filterPart(bytes, part, depth: depth)
            }
            guard hasPart else {
                throw MalformedSessionDescription(reason: "multipart body without a part", line: 0)
            }
        }
    }

    private mutating func filterPart(
        _ bytes: Span<UInt8>,
        _ part: MultipartReader.Part,
        depth: Int
    ) throws(MalformedSessionDescription) {
        guard let contentType = part.contentType else { return }
        let type = BodyType(bytes, in: contentType)
        if case .other = type { return }
        if let encoding = part.transferEncoding {
            let isPlain = ["binary", "8bit", "7bit"].contains { bytes.equalsFolded(encoding, $0) }
            guard isPlain else {
                throw MalformedSessionDescription(reason: "session description in a transfer encoding", line: 0)
            }
        }
        let firstEdit = edits.count
        let growthBefore = edits.growth
        try filter(bytes, part.body, type, depth: depth &+ 1)
        guard edits.count > firstEdit, let field = part.contentLength else { return }
        let length = part.body.count &+ edits.growth &- growthBefore
        if bytes.number(field, limit: 1_000_000_000) != length {
            edits.replace(field, withNumber: length, at: firstEdit)
        }
    }

    private mutating func filterDescription(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>
    ) throws(MalformedSessionDescription) {
        let description = try SessionDescription(bytes, in: range)
        parts.append(range)
        for media in description.media {
            let verdict = selection.judge(media, of: description, in: bytes, by: list)
            var isEmptied = false
            switch verdict {
            case .untouched(let isRuled):
                if isRuled, media.kind == .audio { ruledAudioLines &+= 1 }
                continue
            case .narrowed:
                break
            case .emptied:
                isEmptied = true
            }
            if media.kind == .audio {
                ruledAudioLines &+= 1
                if isEmptied { emptiedAudioLines &+= 1 }
            }
            edit(media, of: description, isEmptied: isEmptied)
        }
    }

    private mutating func edit(
        _ media: SessionDescription.Media,
        of description: SessionDescription,
        isEmptied: Bool
    ) {
        if isEmptied, media.port != 0 {
            edits.replace(media.portField, withNumber: 0, at: edits.count)
        }
        edits.replace(media.formatField, withFormats: selection.kept, of: description)
        for place in media.attributes {
            let attribute = description.attributes[place]
            // A bundle-only line would make port 0 an offer again.
            let isDropped = attribute.payloadType.map { selection.fates[$0] == .dropped } ?? isEmptied
            if isDropped { edits.remove(attribute.line) }
        }
    }
}
