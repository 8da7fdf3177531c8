// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A message of a text trace while its lines come in.
struct TextMessage {
    enum LineEnd {
        case lineFeed
        case carriageReturnLineFeed
        /// The file ends without one.
        case none
    }

    private(set) var bytes: [UInt8] = []
    /// Where the body begins; nil within the header section.
    private var bodyStart: Int?
    private var declared = DeclaredLength.absent
    /// Whether the file's lines end in LF, as they do after a passage through an editor.
    private let isNormalised: Bool
    private var isAfterBlank = false
    let heading: TextHeading
    let transport: CapturedMessage.Transport
    let place: CapturePlace

    init(firstLineEnd: LineEnd, heading: TextHeading, transport: CapturedMessage.Transport, place: CapturePlace) {
        isNormalised = firstLineEnd != .carriageReturnLineFeed
        self.heading = heading
        self.transport = transport
        self.place = place
    }

    /// Whether a first line that comes now begins another message rather than being part of the body, as in a body of
    /// `message/sipfrag` (RFC 3420).
    var endsBeforeFirstLine: Bool {
        guard let bodyStart else { return true }
        let body = bytes.count - bodyStart
        switch declared {
        case .octets(let length) where body < length: return body > 0 && isAfterBlank
        default: return body == 0 || isAfterBlank || isBodyWhole
        }
    }

    /// Whether the body has all its declared octets.
    private var isBodyWhole: Bool {
        guard let bodyStart, case .octets(let length) = declared else { return false }
        return bytes.count - bodyStart >= length
    }

    /// Adds a line; false when the message is longer than `maximum`.
    mutating func append(_ line: Span<UInt8>, _ end: LineEnd, maximum: Int) -> Bool {
        guard bytes.count + line.count + 2 <= maximum else { return false }
        line.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        isAfterBlank = line.isEmpty
        if isNormalised && end != .none || end == .carriageReturnLineFeed || bodyStart == nil {
            bytes.append(contentsOf: [13, 10])
        } else if end == .lineFeed {
            bytes.append(10)
        }
        if bodyStart == nil, line.isEmpty {
            bodyStart = bytes.count
            let header = bytes
            declared = DeclaredLength.read(header.span, 0..<header.count)
        }
        return true
    }

    /// The message as it was on the wire, as far as the text tells.
    consuming func finished() -> [UInt8] {
        guard let bodyStart else {
            // The empty line was lost with the blank lines around the message.
            return bytes + [13, 10]
        }
        if case .octets(let length) = declared {
            if bytes.count - bodyStart >= length { return Array(bytes[..<(bodyStart + length)]) }
            dropBlankLines(from: bodyStart)
            // A body's last line end is lost easily, being one among the blank lines behind it.
            if bytes.count - bodyStart + 2 == length { bytes.append(contentsOf: [13, 10]) }
            return bytes
        }
        dropBlankLines(from: bodyStart)
        return bytes
    }

    /// Drops the blank lines that part messages; the end of the last line stays.
    private mutating func dropBlankLines(from bodyStart: Int) {
        while bytes.count > bodyStart, let end = lengthOfLineEnd(bytes.count, bodyStart) {
            guard bytes.count - end == bodyStart || lengthOfLineEnd(bytes.count - end, bodyStart) != nil else { return }
            bytes.removeLast(end)
        }
    }

    private func lengthOfLineEnd(_ end: Int, _ start: Int) -> Int? {
        guard end > start, bytes[end - 1] == 10 else { return nil }
        return end - 1 > start && bytes[end - 2] == 13 ? 2 : 1
    }
}
