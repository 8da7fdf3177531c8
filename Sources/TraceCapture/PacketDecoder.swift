// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Finds the SIP messages in packets: bytes in, events out, no file and no clock.
///
/// Give it each packet in the order of the capture, take events until there are none, then `finish` and take the rest.
/// What it holds stays within its limits whatever the packets are.
package struct PacketDecoder: Sendable {
    /// What passed through, counted.
    package internal(set) var counts = CaptureCounts()
    let link: LinkType
    let limits: CaptureLimits
    private let file: String
    var fragments = FragmentTable()
    var streams = StreamTable()
    private var events: [CaptureEvent] = []
    private var taken = 0
    private var isFinishing = false

    /// Makes a decoder for packets of one link layer.
    ///
    /// - Parameters:
    ///   - link: The link layer of all packets.
    ///   - file: The name to give in places.
    ///   - limits: How much to hold.
    package init(link: LinkType, file: String, limits: CaptureLimits = CaptureLimits()) {
        self.link = link
        self.limits = limits
        self.file = file
    }

    /// Octets held of streams and fragments that are not complete.
    package var heldBytes: Int { streams.heldBytes + fragments.heldBytes }

    /// Connections and fragmented datagrams remembered.
    package var heldEntries: Int { streams.count + fragments.count }

    /// Reads a packet.
    package mutating func decode(_ packet: Span<UInt8>, _ record: PacketRecord) {
        let stamp = PacketStamp(time: record.time, packet: record.packet, offset: record.offset)
        counts.packets += 1
        counts.bytes += packet.count
        if record.wireLength > packet.count { counts.truncatedPackets += 1 }
        expireFragments(stamp.time)
        read(LinkLayer.content(packet, link), packet, stamp, depth: 0)
        enforceLimits()
    }

    /// Tells that no packet follows: what waits for others is read as far as it goes.
    package mutating func finish() {
        isFinishing = true
    }

    /// The next event; nil when there is none yet.
    package mutating func nextEvent() -> CaptureEvent? {
        while taken == events.count {
            guard isFinishing, finishOne() else { return nil }
        }
        defer {
            taken += 1
            if taken == events.count {
                events.removeAll(keepingCapacity: events.capacity <= 256)
                taken = 0
            }
        }
        return events[taken]
    }
}

extension PacketDecoder {
    func place(_ stamp: PacketStamp) -> CapturePlace {
        CapturePlace(file: file, packet: stamp.packet, offset: stamp.offset)
    }

    mutating func note(_ kind: CaptureNote.Kind, _ text: String, _ stamp: PacketStamp) {
        events.append(.note(CaptureNote(kind, text, at: place(stamp))))
    }

    mutating func unreadable(_ text: String, _ stamp: PacketStamp) {
        counts.unreadable += 1
        note(.malformedPacket, text, stamp)
    }

    mutating func deliver(_ message: CapturedMessage, _ stamp: PacketStamp) {
        counts.messages += 1
        if message.isTruncated {
            counts.truncatedMessages += 1
            note(.truncatedMessage, "the end of a message was not captured", stamp)
        }
        events.append(.message(message))
    }

    /// Reads what a link layer, or a tunnel that carries one, holds.
    mutating func read(_ content: LinkLayer.Content, _ packet: Span<UInt8>, _ stamp: PacketStamp, depth: Int) {
        switch content {
        case .ip(let range): readIP(packet, range, stamp, depth: depth)
        case .foreign(let kind): counts.addForeign(kind)
        case .malformed(let reason): unreadable("\(reason)", stamp)
        }
    }
}

extension PacketDecoder {
    private mutating func expireFragments(_ time: CaptureTime) {
        guard fragments.count > 0 else { return }
        let (bound, overflows) = time.nanoseconds.subtractingReportingOverflow(limits.fragmentWait)
        guard !overflows else { return }
        while let removed = fragments.removeOldest(before: CaptureTime(nanoseconds: bound)) { abandon(removed) }
    }

    private mutating func abandon(_ removed: FragmentTable.Removed) {
        guard !removed.wasVoid else { return }
        counts.abandonedDatagrams += 1
        note(.fragments, "some fragments of the datagram that begins here were not captured", removed.begun)
    }

    private mutating func enforceLimits() {
        while fragments.pieceCount > limits.fragments || fragments.count > limits.fragments,
            let removed = fragments.removeOldest()
        {
            counts.evicted += 1
            abandon(removed)
        }
        while streams.count > limits.streams, evictStream() {}
        while heldBytes > limits.heldBytes {
            if evictStream() { continue }
            guard let removed = fragments.removeOldest() else { return }
            counts.evicted += 1
            abandon(removed)
        }
    }

    private mutating func evictStream() -> Bool {
        guard let oldest = streams.removeOldest() else { return false }
        counts.evicted += 1
        if oldest.value.heldBytes > 0 {
            note(.limit, "\(oldest.key.first) - \(oldest.key.second) is forgotten for others", oldest.value.last)
        }
        flush(oldest.key, oldest.value)
        return true
    }

    /// Ends one thing that waits; false when none does.
    private mutating func finishOne() -> Bool {
        if let oldest = streams.removeOldest() {
            flush(oldest.key, oldest.value)
            return true
        }
        guard let removed = fragments.removeOldest() else { return false }
        abandon(removed)
        return true
    }

    private mutating func flush(_ key: StreamTable.Key, _ connection: StreamTable.Connection) {
        var connection = connection
        var findings: [StreamHalf.Finding] = []
        connection.fromFirst.flush(connection.last, limits, &findings)
        report(findings, from: key.first, to: key.second)
        findings = []
        connection.fromSecond.flush(connection.last, limits, &findings)
        report(findings, from: key.second, to: key.first)
    }
}
