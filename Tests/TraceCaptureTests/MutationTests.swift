// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TraceCapture

@Suite("Captures that are damaged on purpose")
struct MutationTests {
    private static let limits = {
        var limits = CaptureLimits()
        limits.heldBytes = 64 << 10
        limits.streams = 16
        limits.fragments = 32
        return limits
    }()

    /// A packet of each kind that is looked into, with Ethernet before it.
    private static let packets: [[UInt8]] = {
        let long = Message.request(body: String(repeating: "a=b\r\n", count: 100))
        let whole = Packet.udp(long)
        let chunk = [0, 0, 0, 15] + big(Message.ok.count + 6, 2) + Message.ok
        let wrapped = Array("HEP3".utf8) + big(chunk.count + 6, 2) + chunk
        let fragment6: [UInt8] = [17, 0, 0, 1, 0, 0, 0, 9]
        return [
            Packet.ethernet(Packet.datagram(long)), Packet.ethernet(Packet.datagram(wrapped)),
            Packet.ethernet(Packet.ipv4(Array(whole[..<320]), next: 17, more: true)),
            Packet.ethernet(Packet.ipv4(Array(whole[320...]), next: 17, fragment: 320)),
            Packet.ethernet(Packet.ipv6(fragment6 + whole[..<320], next: 44), type: 0x86DD),
            Packet.ethernet([0, 5, 0x81, 0, 0, 6, 8, 0] + Packet.datagram(Message.ok), type: 0x88A8),
            Packet.ethernet([0x11, 0, 0, 1, 0, 99, 0, 0x21] + Packet.datagram(Message.ok), type: 0x8864),
            Packet.ethernet(Packet.ipv4([0x20, 0, 8, 0, 0, 0, 0, 9] + Packet.datagram(Message.ok), next: 47)),
            Packet.ethernet(Packet.segment(Array(long[..<200]), 1_000)),
            Packet.ethernet(Packet.segment(Array(long[400...]), 1_400)),
            Packet.ethernet(Packet.segment(Array(long[200..<400]), 1_200)),
            Packet.ethernet(Packet.segment([], 1_000 + UInt32(long.count), flags: 0x11)),
        ]
    }()

    @Test("the packets are sound before they are damaged")
    func sound() {
        let reading = Reading(Self.packets, link: .ethernet)
        #expect(reading.messages.count == 7)
        #expect(reading.counts.unreadable == 0)
    }

    @Test("no change of octets crashes the decoder, and its limits hold", arguments: 0..<8)
    func mutation(_ seed: UInt64) {
        var generator = Generator(seed)
        var decoder = PacketDecoder(link: .ethernet, file: "test", limits: Self.limits)
        var messages = 0
        for number in 1...4_000 {
            var packet = Self.packets[Int.random(in: 0..<Self.packets.count, using: &generator)]
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let index = Int.random(in: 0..<min(packet.count, 90), using: &generator)
                packet[index] = UInt8.random(in: 0...255, using: &generator)
            }
            let wire = packet.count
            if Bool.random(using: &generator) { packet.removeLast(Int.random(in: 0...packet.count, using: &generator)) }
            let time = CaptureTime(nanoseconds: Int64.random(in: .min ... .max, using: &generator))
            decoder.decode(packet.span, PacketRecord(packet: number, time: time, wireLength: wire))
            while let event = decoder.nextEvent() {
                if case .message = event { messages += 1 }
            }
            #expect(decoder.heldBytes <= Self.limits.heldBytes)
            #expect(decoder.heldEntries <= Self.limits.streams + Self.limits.fragments)
        }
        decoder.finish()
        while decoder.nextEvent() != nil {}
        #expect(decoder.heldBytes == 0)
        #expect(decoder.heldEntries == 0)
        #expect(messages > 0)
    }

    @Test("no change of octets in a file crashes the reader", arguments: 0..<4)
    func files(_ seed: UInt64) throws {
        var generator = Generator(seed)
        for round in 0..<60 {
            var bytes =
                round % 2 == 0
                ? CaptureFile.pcap(Self.packets, link: 1) : CaptureFile.pcapng(Self.packets, link: 1)
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let index = Int.random(in: 4..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            let file = try CaptureFile(bytes)
            do {
                let reading = try CaptureFile.read(file.path)
                #expect(reading.messages.count <= 40)
            } catch let error as CaptureError {
                #expect(error.file == file.path)
            }
        }
    }

    @Test("no change of octets in a text crashes its decoder", arguments: 0..<4)
    func texts(_ seed: UInt64) {
        var generator = Generator(seed)
        let heading = Array("2024/01/01 12:00:00.000000 192.0.2.1:5060 -> 192.0.2.2:5060\n".utf8)
        let text = Array(
            [heading, Message.invite, [10, 10], heading, Message.request(body: "v=0\r\n"), [10]].joined()
        )
        for _ in 0..<2_000 {
            var changed = text
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<changed.count, using: &generator)
                changed[index] = UInt8.random(in: 0...255, using: &generator)
            }
            var decoder = TextTraceDecoder(file: "test")
            decoder.append(changed.span)
            decoder.finish()
            var octets = 0
            while let event = decoder.nextEvent() {
                if case .message(let message) = event { octets += message.bytes.count }
            }
            #expect(octets <= changed.count * 2)
        }
    }
}

@Suite("Long captures")
struct LongCaptureTests {
    #if DEBUG
    private static let dialogs = 100_000
    #else
    private static let dialogs = 1_000_000
    #endif

    @Test("a million dialogs in as many connections are held within the limits")
    func million() {
        var limits = CaptureLimits()
        limits.streams = 1_000
        limits.heldBytes = 1 << 20
        var decoder = PacketDecoder(link: .rawIP, file: "test", limits: limits)
        let part = Array(Message.invite.dropLast(4))
        var packet = Packet.segment(part, 1)
        var messages = 0
        var mostHeld = 0
        for number in 1...Self.dialogs {
            // The sender's address makes the connection.
            packet.replaceSubrange(12..<16, with: big(number, 4))
            let record = PacketRecord(packet: number, time: CaptureTime(seconds: 0), wireLength: packet.count)
            decoder.decode(packet.span, record)
            while let event = decoder.nextEvent() {
                if case .message(let message) = event, message.isTruncated { messages += 1 }
            }
            mostHeld = max(mostHeld, decoder.heldBytes)
        }
        #expect(mostHeld <= limits.heldBytes)
        #expect(decoder.heldEntries <= limits.streams)
        #expect(decoder.counts.streams == Self.dialogs)
        #expect(decoder.counts.evicted == Self.dialogs - limits.streams)
        #expect(messages == Self.dialogs - limits.streams)
    }
}
