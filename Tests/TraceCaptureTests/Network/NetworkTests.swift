// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TraceCapture

@Suite("IP packets")
struct NetworkTests {
    private static let long = Message.request(body: String(repeating: "v=0\r\n", count: 400))

    /// Cuts a UDP datagram into IPv4 fragments of so many octets.
    private static func fragments(_ size: Int, identification: Int = 7) -> [[UInt8]] {
        let whole = Packet.udp(long)
        return stride(from: 0, to: whole.count, by: size).map { start in
            let end = min(start + size, whole.count)
            return Packet.ipv4(
                Array(whole[start..<end]),
                next: 17,
                identification: identification,
                fragment: start,
                more: end < whole.count
            )
        }
    }

    @Test("RFC 791 §3.2: fragments in any order make the datagram")
    func reassembly() {
        let pieces = Self.fragments(640)
        #expect(pieces.count == 4)
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
            let reading = Reading(order.map { pieces[$0] })
            #expect(reading.bytes == [Self.long])
            #expect(reading.counts.reassembled == 1)
            #expect(reading.messages.first?.place.packet == 4)
        }
    }

    @Test("RFC 8200 §4.5: an IPv6 datagram is put together from its fragment headers")
    func reassembly6() {
        let whole = Packet.udp(Self.long)
        let pieces = [0..<1_000, 1_000..<whole.count].map { range in
            let more = range.upperBound < whole.count
            let header = [17, 0] + big(range.lowerBound | (more ? 1 : 0), 2) + big(0xCAFE, 4)
            return Packet.ipv6(header + whole[range], next: 44)
        }
        let reading = Reading(pieces)
        #expect(reading.bytes == [Self.long])
        #expect(reading.messages.first?.source?.description == "[2001:db8::1]:5060")
    }

    @Test("RFC 5722 §4: a datagram whose fragments overlap is refused whole")
    func overlap() {
        var pieces = Self.fragments(640)
        let other = Packet.ipv4(
            [UInt8](repeating: 65, count: 16),
            next: 17,
            identification: 7,
            fragment: 632,
            more: true
        )
        pieces.insert(other, at: 1)
        let reading = Reading(pieces)
        #expect(reading.messages.isEmpty)
        #expect(reading.counts.abandonedDatagrams == 1)
        #expect(reading.kinds == [.fragments])
    }

    @Test("a fragment that comes twice is no overlap")
    func duplicate() {
        let pieces = Self.fragments(640)
        #expect(Reading([pieces[0], pieces[1], pieces[1]] + pieces[2...]).bytes == [Self.long])
    }

    @Test("fragments that wait too long by the capture's time are given up and noted where they began")
    func timeout() {
        let pieces = Self.fragments(640)
        let reading = Reading(pieces, milliseconds: [0, 1, 2, 31_000])
        #expect(reading.messages.isEmpty)
        #expect(reading.notes.first?.place.packet == 1)
        #expect(reading.counts.abandonedDatagrams == 2)
    }

    @Test("no more fragments are held than the limit says")
    func limit() {
        var limits = CaptureLimits()
        limits.fragments = 100
        let pieces = (0..<5_000).map {
            Packet.ipv4([UInt8](repeating: 0, count: 800), next: 17, identification: $0, fragment: 800, more: true)
        }
        let reading = Reading(pieces, limits: limits)
        #expect(reading.heldEntries <= 101)
        #expect(reading.heldBytes <= 101 * 900)
        #expect(reading.counts.evicted == 4_900)
    }

    @Test("fragments beyond 65 535 octets are refused")
    func beyond() {
        let piece = Packet.ipv4([UInt8](repeating: 0, count: 80), next: 17, fragment: 65_528, more: true)
        #expect(Reading([piece]).kinds == [.fragments])
    }

    @Test("RFC 8200 §4: extension headers are walked over")
    func extensionHeaders() {
        let options: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0] + [17, 0, 1, 4, 0, 0, 0, 0]
        #expect(Reading([Packet.ipv6(options + Packet.udp(Message.ok), next: 0)]).bytes == [Message.ok])
        let authentication: [UInt8] = [17, 1, 0, 0] + [UInt8](repeating: 0, count: 8)
        #expect(Reading([Packet.ipv6(authentication + Packet.udp(Message.ok), next: 51)]).bytes == [Message.ok])
        let endless: [UInt8] = [60, 200, 1, 4, 0, 0, 0, 0]
        #expect(Reading([Packet.ipv6(endless, next: 60)]).kinds == [.malformedPacket])
    }

    @Test("IPv4 options are stepped over")
    func options() {
        let packet = Packet.ipv4(Packet.udp(Message.ok), next: 17, options: [1, 1, 1, 0])
        #expect(Reading([packet]).bytes == [Message.ok])
    }

    @Test("IP in IP and GRE are looked into, to a depth")
    func tunnels() {
        let inner = Packet.datagram(Message.invite)
        let greWithKey: [UInt8] = [0x20, 0, 8, 0, 0, 0, 0, 9]
        let packets = [
            Packet.ipv4(inner, next: 4), Packet.ipv6(inner, next: 4), Packet.ipv4(greWithKey + inner, next: 47),
            Packet.ipv4([0, 0, 0x88, 0x0B, 0xFF, 3, 0, 0x21] + inner, next: 47),
            Packet.ipv4([0, 0, 0x65, 0x58] + Packet.ethernet(inner), next: 47),
        ]
        #expect(Reading(packets).bytes.count == 5)
        let deep = (0..<40).reduce(inner) { packet, _ in Packet.ipv4(packet, next: 4) }
        #expect(Reading([deep]).kinds == [.malformedPacket])
    }

    @Test("what is no UDP or TCP is counted by kind")
    func foreign() {
        let counts = Reading([1, 50, 132, 89].map { Packet.ipv4([1, 2, 3, 4], next: $0) }).counts
        #expect(counts.foreign(.icmp) == 1)
        #expect(counts.foreign(.sctp) == 1)
        #expect(counts.foreign(.otherProtocol) == 1)
        #expect(counts.encrypted == 1)
    }

    @Test("a packet cut by the snap length gives a truncated message with a note")
    func snapLength() {
        let packet = Packet.datagram(Self.long)
        let reading = Reading([Array(packet.prefix(200))], wire: [0: packet.count])
        #expect(reading.messages.first?.isTruncated == true)
        #expect(reading.bytes == [Array(Self.long.prefix(172))])
        #expect(reading.kinds == [.truncatedMessage])
        #expect(reading.counts.truncatedPackets == 1)
        #expect(reading.counts.truncatedMessages == 1)
        let inFirstLine = Reading([Array(packet.prefix(28 + 15))], wire: [0: packet.count])
        #expect(inFirstLine.messages.first?.isTruncated == true)
    }

    @Test("a total length of 0 is that of a packet which the network card cut up")
    func segmentationOffload() {
        #expect(Reading([Packet.ipv4(Packet.udp(Message.ok), next: 17, length: 0)]).bytes == [Message.ok])
    }

    @Test("lengths that contradict each other are noted")
    func contradictions() {
        let packets = [
            Packet.ipv4(Packet.udp(Message.ok, length: 7), next: 17),
            Packet.ipv4(Packet.udp(Message.ok, length: 9_999), next: 17),
            Packet.ipv4(Packet.udp(Message.ok), next: 17, length: 12), [0x45, 0, 0], [0x20, 1],
        ]
        let reading = Reading(packets)
        #expect(reading.messages.isEmpty)
        #expect(reading.counts.unreadable == 5)
    }
}
