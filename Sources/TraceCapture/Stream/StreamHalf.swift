// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// One direction of a TCP connection: puts its segments in order (RFC 9293 §3.4, §3.10.7.4) and its octets together.
struct StreamHalf: Sendable {
    struct Segment: Sendable {
        /// What one segment costs beside its octets.
        static let overhead = 160

        var sequence: UInt32
        var bytes: [UInt8]
        /// Octets behind these that belong to the segment and were not captured.
        var missing: Int
        var stamp: PacketStamp
    }

    /// Something found, and the packet that completed it.
    struct Finding: Sendable {
        enum Kind: Sendable {
            case framed(MessageFramer.Event)
            /// So many octets were not captured.
            case gap(Int)
            case retransmission
            case outOfOrder
        }

        var kind: Kind
        var stamp: PacketStamp
    }

    /// A jump in either direction that no window allows: the ports are used by a new connection.
    private static let maximumJump = 1 << 24

    /// The sequence number expected next; nil before the first segment.
    private var next: UInt32?
    /// In the order of their sequence numbers, all of them behind `next`.
    private var waiting: [Segment] = []
    private var waitingBytes = 0
    private var waitingSince = CaptureTime(nanoseconds: 0)
    private(set) var framer = MessageFramer()

    var heldBytes: Int { waitingBytes + waiting.count * Segment.overhead + framer.heldBytes }

    /// A SYN: the stream begins behind it.
    mutating func begin(_ sequence: UInt32, _ stamp: PacketStamp, _ findings: inout [Finding]) {
        let first = sequence &+ 1
        if next == first { return }
        finish(stamp, &findings)
        self = StreamHalf()
        next = first
    }

    /// Takes a segment's octets.
    mutating func take(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ sequence: UInt32,
        missing: Int,
        _ stamp: PacketStamp,
        _ limits: CaptureLimits,
        _ findings: inout [Finding]
    ) {
        guard !framer.isClosed else { return }
        let expected = next ?? sequence
        let distance = Self.distance(expected, sequence)
        if abs(distance) > Self.maximumJump {
            finish(stamp, &findings)
            self = StreamHalf()
            next = sequence
            return take(bytes, range, sequence, missing: missing, stamp, limits, &findings)
        }
        next = expected
        if distance <= 0 {
            deliver(bytes, range, skip: -distance, missing: missing, stamp, limits, &findings)
            drain(limits, &findings)
        } else {
            findings.append(Finding(kind: .outOfOrder, stamp: stamp))
            let segment = Segment(sequence: sequence, bytes: bytes.copy(range), missing: missing, stamp: stamp)
            wait(segment, &findings)
        }
        while isOverdue(stamp.time, limits) { passGap(limits, &findings) }
        if framer.isClosed { (waiting, waitingBytes) = ([], 0) }
    }

    /// The stream ends, or the capture does: what waits is read as far as it goes.
    mutating func flush(_ stamp: PacketStamp, _ limits: CaptureLimits, _ findings: inout [Finding]) {
        while !waiting.isEmpty { passGap(limits, &findings) }
        finish(stamp, &findings)
    }

    /// Whether everything before this sequence number has come.
    func hasReached(_ sequence: UInt32) -> Bool {
        next == sequence && waiting.isEmpty
    }

    /// How far `second` lies behind `first`; sequence numbers wrap around.
    static func distance(_ first: UInt32, _ second: UInt32) -> Int {
        Int(Int32(bitPattern: second &- first))
    }
}

extension StreamHalf {
    private mutating func finish(_ stamp: PacketStamp, _ findings: inout [Finding]) {
        if let event = framer.finish() { findings.append(Finding(kind: .framed(event), stamp: stamp)) }
    }

    private mutating func deliver(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        skip: Int,
        missing: Int,
        _ stamp: PacketStamp,
        _ limits: CaptureLimits,
        _ findings: inout [Finding]
    ) {
        guard skip < range.count + missing else {
            findings.append(Finding(kind: .retransmission, stamp: stamp))
            return
        }
        let captured = max(0, range.count - skip)
        framer.append(bytes, range.upperBound - captured..<range.upperBound)
        while let event = framer.next(limits) { findings.append(Finding(kind: .framed(event), stamp: stamp)) }
        let lost = min(missing, range.count + missing - skip)
        advance(captured + lost)
        if lost > 0 { lose(lost, stamp, &findings) }
    }

    private mutating func advance(_ octets: Int) {
        next = next.map { $0 &+ UInt32(truncatingIfNeeded: octets) }
    }

    private mutating func lose(_ octets: Int, _ stamp: PacketStamp, _ findings: inout [Finding]) {
        guard !framer.isClosed else { return }
        findings.append(Finding(kind: .gap(octets), stamp: stamp))
        if let event = framer.lose() { findings.append(Finding(kind: .framed(event), stamp: stamp)) }
    }

    private mutating func wait(_ segment: Segment, _ findings: inout [Finding]) {
        if waiting.isEmpty { waitingSince = segment.stamp.time }
        var index = waiting.count
        while index > 0, Self.distance(waiting[index - 1].sequence, segment.sequence) < 0 { index -= 1 }
        if index > 0, waiting[index - 1].sequence == segment.sequence,
            waiting[index - 1].bytes.count >= segment.bytes.count
        {
            findings.append(Finding(kind: .retransmission, stamp: segment.stamp))
            return
        }
        waiting.insert(segment, at: index)
        waitingBytes += segment.bytes.count
    }

    /// Delivers what waits and is no longer behind a gap.
    private mutating func drain(_ limits: CaptureLimits, _ findings: inout [Finding]) {
        var used = 0
        while used < waiting.count, let next, Self.distance(next, waiting[used].sequence) <= 0 {
            let segment = waiting[used]
            used += 1
            waitingBytes -= segment.bytes.count
            let skip = -Self.distance(next, segment.sequence)
            // An older copy of what has been read is no news, having been counted when it came.
            guard skip < segment.bytes.count + segment.missing else { continue }
            let whole = 0..<segment.bytes.count
            deliver(segment.bytes.span, whole, skip: skip, missing: segment.missing, segment.stamp, limits, &findings)
        }
        if used > 0 {
            waiting.removeFirst(used)
            if let first = waiting.first { waitingSince = first.stamp.time }
        }
    }

    private func isOverdue(_ time: CaptureTime, _ limits: CaptureLimits) -> Bool {
        guard !waiting.isEmpty else { return false }
        return waiting.count > limits.waitingSegments || waitingBytes > limits.waitingBytes
            || time.since(waitingSince) > limits.segmentWait
    }

    /// Goes on behind the gap that the first waiting segment waits for.
    private mutating func passGap(_ limits: CaptureLimits, _ findings: inout [Finding]) {
        guard let first = waiting.first, let next else { return }
        let distance = Self.distance(next, first.sequence)
        if distance > 0 {
            self.next = first.sequence
            lose(distance, first.stamp, &findings)
        }
        drain(limits, &findings)
    }
}
