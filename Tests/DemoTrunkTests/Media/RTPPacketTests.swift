// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DemoTrunk

@Suite("RFC 3550 packets and the stream made of them")
struct RTPPacketTests {
    private static let audio = NegotiatedAudio(
        law: .aLaw,
        payloadType: 8,
        eventPayloadType: 101,
        direction: .sendrecv,
        host: "127.0.0.1",
        port: 4000
    )

    @Test("§5.1 a packet is read as it was written")
    func roundTrip() {
        var packet = RTPPacket(payloadType: 96, sequenceNumber: 65_535, timestamp: 7, source: .max, payload: [1, 2])
        packet.marker = true
        #expect(RTPPacket(packet.bytes) == packet)
    }

    @Test("§5.1 contributing sources, extension and padding are skipped")
    func optionalParts() {
        let header: [UInt8] = [0xB1, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]
        let bytes = header + [9, 9, 9, 9] + [0, 0, 0, 1, 8, 8, 8, 8] + [5, 6] + [0, 2]
        #expect(RTPPacket(bytes)?.payload == [5, 6])
    }

    @Test(
        "what is no RTP is not read",
        arguments: [
            [], [0x80], [UInt8](repeating: 0x40, count: 40), [0x8F] + [UInt8](repeating: 0, count: 20),
            [0x90] + [UInt8](repeating: 0xFF, count: 20), [0xA0] + [UInt8](repeating: 0xFF, count: 11),
        ]
    )
    func malformed(bytes: [UInt8]) {
        #expect(RTPPacket(bytes) == nil)
    }

    @Test("§5.1 the tone's packets follow each other by one in sequence and 160 in time, the first marked")
    func tone() throws {
        var stream = MediaStream(tonePackets: 3)
        let packets = [stream.nextTonePacket(Self.audio), stream.nextTonePacket(Self.audio)].compactMap { $0 }
        try #require(packets.count == 2)
        #expect(packets[1].sequenceNumber == packets[0].sequenceNumber &+ 1)
        #expect(packets[1].timestamp == packets[0].timestamp &+ 160)
        #expect(packets[1].source == packets[0].source)
        #expect(packets.map(\.marker) == [true, false])
        #expect(packets.allSatisfy { $0.payloadType == 8 && $0.payload.count == 160 })
        let echo = stream.echo(of: packets[0], Self.audio)
        #expect(echo == nil, "during the tone")
    }

    @Test("RFC 4733 §2.5.1.2 an echoed telephone event keeps one timestamp; unknown types are not echoed")
    func events() throws {
        var stream = MediaStream(tonePackets: 0)
        func packet(_ type: UInt8, _ time: UInt32) -> RTPPacket {
            RTPPacket(payloadType: type, sequenceNumber: 1, timestamp: time, source: 5, payload: [1])
        }
        let received = [packet(8, 1000), packet(101, 1160), packet(101, 1160), packet(18, 1320)]
        let echoes = received.compactMap { stream.echo(of: $0, Self.audio) }
        try #require(echoes.map(\.payloadType) == [8, 101, 101])
        #expect(echoes[1].timestamp == echoes[0].timestamp &+ 160)
        #expect(echoes[2].timestamp == echoes[1].timestamp)
        #expect(echoes[2].sequenceNumber == echoes[1].sequenceNumber &+ 1)
    }
}
