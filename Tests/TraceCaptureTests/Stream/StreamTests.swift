// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TraceCapture

@Suite("SIP in TCP streams")
struct StreamTests {
    private static let body = Message.request(body: "v=0\r\ns=-\r\n")

    /// Segments of the given octets, one behind the other.
    private static func segments(_ parts: [[UInt8]], from start: UInt32 = 1_000) -> [[UInt8]] {
        var sequence = start
        return parts.map { part in
            defer { sequence &+= UInt32(part.count) }
            return Packet.segment(part, sequence)
        }
    }

    private static func pieces(_ bytes: [UInt8], of size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    @Test(
        "RFC 3261 §18.3: messages are cut by Content-Length, however the segments fall",
        arguments: [1, 2, 7, 64, 9_999]
    )
    func framing(_ size: Int) {
        let stream = Self.body + Message.ok + Self.body + Message.invite
        let reading = Reading(Self.segments(Self.pieces(stream, of: size)))
        #expect(reading.bytes == [Self.body, Message.ok, Self.body, Message.invite])
        #expect(reading.notes.isEmpty)
        #expect(reading.counts.streams == 1)
    }

    @Test("RFC 3261 §7.3.3: the compact form l tells the length too")
    func compact() {
        let message = Message.request(body: "v=0\r\n", length: "l : 5")
        #expect(Reading(Self.segments([message + Message.ok])).bytes == [message, Message.ok])
    }

    @Test("a message without Content-Length ends with its header section")
    func withoutLength() {
        let message = Message.request(length: "")
        #expect(Reading(Self.segments([message + Message.ok])).bytes == [message, Message.ok])
    }

    @Test(
        "after a Content-Length that cannot be read, the next first line is looked for",
        arguments: ["x", "-1", "5\r\nl: 6"]
    )
    func unreadableLength(_ value: String) {
        let message = Message.request(body: "hello", length: "Content-Length: \(value)")
        let reading = Reading(Self.segments([message, Message.ok]))
        #expect(reading.bytes == [Array(message.dropLast(5)), Message.ok])
        #expect(reading.kinds == [.skipped])
        #expect(reading.counts.skippedBytes == 5)
    }

    @Test("segments out of order are put in order")
    func outOfOrder() {
        let parts = Self.segments(Self.pieces(Self.body + Message.ok, of: 30))
        let order = [0, 3, 2, 1] + Array(4..<parts.count)
        let reading = Reading(order.map { parts[$0] })
        #expect(reading.bytes == [Self.body, Message.ok])
        #expect(reading.counts.outOfOrder == 2)
        #expect(reading.counts.gaps == 0)
    }

    @Test("retransmitted and overlapping segments bring nothing twice")
    func retransmission() {
        let stream = Self.body + Message.ok
        let packets = [
            Packet.segment(Array(stream[0..<50]), 1_000), Packet.segment(Array(stream[0..<50]), 1_000),
            Packet.segment(Array(stream[20..<90]), 1_020), Packet.segment(Array(stream[100...]), 1_100),
            Packet.segment(Array(stream[100...]), 1_100), Packet.segment(Array(stream[80..<110]), 1_080),
        ]
        let reading = Reading(packets)
        #expect(reading.bytes == [Self.body, Message.ok])
        #expect(reading.counts.retransmissions == 2)
    }

    @Test("no way to cut, repeat, overlap and shuffle segments changes the messages", arguments: 0..<40)
    func shuffled(_ seed: UInt64) {
        var generator = Generator(seed)
        let messages = (0..<20).map { _ in
            Message.request(body: String(repeating: "a=b\r\n", count: Int.random(in: 0...200, using: &generator)))
        }
        let stream = Array(messages.joined())
        let start = UInt32.random(in: 0 ... .max, using: &generator)
        var parts: [[UInt8]] = []
        var cursor = 0
        while cursor < stream.count {
            let end = min(stream.count, cursor + Int.random(in: 1...900, using: &generator))
            let begin = max(0, cursor - Int.random(in: 0...50, using: &generator))
            parts.append(Packet.segment(Array(stream[begin..<end]), start &+ UInt32(begin)))
            if Int.random(in: 0..<5, using: &generator) == 0, let part = parts.randomElement(using: &generator) {
                parts.append(part)
            }
            cursor = end
        }
        for index in parts.indices {
            parts.swapAt(index, min(parts.count - 1, index + Int.random(in: 0...6, using: &generator)))
        }
        let reading = Reading([Packet.segment([], start &- 1, flags: 2)] + parts)
        #expect(reading.bytes == messages)
        #expect(reading.notes == [])
        #expect(reading.counts.gaps == 0)
    }

    @Test("RFC 9293 §3.4: sequence numbers wrap around")
    func wrap() {
        let parts = Self.segments(Self.pieces(Self.body + Message.ok, of: 40), from: UInt32.max - 60)
        #expect(Reading([parts[0], parts[2], parts[1]] + parts[3...]).bytes == [Self.body, Message.ok])
    }

    @Test("both directions of a connection are kept apart")
    func directions() {
        let answer = Packet.ipv4(
            Packet.tcp(Message.ok, sequence: 77, from: 5_070, to: 5_060),
            next: 6,
            from: Packet.server,
            to: Packet.client
        )
        let parts = Self.segments(Self.pieces(Self.body, of: 60))
        let reading = Reading([parts[0], answer] + parts[1...])
        #expect(reading.bytes == [Message.ok, Self.body])
        #expect(reading.messages.first?.source?.description == "192.0.2.2:5070")
        #expect(reading.counts.streams == 1)
    }

    @Test("a capture that begins in the middle of a message goes on with the next one")
    func midStream() {
        let reading = Reading(Self.segments([Array(Self.body.dropFirst(40)), Message.ok]))
        #expect(reading.bytes == [Message.ok])
        #expect(reading.kinds == [.skipped])
        let within = Reading(Self.segments([Array(Self.body.dropFirst(40)) + Message.ok + Message.invite]))
        #expect(within.bytes == [Message.ok, Message.invite])
    }

    @Test("a message with a gap in its header section is delivered as truncated, and the next one is found")
    func gap() {
        let parts = Self.segments([
            Array(Self.body.prefix(60)), Array(Self.body.dropFirst(60)), Message.ok, Message.invite,
        ])
        let reading = Reading([parts[0], parts[2], parts[3]])
        #expect(reading.bytes == [Array(Self.body.prefix(60)), Message.ok, Message.invite])
        #expect(reading.messages.map(\.isTruncated) == [true, false, false])
        #expect(reading.counts.gaps == 1)
        #expect(reading.kinds.contains(.gap))
        let note = reading.notes.first { $0.kind == .gap }
        #expect(note?.text.hasPrefix("\(Self.body.count - 60) octets") == true)
    }

    @Test("a message whose body has a gap is delivered as truncated")
    func gapInBody() {
        let head = Array(Self.body.dropLast(4))
        let reading = Reading([
            Packet.segment(head, 1_000), Packet.segment(Message.ok, 1_000 + UInt32(Self.body.count)),
        ])
        #expect(reading.bytes == [head, Message.ok])
        #expect(reading.messages.map(\.isTruncated) == [true, false])
    }

    @Test("a segment cut by the snap length is a gap of known size")
    func snapLength() {
        let parts = Self.segments([Self.body, Message.ok])
        let reading = Reading([Array(parts[0].dropLast(6)), parts[1]], wire: [0: parts[0].count])
        #expect(reading.messages.map(\.isTruncated) == [true, false])
        #expect(reading.counts.gaps == 1)
    }

    @Test("a gap is waited for by the capture's time, then passed")
    func gapTime() {
        let parts = Self.segments([
            Array(Self.body.prefix(60)), Array(Self.body.dropFirst(60)), Message.ok, Message.invite,
        ])
        let late = Reading(
            [parts[0], parts[2], parts[3], parts[1]],
            milliseconds: [0, 10, 11_000, 11_001],
            finish: false
        )
        #expect(late.bytes == [Array(Self.body.prefix(60)), Message.ok, Message.invite])
        #expect(late.counts.retransmissions == 1)
        let inTime = Reading([parts[0], parts[2], parts[1], parts[3]], milliseconds: [0, 10, 9_000, 9_001])
        #expect(inTime.bytes == [Self.body, Message.ok, Message.invite])
    }

    @Test("no more segments wait than the limit says")
    func waiting() {
        var limits = CaptureLimits()
        limits.waitingSegments = 8
        let far = (1...100).map { Packet.segment([UInt8](repeating: 65, count: 100), 5_000 + UInt32($0) * 100) }
        let reading = Reading([Packet.segment(Array(Self.body.prefix(60)), 1_000)] + far, limits: limits, finish: false)
        #expect(reading.counts.gaps == 1)
        #expect(reading.heldBytes < 8 * 300 + 4_096)
    }

    @Test("RFC 5626 §4.4.1: line ends between messages are keep-alives")
    func keepAlive() {
        let reading = Reading(Self.segments([Message.ok, Array("\r\n\r\n".utf8), Array("\r\n".utf8), Message.ok]))
        #expect(reading.bytes == [Message.ok, Message.ok])
        #expect(reading.counts.keepAlives == 1)
    }

    @Test("a SYN with other numbers begins a new stream; a FIN ends one")
    func connections() {
        let first = [
            Packet.segment([], 99, flags: 2), Packet.segment(Array(Self.body.dropLast(3)), 100),
            Packet.segment([], 100 + UInt32(Self.body.count) - 3, flags: 0x11),
        ]
        let second = [Packet.segment([], 70_000, flags: 2), Packet.segment(Message.ok, 70_001)]
        let reading = Reading(first + second)
        #expect(reading.bytes == [Array(Self.body.dropLast(3)), Message.ok])
        #expect(reading.messages.first?.place.packet == 3)
        #expect(reading.messages.first?.isTruncated == true)
    }

    @Test("TLS is counted as encrypted, other streams as foreign, and neither is held")
    func foreign() {
        let hello: [UInt8] = [22, 3, 1, 2, 0] + [UInt8](repeating: 7, count: 100)
        let encrypted = Reading(Self.segments([hello, hello, hello]))
        #expect(encrypted.counts.encrypted == 3)
        #expect(encrypted.heldBytes == 0)
        let page = Array("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n".utf8) + [UInt8](repeating: 88, count: 1_300)
        let other = Reading(Self.segments([[UInt8]](repeating: page, count: 100)))
        #expect(other.counts.foreign(.tcp) == 100)
        #expect(other.notes.isEmpty)
        #expect(other.heldBytes < 16_384)
    }

    @Test("lengths and header sections beyond the limits are not waited for")
    func limits() {
        let huge = Message.request(length: "Content-Length: 99999999")
        let reading = Reading(Self.segments([huge, Message.ok]))
        #expect(reading.bytes == [Message.ok])
        #expect(reading.kinds == [.framing])
        let endless = Array("INVITE sip:a@b SIP/2.0\r\n".utf8) + [UInt8](repeating: 65, count: 70_000)
        let second = Reading(Self.segments(Self.pieces(endless, of: 1_400) + [Array("\r\n".utf8) + Message.ok]))
        #expect(second.bytes == [Message.ok])
        #expect(second.kinds.first == .framing)
    }

    @Test("the connection that was silent longest is forgotten first")
    func eviction() {
        var limits = CaptureLimits()
        limits.streams = 10
        let begun = (0..<100).map { Packet.segment(Array(Self.body.dropLast(2)), 1, from: 10_000 + $0) }
        let reading = Reading(begun, limits: limits, finish: false)
        #expect(reading.heldEntries <= 11)
        #expect(reading.counts.evicted == 90)
        #expect(reading.messages.count == 90)
        #expect(!reading.messages.contains { !$0.isTruncated })
    }

    @Test("no more octets are held than the limit says")
    func heldBytes() {
        var limits = CaptureLimits()
        limits.heldBytes = 100_000
        let part = Message.request(length: "Content-Length: 100000") + [UInt8](repeating: 65, count: 900)
        let begun = (0..<1_000).map { Packet.segment(part, 1, from: 10_000 + $0) }
        let reading = Reading(begun, limits: limits, finish: false)
        #expect(reading.heldBytes <= 100_000)
        #expect(reading.counts.evicted > 800)
    }
}
