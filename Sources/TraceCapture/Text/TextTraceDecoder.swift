// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Finds the SIP messages in a text trace: bytes in, events out.
///
/// It reads what sngrep exports, what SIPp writes with `-trace_msg`, and messages that blank lines or lines of dashes
/// part. Where the lines end in LF they are given out ending in CRLF, as SIP has them.
package struct TextTraceDecoder: Sendable {
    /// What passed through, counted.
    package private(set) var counts = CaptureCounts()
    private let file: String
    private let limits: CaptureLimits
    private var line: [UInt8] = []
    private var isLineTooLong = false
    private var lineNumber = 0
    private var lineOffset: Int64 = 0
    private var offset: Int64 = 0
    private var message: TextMessage?
    private var heading = TextHeading()
    private var transport = CapturedMessage.Transport.unknown
    private var events: [CaptureEvent] = []
    private var taken = 0

    /// Makes a decoder; `file` is the name to give in places.
    package init(file: String, limits: CaptureLimits = CaptureLimits()) {
        self.file = file
        self.limits = limits
    }

    /// Octets held of a message that is not complete.
    package var heldBytes: Int { line.capacity + (message?.bytes.capacity ?? 0) }

    /// Takes the next octets of the file.
    package mutating func append(_ bytes: Span<UInt8>) {
        counts.bytes += bytes.count
        var start = 0
        while let lineFeed = bytes.nextLineFeed(start..<bytes.count) {
            extend(bytes, start..<lineFeed)
            offset += 1
            endLine(.lineFeed)
            start = lineFeed + 1
        }
        extend(bytes, start..<bytes.count)
    }

    /// Tells that the file ends here.
    package mutating func finish() {
        if !line.isEmpty { endLine(.none) }
        endMessage()
    }

    /// The next event; nil when there is none yet.
    package mutating func nextEvent() -> CaptureEvent? {
        guard taken < events.count else { return nil }
        defer {
            taken += 1
            if taken == events.count {
                events.removeAll(keepingCapacity: events.capacity <= 4_096)
                taken = 0
            }
        }
        return events[taken]
    }
}

extension TextTraceDecoder {
    private mutating func extend(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        offset += Int64(range.count)
        guard line.count + range.count <= limits.headerBytes else {
            isLineTooLong = true
            return
        }
        bytes.extracting(range).withUnsafeBufferPointer { line.append(contentsOf: $0) }
    }

    private mutating func endLine(_ end: TextMessage.LineEnd) {
        lineNumber += 1
        var end = end
        if end == .lineFeed, line.last == 13 {
            line.removeLast()
            end = .carriageReturnLineFeed
        }
        let whole = line
        line.removeAll(keepingCapacity: true)
        defer { lineOffset = offset }
        if isLineTooLong {
            isLineTooLong = false
            note(.framing, "a line is longer than is read")
            message = nil
            return
        }
        read(whole.span, end)
    }

    private mutating func read(_ line: Span<UInt8>, _ end: TextMessage.LineEnd) {
        if let heading = TextHeading.read(line) {
            endMessage()
            self.heading = heading
            transport = .unknown
            return
        }
        if isFirstLine(line), message?.endsBeforeFirstLine != false {
            endMessage()
            let place = CapturePlace(file: file, offset: lineOffset, line: lineNumber)
            message = TextMessage(firstLineEnd: end, heading: heading, transport: transport, place: place)
            (heading, transport) = (TextHeading(), .unknown)
        }
        guard message != nil else {
            transport = TextHeading.transport(line) ?? transport
            return
        }
        if message?.append(line, end, maximum: limits.messageBytes) == false {
            message = nil
            note(.framing, "a message is longer than is read")
        }
    }

    private func isFirstLine(_ line: Span<UInt8>) -> Bool {
        guard line.count >= 12 else { return false }
        return StartLine.examine(line, 0..<line.count, then: .lineEnd) == .start
    }

    private mutating func endMessage() {
        guard let ended = message.take() else { return }
        counts.messages += 1
        let message = CapturedMessage(
            bytes: ended.finished(),
            time: ended.heading.time,
            source: ended.heading.source,
            destination: ended.heading.destination,
            transport: ended.transport,
            place: ended.place
        )
        events.append(.message(message))
    }

    private mutating func note(_ kind: CaptureNote.Kind, _ text: String) {
        let place = CapturePlace(file: file, offset: lineOffset, line: lineNumber)
        events.append(.note(CaptureNote(kind, text, at: place)))
    }
}
