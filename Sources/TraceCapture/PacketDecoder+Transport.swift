// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import SIPMessage

extension PacketDecoder {
    /// RFC 768. The checksum is not looked at: network cards fill it in behind the capture's back.
    mutating func readDatagram(_ packet: Span<UInt8>, _ payload: NetworkPayload) {
        let start = payload.range.lowerBound
        guard payload.range.count >= 8, let source = packet.uint16(at: start),
            let destination = packet.uint16(at: start + 2), let length = packet.uint16(at: start + 4)
        else { return unreadable("the UDP header is cut short", payload.stamp) }
        let available = payload.range.count + payload.missing
        // A length of 0 is that of a jumbogram (RFC 2675 §4), or of what a network card was to cut.
        let declared = length == 0 ? available : length
        guard declared >= 8, declared <= available else {
            return unreadable("the UDP length does not fit the packet", payload.stamp)
        }
        let end = min(payload.range.upperBound, start + declared)
        let content = start + 8..<end
        let message = CapturedMessage(
            bytes: [],
            time: payload.stamp.time,
            source: CaptureAddress(payload.source, port: UInt16(source)),
            destination: CaptureAddress(payload.destination, port: UInt16(destination)),
            transport: .udp,
            place: place(payload.stamp),
            isTruncated: start + declared > end
        )
        readContent(packet, content, message, payload.stamp)
    }

    private mutating func readContent(
        _ packet: Span<UInt8>,
        _ range: Range<Int>,
        _ envelope: CapturedMessage,
        _ stamp: PacketStamp
    ) {
        if packet.has("HEP3", at: range.lowerBound) { return readEncapsulated(packet, range, envelope, stamp) }
        guard let first = range.first(where: { !isFiller(packet[$0]) }) else {
            counts.keepAlives += 1
            return
        }
        if StartLine.examine(packet, first..<range.upperBound, then: .nothing) == .start {
            var message = envelope
            message.bytes = packet.copy(range)
            deliver(message, stamp)
        } else if isEncrypted(packet, first..<range.upperBound) {
            counts.encrypted += 1
        } else {
            counts.addForeign(.udp)
        }
    }

    private func isFiller(_ byte: UInt8) -> Bool { byte == 13 || byte == 10 || byte == 0 || byte == 32 }

    /// A DTLS record (RFC 9147 §4): type, and a version that begins with 254.
    private func isEncrypted(_ packet: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 13, (20...26).contains(packet[range.lowerBound]) else { return false }
        return packet[range.lowerBound + 1] == 0xFE && packet[range.lowerBound + 2] >= 0xFC
    }

    private mutating func readEncapsulated(
        _ packet: Span<UInt8>,
        _ range: Range<Int>,
        _ envelope: CapturedMessage,
        _ stamp: PacketStamp
    ) {
        guard let inner = Encapsulation.read(packet, range) else {
            return unreadable("the HEP3 header is unsound", stamp)
        }
        guard inner.isSIP, let content = inner.content else {
            if inner.isCompressed { note(.malformedPacket, "a message in HEP3 is compressed", stamp) }
            return counts.addForeign(.encapsulated)
        }
        let isWhole = StartLine.examine(packet, content, then: .nothing) == .start
        guard isWhole else { return counts.addForeign(.encapsulated) }
        counts.encapsulated += 1
        let message = CapturedMessage(
            bytes: packet.copy(content),
            time: inner.time ?? envelope.time,
            source: inner.source ?? envelope.source,
            destination: inner.destination ?? envelope.destination,
            transport: inner.transport,
            place: envelope.place,
            isTruncated: inner.isCut
        )
        deliver(message, stamp)
    }
}

extension PacketDecoder {
    /// RFC 9293 §3.1.
    mutating func readSegment(_ packet: Span<UInt8>, _ payload: NetworkPayload) {
        let start = payload.range.lowerBound
        guard payload.range.count >= 20, let source = packet.uint16(at: start),
            let destination = packet.uint16(at: start + 2), let sequence = packet.uint32(at: start + 4)
        else { return unreadable("the TCP header is cut short", payload.stamp) }
        let header = Int(packet[start + 12] >> 4) * 4
        guard header >= 20, header <= payload.range.count else {
            return unreadable("the TCP header's length is unsound", payload.stamp)
        }
        let segment = TCPSegment(
            source: CaptureAddress(payload.source, port: UInt16(source)),
            destination: CaptureAddress(payload.destination, port: UInt16(destination)),
            sequence: sequence,
            flags: packet[start + 13],
            content: start + header..<payload.range.upperBound,
            missing: payload.missing,
            stamp: payload.stamp
        )
        if segment.length == 0 { counts.addForeign(.emptySegment) }
        if segment.length == 0, !segment.begins, !segment.ends, !segment.resets { return }
        read(segment, packet)
    }

    private mutating func read(_ segment: TCPSegment, _ packet: Span<UInt8>) {
        let limits = limits
        var findings: [StreamHalf.Finding] = []
        let outcome = streams.update(
            from: segment.source,
            to: segment.destination,
            segment.stamp,
            knownOnly: segment.length == 0 && !segment.begins
        ) { half, isNew in
            half.receive(segment, packet, limits, &findings)
            return (phase: half.framer.phase, isSIP: half.framer.isSIP, isNew: isNew)
        }
        if segment.length > 0, let outcome {
            if outcome.isNew {
                counts.streams += 1
                streams.markCarrying(from: segment.source, to: segment.destination)
            }
            if outcome.phase == .encrypted {
                counts.encrypted += 1
            } else if !outcome.isSIP {
                counts.addForeign(.tcp)
            }
        }
        report(findings, from: segment.source, to: segment.destination)
    }

    mutating func report(
        _ findings: [StreamHalf.Finding],
        from source: CaptureAddress,
        to destination: CaptureAddress
    ) {
        for finding in findings {
            switch finding.kind {
            case .retransmission: counts.retransmissions += 1
            case .outOfOrder: counts.outOfOrder += 1
            case .gap(let octets):
                counts.gaps += 1
                note(.gap, "\(octets) octets from \(source) to \(destination) were not captured", finding.stamp)
            case .framed(let event): report(event, finding.stamp, from: source, to: destination)
            }
        }
    }

    private mutating func report(
        _ event: MessageFramer.Event,
        _ stamp: PacketStamp,
        from source: CaptureAddress,
        to destination: CaptureAddress
    ) {
        switch event {
        case .keepAlive: counts.keepAlives += 1
        case .skipped(let octets):
            counts.skippedBytes += octets
            note(.skipped, "\(octets) octets from \(source) to \(destination) belong to no whole message", stamp)
        case .fault(let reason): note(.framing, "\(reason), from \(source) to \(destination)", stamp)
        case .message(let bytes), .truncated(let bytes):
            var isTruncated = false
            if case .truncated = event { isTruncated = true }
            let message = CapturedMessage(
                bytes: bytes,
                time: stamp.time,
                source: source,
                destination: destination,
                transport: .tcp,
                place: place(stamp),
                isTruncated: isTruncated
            )
            deliver(message, stamp)
        }
    }
}
