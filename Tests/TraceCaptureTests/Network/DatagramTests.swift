// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TraceCapture

@Suite("SIP in datagrams")
struct DatagramTests {
    @Test(
        "a message is told by its first line on any port",
        arguments: [
            "INVITE sip:a@b SIP/2.0\r\n", "NEWMETHOD sip:a@b SIP/2.0\r\n", "SIP/2.0 200 OK\r\n",
            "OPTIONS sip:a@b SIP/7.0\r\n", "INVITE  sip:a@b  SIP/2.0\r\n", "OPTIONS sip:a@b SIP/2.0  \r\n",
            "\r\n\r\nBYE sip:a@b SIP/2.0\r\n", "SIP/2.0 4294967301 x\r\n", "sip/2.0 200 OK\r\n",
            "INVITE <sip:a@b> SIP/2.0\r\n", "REGISTER sip:a SIP/2.0",
        ]
    )
    func firstLines(_ text: String) {
        let reading = Reading([Packet.datagram(Array(text.utf8))])
        #expect(reading.bytes == [Array(text.utf8)])
    }

    @Test(
        "what is no first line is counted as foreign",
        arguments: [
            "hello", "GET / HTTP/1.1\r\n", "INVITEsip:a@b SIP/2.0\r\n", "HTTP/1.1 200 OK\r\n", "INVITE", "SIP/2.0 ",
            "some words, then SIP/2.0 200 OK\r\n", "NEWMETHOD sip:a@b\r\n", "SIP/2.0 OK\r\n",
        ]
    )
    func others(_ text: String) {
        let reading = Reading([Packet.datagram(Array(text.utf8))])
        #expect(reading.messages.isEmpty)
        #expect(reading.counts.foreign(.udp) == 1)
    }

    @Test("RFC 5626 §3.5.1: line ends, NUL and nothing at all keep a flow alive")
    func keepAlives() {
        let counts = Reading(["\r\n\r\n", "\0\0\0\0", "", "\r\n"].map { Packet.datagram(Array($0.utf8)) }).counts
        #expect(counts.keepAlives == 4)
        #expect(counts.foreign == 0)
    }

    @Test("DTLS is counted as encrypted")
    func encrypted() {
        let record: [UInt8] = [22, 0xFE, 0xFD] + [UInt8](repeating: 0, count: 20)
        #expect(Reading([Packet.datagram(record)]).counts.encrypted == 1)
    }

    @Test("octets behind the UDP length belong to no message")
    func trailing() {
        let packet = Packet.ipv4(Packet.udp(Message.ok) + [1, 2, 3], next: 17)
        let shorter = Packet.ipv4(Packet.udp(Message.ok + [1, 2, 3], length: Message.ok.count + 8), next: 17)
        #expect(Reading([packet, shorter]).bytes == [Message.ok, Message.ok])
    }
}

@Suite("HEP3")
struct EncapsulationTests {
    private static func chunk(_ type: Int, _ value: [UInt8], vendor: Int = 0) -> [UInt8] {
        big(vendor, 2) + big(type, 2) + big(value.count + 6, 2) + value
    }

    private static func wrap(_ chunks: [[UInt8]]) -> [UInt8] {
        let content = Array(chunks.joined())
        return Array("HEP3".utf8) + big(content.count + 6, 2) + content
    }

    private static let head = [
        chunk(1, [2]), chunk(2, [6]), chunk(3, [198, 51, 100, 1]), chunk(4, [198, 51, 100, 2]), chunk(7, big(1_234, 2)),
        chunk(8, big(5_678, 2)), chunk(9, big(1_700_000_000, 4)), chunk(10, big(250_000, 4)), chunk(11, [1]),
        chunk(12, [0, 0, 0, 9]), chunk(99, [1, 2], vendor: 7),
    ]

    @Test("the inner addresses, ports, protocol, time and payload are those of the message")
    func inner() throws {
        let reading = Reading([Packet.datagram(Self.wrap(Self.head + [Self.chunk(15, Message.invite)]))])
        let message = try #require(reading.messages.first)
        #expect(message.bytes == Message.invite)
        #expect(message.source?.description == "198.51.100.1:1234")
        #expect(message.destination?.description == "198.51.100.2:5678")
        #expect(message.transport == .tcp)
        #expect(message.time?.nanoseconds == 1_700_000_000_250_000_000)
        #expect(reading.counts.encapsulated == 1)
    }

    @Test("IPv6 addresses come in chunks 5 and 6")
    func inner6() {
        let chunks = [
            Self.chunk(5, Packet.client6), Self.chunk(6, Packet.server6), Self.chunk(7, big(5_060, 2)),
            Self.chunk(15, Message.ok),
        ]
        let message = Reading([Packet.datagram(Self.wrap(chunks))]).messages.first
        #expect(message?.source?.description == "[2001:db8::1]:5060")
        #expect(message?.destination?.description == "[2001:db8::2]:0")
    }

    @Test("what is no SIP, or compressed, is counted")
    func foreign() {
        let reports = Self.wrap([Self.chunk(11, [5]), Self.chunk(15, [1, 2, 3])])
        let compressed = Self.wrap(Self.head + [Self.chunk(16, [0x1F, 0x8B])])
        let reading = Reading([reports, compressed].map(Packet.datagram))
        #expect(reading.counts.foreign(.encapsulated) == 2)
        #expect(reading.kinds == [.malformedPacket])
    }

    @Test("chunks that do not fit are noted; those that the capture cut give what is left")
    func unsound() {
        let whole = Self.wrap(Self.head + [Self.chunk(15, Message.invite)])
        var longer = whole
        longer.replaceSubrange(10..<12, with: [0xFF, 0xFF])
        var zero = whole
        zero.replaceSubrange(10..<12, with: [0, 0])
        #expect(Reading([longer, zero].map(Packet.datagram)).counts.unreadable == 2)
        let packet = Packet.datagram(whole)
        let cut = Reading([Array(packet.dropLast(10))], wire: [0: packet.count])
        #expect(cut.bytes == [Array(Message.invite.dropLast(10))])
        #expect(cut.messages.first?.isTruncated == true)
    }
}
