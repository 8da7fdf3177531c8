// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The sending side of one call's media: a tone, then an echo of what comes in; no socket, no clock.
struct MediaStream: Sendable {
    /// Samples in one packet: 20 ms at 8000 Hz.
    static let samplesPerPacket = 160

    private let source = UInt32.random(in: 0...UInt32.max)
    private var sequenceNumber = UInt16.random(in: 0...UInt16.max)
    private var timestamp = UInt32.random(in: 0...UInt32.max)
    private var tone = Tone()
    private var tonePackets: Int
    private var isFirst = true
    private var echoSource: UInt32?
    private var echoOffset: UInt32 = 0

    /// Makes a stream with so many packets of tone.
    init(tonePackets: Int) {
        self.tonePackets = tonePackets
    }

    /// Whether there is still tone to play.
    var isPlayingTone: Bool { tonePackets > 0 }

    /// The next packet of tone; nil when the tone is over.
    mutating func nextTonePacket(_ audio: NegotiatedAudio) -> RTPPacket? {
        guard tonePackets > 0 else { return nil }
        tonePackets -= 1
        let payload = tone.next(Self.samplesPerPacket, law: audio.law)
        var packet = packet(payloadType: audio.payloadType, timestamp: timestamp, payload: payload)
        packet.marker = isFirst
        isFirst = false
        timestamp &+= UInt32(Self.samplesPerPacket)
        return packet
    }

    /// The echo of a received packet; nil during the tone and for payload types that were not agreed on.
    mutating func echo(of received: RTPPacket, _ audio: NegotiatedAudio) -> RTPPacket? {
        guard tonePackets == 0 else { return nil }
        guard received.payloadType == audio.payloadType || received.payloadType == audio.eventPayloadType else {
            return nil
        }
        // The sender's own clock is kept, shifted, since all packets of one telephone event share a timestamp.
        if echoSource != received.source {
            if echoSource != nil { timestamp &+= UInt32(Self.samplesPerPacket) }
            echoSource = received.source
            echoOffset = timestamp &- received.timestamp
        }
        timestamp = received.timestamp &+ echoOffset
        var packet = packet(payloadType: received.payloadType, timestamp: timestamp, payload: received.payload)
        packet.marker = received.marker
        return packet
    }

    private mutating func packet(payloadType: UInt8, timestamp: UInt32, payload: [UInt8]) -> RTPPacket {
        sequenceNumber &+= 1
        return RTPPacket(
            payloadType: payloadType,
            sequenceNumber: sequenceNumber,
            timestamp: timestamp,
            source: source,
            payload: payload
        )
    }
}
