// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads the SIP messages out of a capture file: pcap, pcapng or a text trace.
///
/// ```
/// var reader = try CaptureReader(path: "calls.pcap", filter: "port 5060")
/// while let event = try reader.next() { … }
/// ```
///
/// A filter sees single packets: `port 5060` holds back every fragment of a datagram but the first.
package struct CaptureReader: ~Copyable {
    private enum Source {
        case packets(PacketFile)
        case text(InputFile)
    }

    private let source: Source
    private var packets: PacketDecoder
    private var text: TextTraceDecoder
    private var filtered = 0
    private var isFinished = false
    /// Told when everything before it was.
    private var lastNote: CaptureNote?

    private static let chunk = 64 << 10

    /// Opens a capture.
    ///
    /// - Parameters:
    ///   - path: The file's path, or `-` for standard input.
    ///   - filter: Which packets to read, in the language of `pcap-filter(7)`; nil for all. Text traces cannot be
    ///     filtered.
    ///   - limits: How much to hold at most.
    /// - Throws: `CaptureError` when the file is no capture, or the filter is not understood.
    package init(
        path: String,
        filter: String? = nil,
        limits: CaptureLimits = CaptureLimits()
    ) throws(CaptureError) {
        (source, packets, text) = try Self.open(path, filter, limits)
    }

    /// What passed through so far, counted.
    package var counts: CaptureCounts {
        guard case .packets = source else { return text.counts }
        var counts = packets.counts
        counts.filtered = filtered
        return counts
    }

    /// How many octets of the file were read, and how many there are; nil for a pipe.
    package var progress: (bytesRead: Int64, totalBytes: Int64?) {
        switch source {
        case .packets(let file): file.progress
        case .text(let input): (input.position, input.totalBytes)
        }
    }

    /// Octets held of what is not complete.
    package var heldBytes: Int { packets.heldBytes + text.heldBytes }

    /// The next event; nil at the end.
    ///
    /// - Throws: `CaptureError` when the system refuses to read on. A damaged capture is no error: what can be read is
    ///   delivered, then a note.
    package mutating func next() throws(CaptureError) -> CaptureEvent? {
        while true {
            if let event = packets.nextEvent() ?? text.nextEvent() { return event }
            guard !isFinished else {
                defer { lastNote = nil }
                return lastNote.map(CaptureEvent.note)
            }
            switch source {
            case .packets(let file): readPacket(file)
            case .text(let input): try readText(input)
            }
        }
    }
}

extension CaptureReader {
    private static func open(
        _ path: String,
        _ filter: String?,
        _ limits: CaptureLimits
    ) throws(CaptureError) -> (Source, PacketDecoder, TextTraceDecoder) {
        let input = try InputFile(path: path)
        var text = TextTraceDecoder(file: path, limits: limits)
        let format = CaptureFormat.find(input.peek(CaptureFormat.headCount))
        switch format {
        case .pcap, .patchedPcap, .pcapng:
            let file = try PacketFile(input, isClassic: format == .pcap)
            let packets = PacketDecoder(link: try file.link(), file: path, limits: limits)
            if let filter { try file.setFilter(filter) }
            return (.packets(file), packets, text)
        case .compressed(let program):
            throw CaptureError(file: path, reason: "is compressed with \(program): unpack it first")
        case .other:
            guard filter == nil else {
                throw CaptureError(file: path, reason: "is no packet capture: leave the filter away")
            }
            try begin(&text, input)
            return (.text(input), PacketDecoder(link: .rawIP, file: path, limits: limits), text)
        }
    }

    private mutating func readPacket(_ file: PacketFile) {
        switch file.next() {
        case .packet(let record, let octets): packets.decode(octets.span, record)
        case .filtered: filtered += 1
        case .end:
            packets.finish()
            isFinished = true
        case .damaged(let reason, let stamp):
            packets.finish()
            isFinished = true
            lastNote = CaptureNote(
                .damagedCapture,
                "the capture cannot be read further: \(reason)",
                at: packets.place(stamp)
            )
        }
    }

    private mutating func readText(_ input: InputFile) throws(CaptureError) {
        let octets = try input.read(Self.chunk)
        text.append(octets.span)
        guard octets.isEmpty else { return }
        text.finish()
        isFinished = true
        if text.counts.messages == 0 {
            let place = CapturePlace(file: input.path)
            lastNote = CaptureNote(.text, "the text holds no SIP message", at: place)
        }
    }

    /// Reads the first octets of what should be a text trace.
    private static func begin(_ text: inout TextTraceDecoder, _ input: InputFile) throws(CaptureError) {
        let head = try input.read(chunk)
        guard !head.isEmpty else { throw CaptureError(file: input.path, reason: "is empty") }
        guard TextTraceDecoder.isTrace(head.span, isWhole: head.count < chunk) else {
            throw CaptureError(
                file: input.path,
                reason: "is no capture: it begins with \(CaptureFormat.show(head)); "
                    + "tollgate reads pcap, pcapng and text traces"
            )
        }
        text.append(head.span)
    }
}

extension TextTraceDecoder {
    /// Whether a file that begins with these octets is a text trace: a message is found in them with nothing but text
    /// before it, or there is text so far and more to come.
    fileprivate static func isTrace(_ head: Span<UInt8>, isWhole: Bool) -> Bool {
        var trial = TextTraceDecoder(file: "")
        trial.append(head)
        trial.finish()
        var textEnd = isWhole ? 0 : head.count
        while let event = trial.nextEvent() {
            guard case .message(let message) = event, let offset = message.place.offset else { continue }
            textEnd = Int(offset)
            break
        }
        if trial.counts.messages == 0, isWhole { return false }
        for index in 0..<textEnd where head[index] == 0 { return false }
        return true
    }
}
