// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing
import TraceCapture

/// Reads a text in chunks of one size.
private func read(_ text: [UInt8], chunk: Int = 9_999, limits: CaptureLimits = CaptureLimits()) -> Reading {
    var decoder = TextTraceDecoder(file: "test", limits: limits)
    var reading = Reading()
    func drain(_ reading: inout Reading) {
        while let event = decoder.nextEvent() { reading.add(event) }
        reading.heldBytes = max(reading.heldBytes, decoder.heldBytes)
    }
    for start in stride(from: 0, to: text.count, by: chunk) {
        decoder.append(Array(text[start..<min(start + chunk, text.count)]).span)
        drain(&reading)
    }
    decoder.finish()
    drain(&reading)
    reading.counts = decoder.counts
    return reading
}

private func read(_ text: String, chunk: Int = 9_999) -> Reading {
    read(Array(text.utf8), chunk: chunk)
}

/// The text with line ends of LF, as an editor leaves it.
private func edited(_ message: [UInt8]) -> String {
    String(decoding: message.filter { $0 != 13 }, as: UTF8.self)
}

@Suite("Text traces")
struct TextTraceTests {
    private static let body = Message.request(body: "v=0\r\ns=-\r\n")

    @Test("sngrep names time and addresses in a line before each message", arguments: [1, 10, 9_999])
    func sngrep(_ chunk: Int) throws {
        let text =
            "2024/01/01 12:00:00.000001 192.0.2.1:5060 -> 192.0.2.2:5070\n" + String(decoding: Self.body, as: UTF8.self)
            + "\n\n2024/01/01 12:00:00.5 2001:db8::1:5060 -> [2001:db8::2]:5070\n" + edited(Message.ok) + "\n\n"
        let reading = read(text, chunk: chunk)
        #expect(reading.bytes == [Self.body, Message.ok])
        let first = try #require(reading.messages.first)
        #expect(first.source?.description == "192.0.2.1:5060")
        #expect(first.destination?.description == "192.0.2.2:5070")
        #expect(first.time?.nanoseconds == 1_704_110_400_000_001_000)
        #expect(first.place.line == 2)
        #expect(first.place.offset == 60)
        let second = try #require(reading.messages.last)
        #expect(second.source?.description == "[2001:db8::1]:5060")
        #expect(second.destination?.description == "[2001:db8::2]:5070")
        #expect(second.time?.nanoseconds == 1_704_110_400_500_000_000)
    }

    @Test("SIPp's -trace_msg names time and transport, not addresses", arguments: [1, 9_999])
    func sipp(_ chunk: Int) {
        let dashes = String(repeating: "-", count: 47)
        let text =
            "\(dashes) 2026-11-21 12:45:47.214197\nUDP message sent (514 bytes):\n\n"
            + String(decoding: Self.body, as: UTF8.self)
            + "\n\(dashes) 2026-11-21 12:45:47.214414\nTCP message received [313] bytes :\n\n"
            + String(decoding: Message.ok, as: UTF8.self) + "\n"
        let reading = read(text, chunk: chunk)
        #expect(reading.bytes == [Self.body, Message.ok])
        #expect(reading.messages.map(\.transport) == [.udp, .tcp])
        #expect(reading.messages.first?.time?.nanoseconds == 1_795_265_147_214_197_000)
        #expect(reading.messages.first?.source == nil)
    }

    @Test("messages are parted by blank lines, with line ends of CRLF and of LF")
    func plain() {
        let messages = [Self.body, Message.ok, Message.invite, Self.body]
        let joined = messages.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\r\n")
        #expect(read(joined).bytes == messages)
        #expect(read(messages.map(edited).joined(separator: "\n\n")).bytes == messages)
        #expect(read(messages.map(edited).joined()).bytes == messages)
    }

    @Test("RFC 3420: a first line at the beginning of a body is part of it")
    func sipfrag() {
        let notify = Message.request("NOTIFY", body: "SIP/2.0 200 OK\r\n")
        #expect(read(edited(notify) + "\n" + edited(Message.ok)).bytes == [notify, Message.ok])
    }

    @Test("a message whose last line ends were lost is made whole")
    func lostEnds() {
        let stripped = edited(Self.body).dropLast()
        #expect(read("\(stripped)\n\n\(edited(Message.ok))").bytes == [Self.body, Message.ok])
        #expect(read(edited(Message.ok).trimmed).bytes == [Message.ok])
    }

    @Test("a body without Content-Length ends with its last line")
    func withoutLength() {
        let message = Message.request(body: "v=0\r\ns=-\r\n", length: "")
        #expect(read(edited(message) + "\n\n\n" + edited(Message.ok)).bytes == [message, Message.ok])
    }

    @Test("a Content-Length that promises too much does not swallow the next message")
    func lyingLength() {
        let message = Message.request(body: "v=0\r\n", length: "Content-Length: 5000")
        #expect(read(edited(message) + "\n" + edited(Message.ok)).bytes == [message, Message.ok])
    }

    @Test("a MIME boundary of dashes is no heading")
    func boundary() {
        let message = Message.request(body: "------------x\r\nA: b\r\n\r\nc\r\n------------x--\r\n")
        #expect(read(edited(message)).bytes == [message])
    }

    @Test("prose that speaks of SIP holds no message")
    func prose() {
        let text = "INVITE sip:a@b is sent\nSIP/2.0 is spoken\nthen ACK sip:a@b SIP/2.0 or so\n"
        #expect(read(text).messages.isEmpty)
    }

    @Test("no line and no message is held that is longer than the limits")
    func limits() {
        var limits = CaptureLimits()
        limits.headerBytes = 1_000
        limits.messageBytes = 2_000
        let head = Array("INVITE sip:a@b SIP/2.0\n".utf8)
        let line = read(head + [UInt8](repeating: 65, count: 100_000) + [10] + Message.ok, chunk: 512, limits: limits)
        #expect(line.bytes == [Message.ok])
        #expect(line.kinds == [.framing])
        #expect(line.heldBytes < 4_000)
        let lines = Array(repeating: Array("A: b\n".utf8), count: 10_000).joined()
        let long = read(head + lines + [10] + Message.ok, chunk: 512, limits: limits)
        #expect(long.bytes == [Message.ok])
        #expect(long.heldBytes < 8_000)
    }

    @Test("a day that does not exist is no time")
    func times() {
        #expect(CaptureTime(year: 2024, month: 13, day: 1, hour: 0, minute: 0, second: 0) == nil)
        #expect(CaptureTime(year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0)?.nanoseconds == 0)
        #expect(
            CaptureTime(year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 59)?.nanoseconds == -1_000_000_000
        )
        #expect(
            CaptureTime(year: 2000, month: 2, day: 29, hour: 0, minute: 0, second: 0)?.nanoseconds
                == 951_782_400_000_000_000
        )
        #expect(CaptureTime(seconds: .max).nanoseconds == .max)
        #expect(CaptureTime(seconds: .min, nanoseconds: -1).nanoseconds == .min)
    }
}

extension String {
    /// The text without blanks and line ends at its end.
    fileprivate var trimmed: String {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
