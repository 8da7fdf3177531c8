// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TraceCapture

@Suite("Link layers")
struct LinkLayerTests {
    private static let datagram = Packet.datagram(Message.invite)

    @Test(
        "an IPv4 packet is found behind every link-layer header",
        arguments: [
            ("Ethernet", LinkType.ethernet, Packet.ethernet([])),
            ("802.1Q", .ethernet, Packet.ethernet([0, 5, 8, 0], type: 0x8100)),
            ("802.1ad with 802.1Q", .ethernet, Packet.ethernet([0, 5, 0x81, 0, 0, 6, 8, 0], type: 0x88A8)),
            ("PPPoE session", .ethernet, Packet.ethernet([0x11, 0, 0, 1, 0, 99, 0, 0x21], type: 0x8864)),
            ("MPLS, two labels", .ethernet, Packet.ethernet([0, 1, 0, 64, 0, 2, 1, 64], type: 0x8847)),
            ("802.2 SNAP", .ethernet, Packet.ethernet([0xAA, 0xAA, 3, 0, 0, 0, 8, 0], type: 99)),
            ("Linux cooked v1", .linuxCooked, [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 8, 0]),
            ("Linux cooked v1 with 802.1Q", .linuxCooked, [UInt8](repeating: 0, count: 14) + [0x81, 0, 0, 5, 8, 0]),
            ("Linux cooked v2", .linuxCooked2, [8, 0] + [UInt8](repeating: 0, count: 18)),
            ("loopback, little end first", .loopback, [2, 0, 0, 0]),
            ("loopback, big end first", .loopback, [0, 0, 0, 2]),
            ("PPP with address and control", .ppp, [0xFF, 3, 0, 0x21]),
            ("PPP with a short protocol", .ppp, [0x21]),
            ("raw IP", .rawIP, []),
        ] as [(String, LinkType, [UInt8])]
    )
    func header(_ name: String, _ link: LinkType, _ header: [UInt8]) {
        let reading = Reading([header + Self.datagram], link: link)
        #expect(reading.bytes == [Message.invite])
        #expect(reading.messages.first?.source?.description == "192.0.2.1:5060")
        #expect(reading.messages.first?.destination?.description == "192.0.2.2:5070")
        #expect(reading.messages.first?.transport == .udp)
        #expect(reading.notes.isEmpty)
    }

    @Test("IPv6 over loopback has another family on each system", arguments: [10, 24, 28, 30] as [UInt8])
    func loopbackFamilies(_ family: UInt8) {
        let packet = Packet.ipv6(Packet.udp(Message.ok), next: 17)
        #expect(Reading([[family, 0, 0, 0] + packet, [0, 0, 0, family] + packet], link: .loopback).bytes.count == 2)
    }

    @Test("a header of any length that is cut short is noted, not choked on")
    func cutShort() {
        let frame = Packet.ethernet([0, 5, 0x81, 0, 0, 6, 8, 0], type: 0x88A8)
        for count in 0...frame.count {
            let reading = Reading([Array(frame.prefix(count))], link: .ethernet)
            #expect(reading.counts.unreadable == 1)
            #expect(reading.kinds == [.malformedPacket])
        }
    }

    @Test("ARP and unknown protocols are counted by kind")
    func foreign() {
        let frames = [
            Packet.ethernet([1, 2, 3], type: 0x0806), Packet.ethernet([1, 2, 3], type: 0x88CC),
            Packet.ethernet([0x42, 0x42, 3], type: 38),
        ]
        let counts = Reading(frames, link: .ethernet).counts
        #expect(counts.foreign(.arp) == 1)
        #expect(counts.foreign(.link) == 2)
    }

    @Test("octets that fill an Ethernet frame up belong to no message")
    func padding() {
        let frame = Packet.ethernet(Self.datagram) + [UInt8](repeating: 0, count: 18)
        #expect(Reading([frame], link: .ethernet).bytes == [Message.invite])
    }

    @Test("libpcap's numbers name the link layers")
    func numbers() {
        let known: [(Int32, LinkType)] = [(1, .ethernet), (0, .loopback), (108, .loopback), (276, .linuxCooked2)]
        for (number, link) in known { #expect(LinkType(dataLink: number) == link) }
        #expect(LinkType(dataLink: 105) == nil)
    }
}
