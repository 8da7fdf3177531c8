// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Cuts one direction of a captured TCP connection into SIP messages (RFC 3261 §18.3), and finds the next one after
/// octets were lost or make no sense.
struct MessageFramer: Sendable {
    enum Event: Sendable {
        case message([UInt8])
        /// A message whose end is lost.
        case truncated([UInt8])
        /// Two line ends between messages (RFC 5626 §4.4.1).
        case keepAlive
        /// Octets that belong to no message.
        case skipped(Int)
        /// A message that cannot be framed as it says.
        case fault(StaticString)
    }

    enum Phase: Equatable, Sendable {
        case between
        /// Looking for a first line at the beginning of any line.
        case seeking
        case headers
        case body(end: Int)
        /// The stream is TLS.
        case encrypted
        /// The stream is something else.
        case foreign
    }

    private(set) var phase = Phase.between
    private var buffer: [UInt8] = []
    /// Where what has not been used begins.
    private var start = 0
    /// Up to where the end of the header section was looked for.
    private var scanned = 0
    /// Where the octets appended last begin; after a loss a message most often begins with a segment.
    private var segmentStart = 0
    private var lineEnds = 0
    private var skipped = 0
    /// Whether a message was ever found.
    private(set) var isSIP = false

    private static let keptCapacity = 4_096

    var heldBytes: Int { buffer.capacity }
    var isMidMessage: Bool {
        switch phase {
        case .headers, .body: true
        default: false
        }
    }
    /// Whether nothing more is to be found in this stream.
    var isClosed: Bool { phase == .encrypted || phase == .foreign }

    /// Takes octets of the stream that lie inside a range.
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard !isClosed, !range.isEmpty else { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= Self.keptCapacity)
            (start, scanned) = (0, 0)
        } else if start > Self.keptCapacity, start > buffer.count / 2 {
            buffer.removeSubrange(0..<start)
            if case .body(let end) = phase { phase = .body(end: end - start) }
            (start, scanned) = (0, max(0, scanned - start))
        }
        segmentStart = buffer.count
        bytes.extracting(range).withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    }

    /// The next event; nil when more octets are needed.
    mutating func next(_ limits: CaptureLimits) -> Event? {
        while true {
            let before = (phase, start)
            if let event = step(limits) { return event }
            if before == (phase, start) { return nil }
        }
    }

    /// Octets are lost at this place: what was begun is given up.
    mutating func lose() -> Event? {
        guard !isClosed else { return nil }
        let event = giveUp()
        phase = .seeking
        return event
    }

    /// The stream ends here.
    mutating func finish() -> Event? {
        guard !isClosed else { return nil }
        let event = giveUp()
        phase = .between
        return event
    }

    private mutating func step(_ limits: CaptureLimits) -> Event? {
        switch phase {
        case .between: begin()
        case .seeking: seek(limits)
        case .headers: readHeaders(limits)
        case .body(let end): buffer.count >= end ? take(end) : nil
        case .encrypted, .foreign: nil
        }
    }
}

extension MessageFramer {
    private mutating func begin() -> Event? {
        while start < buffer.count, buffer[start] == 13 || buffer[start] == 10 {
            lineEnds += buffer[start] == 10 ? 1 : 0
            start += 1
            if lineEnds == 2 {
                lineEnds = 0
                return .keepAlive
            }
        }
        let bytes = buffer
        guard start < bytes.count else { return nil }
        switch StartLine.examine(bytes.span, start..<bytes.count, then: .octets) {
        case .start: enterMessage()
        case .more: break
        case .other:
            lineEnds = 0
            phase = !isSIP && looksEncrypted ? .encrypted : .seeking
            if phase == .encrypted { drop() }
        }
        return nil
    }

    private mutating func enterMessage() {
        phase = .headers
        isSIP = true
        lineEnds = 0
        scanned = start
    }

    /// A TLS record (RFC 8446 §5.1): type, and a version that begins with 3.
    private var looksEncrypted: Bool {
        buffer.count - start >= 3 && (20...24).contains(buffer[start]) && buffer[start + 1] == 3
            && buffer[start + 2] <= 4
    }

    /// Looks for a first line, here or at the beginning of a later line or segment.
    private mutating func seek(_ limits: CaptureLimits) -> Event? {
        let bytes = buffer
        while start < bytes.count {
            switch StartLine.examine(bytes.span, start..<bytes.count, then: .octets, knownMethodsOnly: true) {
            case .more: return nil
            case .start:
                enterMessage()
                defer { skipped = 0 }
                return skipped > 0 ? .skipped(skipped) : nil
            case .other:
                let bound = segmentStart > start ? segmentStart : bytes.count
                let end = bytes.span.nextLineFeed(start..<bound).map { $0 + 1 } ?? bound
                skipped += end - start
                start = end
            }
        }
        if !isSIP, skipped > limits.searchedBytes {
            phase = .foreign
            drop()
        }
        return nil
    }

    private mutating func readHeaders(_ limits: CaptureLimits) -> Event? {
        let bytes = buffer
        let span = bytes.span
        while true {
            // The line end that an empty line follows; bare line feeds are refused by whoever reads the message.
            guard let lineFeed = span.nextLineFeed(scanned..<bytes.count) else {
                scanned = bytes.count
                break
            }
            scanned = lineFeed
            let after = lineFeed + 1
            guard after < bytes.count else { break }
            if bytes[after] == 10 { return endHeaders(after + 1, span, limits) }
            if bytes[after] == 13 {
                guard after + 1 < bytes.count else { break }
                if bytes[after + 1] == 10 { return endHeaders(after + 2, span, limits) }
            }
            scanned = after
        }
        guard bytes.count - start > limits.headerBytes else { return nil }
        return resume(at: bytes.count, .fault("a header section is longer than is read"))
    }

    private mutating func endHeaders(_ end: Int, _ bytes: Span<UInt8>, _ limits: CaptureLimits) -> Event? {
        switch DeclaredLength.read(bytes, start..<end) {
        case .absent, .octets(0): return take(end)
        case .unreadable: return take(end)
        case .octets(let length):
            guard length <= limits.messageBytes - (end - start) else {
                return resume(at: end, .fault("a message says it is longer than is read"))
            }
            phase = .body(end: end + length)
            return nil
        }
    }

    private mutating func take(_ end: Int) -> Event {
        phase = .between
        defer { if start == buffer.count { drop() } }
        if start == 0, end == buffer.count {
            start = end
            return .message(buffer)
        }
        let message = Array(buffer[start..<end])
        start = end
        return .message(message)
    }

    private mutating func resume(at index: Int, _ event: Event) -> Event {
        start = index
        phase = .seeking
        return event
    }

    private mutating func giveUp() -> Event? {
        defer {
            drop()
            skipped = 0
            lineEnds = 0
        }
        switch phase {
        case .headers, .body: return .truncated(Array(buffer[start...]))
        case .between, .seeking:
            let octets = skipped + buffer.count - start
            return isSIP && octets > 0 ? .skipped(octets) : nil
        case .encrypted, .foreign: return nil
        }
    }

    private mutating func drop() {
        buffer = []
        (start, scanned, segmentStart) = (0, 0, 0)
    }
}
