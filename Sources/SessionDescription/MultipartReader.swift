// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Walks the parts of a multipart body (RFC 2046 §5.1.1); preamble and epilogue are passed over.
struct MultipartReader {
    private let boundary: [UInt8]
    private let end: Int
    private var position: Int
    private var isInPart = false

    /// One part: its header fields that matter here, and its body.
    struct Part {
        var contentType: Range<Int>?
        var contentLength: Range<Int>?
        var transferEncoding: Range<Int>?
        var body: Range<Int>
    }

    private enum Delimiter {
        case none, open, close
    }

    init(boundary: [UInt8], body: Range<Int>) {
        self.boundary = boundary
        position = body.lowerBound
        end = body.upperBound
    }

    /// The next part, or nil after the last; throws on a line that some readers take for the boundary and some not.
    mutating func next(_ bytes: Span<UInt8>) throws(MalformedSessionDescription) -> Part? {
        var partStart = position
        while position < end {
            let lineStart = position
            let lineEnd = bytes.firstIndex(of: Byte.lineFeed, lineStart, end)
            position = min(lineEnd &+ 1, end)
            let delimiter = try delimiter(bytes, lineStart..<lineEnd)
            guard delimiter != .none else { continue }
            let wasInPart = isInPart
            isInPart = delimiter == .open
            if delimiter == .close { position = end }
            if wasInPart { return part(bytes, partStart..<Self.beforeLineEnd(bytes, lineStart, partStart)) }
            partStart = position
        }
        guard isInPart else { return nil }
        isInPart = false
        return part(bytes, partStart..<end)
    }

    private func delimiter(
        _ bytes: Span<UInt8>,
        _ line: Range<Int>
    ) throws(MalformedSessionDescription) -> Delimiter {
        let start = line.lowerBound
        guard line.count >= boundary.count &+ 2, bytes[start] == Byte.hyphen, bytes[start &+ 1] == Byte.hyphen else {
            return .none
        }
        var index = start &+ 2
        for byte in boundary {
            guard bytes[index] == byte else { return .none }
            index &+= 1
        }
        let lineEnd = line.upperBound
        let isClose =
            index &+ 1 < lineEnd && bytes[index] == Byte.hyphen && bytes[index &+ 1] == Byte.hyphen
        var rest = bytes.afterBlanks(isClose ? index &+ 2 : index, lineEnd)
        if rest < lineEnd, bytes[rest] == Byte.carriageReturn { rest &+= 1 }
        guard rest == lineEnd else {
            throw MalformedSessionDescription(reason: "multipart boundary line goes on after the boundary", line: 0)
        }
        return isClose ? .close : .open
    }

    /// The line end before a delimiter belongs to the delimiter.
    private static func beforeLineEnd(_ bytes: Span<UInt8>, _ place: Int, _ start: Int) -> Int {
        var end = place
        if end > start, bytes[end &- 1] == Byte.lineFeed { end &-= 1 }
        if end > start, end < place, bytes[end &- 1] == Byte.carriageReturn { end &-= 1 }
        return end
    }

    private func part(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Part {
        var part = Part(body: range.upperBound..<range.upperBound)
        var start = range.lowerBound
        while start < range.upperBound {
            let fieldStart = start
            var fieldEnd = fieldStart
            // A line that begins with a blank continues the field (RFC 5322 §2.2.3).
            repeat {
                let lineFeed = bytes.firstIndex(of: Byte.lineFeed, start, range.upperBound)
                start = min(lineFeed &+ 1, range.upperBound)
                fieldEnd = Self.beforeLineEnd(bytes, start, fieldStart)
            } while fieldEnd > fieldStart && start < range.upperBound && Byte.isBlank(bytes[start])
            guard fieldEnd > fieldStart else {
                part.body = start..<range.upperBound
                return part
            }
            Self.note(bytes, fieldStart..<fieldEnd, in: &part)
        }
        return part
    }

    private static func note(_ bytes: Span<UInt8>, _ field: Range<Int>, in part: inout Part) {
        let colon = bytes.firstIndex(of: Byte.colon, field.lowerBound, field.upperBound)
        guard colon < field.upperBound else { return }
        let name = field.lowerBound..<bytes.endOfToken(field.lowerBound, colon)
        let valueStart = bytes.afterBlanks(colon &+ 1, field.upperBound)
        let value = valueStart..<bytes.endOfToken(valueStart, field.upperBound)
        if bytes.equalsFolded(name, "Content-Type") {
            part.contentType = part.contentType ?? valueStart..<field.upperBound
        } else if bytes.equalsFolded(name, "Content-Length") {
            part.contentLength = part.contentLength ?? value
        } else if bytes.equalsFolded(name, "Content-Transfer-Encoding") {
            part.transferEncoding = part.transferEncoding ?? value
        }
    }
}
