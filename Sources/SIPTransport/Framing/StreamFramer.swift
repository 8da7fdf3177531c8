// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Cuts a stream of bytes into SIP messages (RFC 3261 §18.3).
///
/// A value without sockets or clocks: append what came, then take events until there are none. No byte is looked at
/// twice for the end of the header section, however the stream is split, and no more is held than one unfinished
/// message and the bytes appended last.
package struct StreamFramer {
    private enum Phase {
        /// Between messages, having seen `ends` CRLF pairs of a possible keep-alive.
        case gap(ends: Int)
        case headers
        case body(end: Int)
        case failed
    }

    private let maxHeaderSectionBytes: Int
    private let maxMessageBytes: Int
    private var buffer: [UInt8] = []
    /// Where the message at hand begins.
    private var start = 0
    /// Where the line at hand begins.
    private var lineStart = 0
    /// Up to where a line end has been looked for.
    private var scanned = 0
    private var phase = Phase.gap(ends: 0)
    private var contentLength = ContentLengthReader()

    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")
    /// An empty buffer this large or smaller is kept for the next message; a larger one is given back.
    private static let keptCapacity = 2_048
    private static let compactionThreshold = 4_096

    /// Sets the limits, in bytes: of the header section with its empty line, and of the whole message.
    package init(maxHeaderSectionBytes: Int, maxMessageBytes: Int) {
        self.maxHeaderSectionBytes = maxHeaderSectionBytes
        self.maxMessageBytes = maxMessageBytes
    }

    /// Whether a message has begun and is not whole yet.
    package var isMidMessage: Bool {
        switch phase {
        case .gap, .failed: false
        case .headers, .body: true
        }
    }

    /// How many bytes are held for messages that are not whole yet.
    package var bufferedBytes: Int {
        buffer.count - start
    }

    /// Takes bytes from the stream. After a failure they are dropped.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if case .failed = phase { return }
        compact()
        buffer.append(contentsOf: bytes)
    }

    /// The next event, or nil when more bytes are needed.
    package mutating func next() -> StreamEvent? {
        while true {
            switch phase {
            case .gap(let ends):
                guard let event = skipGap(ends: ends) else {
                    if case .headers = phase { continue }
                    return nil
                }
                return event
            case .headers:
                guard let event = readHeaders() else {
                    if case .body = phase { continue }
                    return nil
                }
                return event
            case .body(let end):
                guard buffer.count >= end else { return nil }
                return takeMessage(end: end)
            case .failed:
                return nil
            }
        }
    }
}

extension StreamFramer {
    /// RFC 3261 §7.5: CRLFs before a start line are ignored; two in a row are a ping.
    ///
    /// A run of pings that lies in the buffer together is one ping: a peer cannot make this side write more than it
    /// reads.
    private mutating func skipGap(ends: Int) -> StreamEvent? {
        var ends = ends
        while start < buffer.count, buffer[start] == StreamFramer.carriageReturn {
            guard start + 1 < buffer.count else { break }
            guard buffer[start + 1] == StreamFramer.lineFeed else { return fail(.notSIP) }
            start += 2
            ends += 1
        }
        let pinged = ends >= 2
        phase = .gap(ends: pinged ? ends % 2 : ends)
        if pinged { return .ping }
        guard start < buffer.count, buffer[start] != StreamFramer.carriageReturn else { return nil }
        guard StreamFramer.isToken(buffer[start]) else { return fail(.notSIP) }
        phase = .headers
        lineStart = start
        scanned = start
        contentLength = ContentLengthReader()
        return nil
    }

    private mutating func readHeaders() -> StreamEvent? {
        while let lineFeed = nextLineFeed() {
            guard lineFeed > lineStart, buffer[lineFeed - 1] == StreamFramer.carriageReturn else {
                return fail(.bareLineFeed)
            }
            let end = lineFeed + 1
            guard end - start <= maxHeaderSectionBytes else { return fail(.headerSectionTooLong) }
            if lineFeed - 1 == lineStart {
                return endHeaders(at: end)
            }
            let line = lineStart..<(lineFeed - 1)
            buffer.withUnsafeBufferPointer { bytes in
                contentLength.readLine(UnsafeBufferPointer(rebasing: bytes[line]))
            }
            lineStart = end
        }
        return buffer.count - start > maxHeaderSectionBytes ? fail(.headerSectionTooLong) : nil
    }

    private mutating func endHeaders(at end: Int) -> StreamEvent? {
        contentLength.finish()
        if let error = contentLength.error { return fail(error) }
        let length = contentLength.length ?? 0
        guard length <= maxMessageBytes - (end - start) else { return fail(.messageTooLong) }
        phase = .body(end: end + length)
        return nil
    }

    /// The index of the next LF not seen yet.
    private mutating func nextLineFeed() -> Int? {
        let from = scanned
        let found = buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, from < bytes.count,
                let hit = memchr(base + from, Int32(StreamFramer.lineFeed), bytes.count - from)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }
        scanned = found.map { $0 + 1 } ?? buffer.count
        return found
    }

    private mutating func takeMessage(end: Int) -> StreamEvent {
        let message: [UInt8]
        if start == 0, end == buffer.count {
            // The usual case of one message per segment: the buffer itself is the message.
            message = buffer
            buffer = []
            start = 0
        } else {
            message = Array(buffer[start..<end])
            start = end
        }
        phase = .gap(ends: 0)
        return .message(message)
    }

    private mutating func fail(_ error: StreamFramingError) -> StreamEvent {
        let head = Array(buffer[start..<min(buffer.count, start + maxHeaderSectionBytes)])
        phase = .failed
        buffer = []
        start = 0
        return .failed(error, head: head)
    }

    /// Drops consumed bytes, when they outweigh the rest, so that each byte is moved at most once on average.
    private mutating func compact() {
        guard start > 0 else { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= StreamFramer.keptCapacity)
        } else if start >= StreamFramer.compactionThreshold, start >= buffer.count / 2 {
            buffer.removeSubrange(0..<start)
        } else {
            return
        }
        if case .body(let end) = phase {
            phase = .body(end: end - start)
        }
        lineStart = max(0, lineStart - start)
        scanned = max(0, scanned - start)
        start = 0
    }

    /// RFC 3261 §25.1 `token`: what a method or `SIP/2.0` may begin with.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "%"), UInt8(ascii: "*"),
            UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "`"), UInt8(ascii: "'"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}
