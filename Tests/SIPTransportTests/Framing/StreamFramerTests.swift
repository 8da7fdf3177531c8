// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPTransport
import Testing

@Suite("StreamFramer, RFC 3261 §18.3 and §7.5, RFC 5626 §3.5.1")
struct StreamFramerTests {
    static let first = Array("OPTIONS sip:a SIP/2.0\r\nl: 5\r\nSubject: x\r\n\r\nhello".utf8)
    static let second = Array("SIP/2.0 200 OK\r\nContent-Length:\r\n 7 \r\nCall-ID: b\r\n\r\nfarewel".utf8)

    static func framer(header: Int = 16_384, message: Int = 65_535) -> StreamFramer {
        StreamFramer(maxHeaderSectionBytes: header, maxMessageBytes: message)
    }

    static func drain(_ framer: inout StreamFramer) -> [StreamEvent] {
        var events: [StreamEvent] = []
        while let event = framer.next() {
            events.append(event)
        }
        return events
    }

    static func events(of chunks: [[UInt8]], framer: StreamFramer = framer()) -> [StreamEvent] {
        var framer = framer
        var events: [StreamEvent] = []
        for chunk in chunks {
            framer.append(chunk)
            events += drain(&framer)
        }
        return events
    }

    static func failure(_ text: String) -> StreamFramingError? {
        guard case .failed(let error, _)? = events(of: [Array(text.utf8)]).last else { return nil }
        return error
    }

    @Test("§18.3 Two pipelined messages come out whole at every split position")
    func everySplit() {
        let stream = Self.first + Self.second
        for split in 0...stream.count {
            let events = Self.events(of: [Array(stream[..<split]), Array(stream[split...])])
            #expect(events == [.message(Self.first), .message(Self.second)], "split at \(split)")
        }
    }

    @Test("§18.3 Two pipelined messages come out whole at every pair of split positions")
    func everyPairOfSplits() {
        let stream = Self.first + Self.second
        let expected: [StreamEvent] = [.message(Self.first), .message(Self.second)]
        var wrong = 0
        for low in 0...stream.count {
            for high in low...stream.count {
                let chunks = [Array(stream[..<low]), Array(stream[low..<high]), Array(stream[high...])]
                if Self.events(of: chunks) != expected { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }

    @Test("§18.3 One byte at a time")
    func byteAtATime() {
        let stream = Self.first + Self.second + Self.first
        let events = Self.events(of: stream.map { [$0] })
        #expect(events == [.message(Self.first), .message(Self.second), .message(Self.first)])
    }

    @Test("§18.3 Many messages in one segment, and a hundred rounds through the same buffer")
    func manyMessages() {
        var framer = Self.framer()
        for round in 0..<100 {
            let stream = Array(repeating: Self.first + Self.second, count: round % 40 + 1).flatMap { $0 }
            let cut = stream.count * (round % 10) / 10
            framer.append(stream[..<cut])
            var events = Self.drain(&framer)
            framer.append(stream[cut...])
            events += Self.drain(&framer)
            #expect(events.count == 2 * (round % 40 + 1))
            for (index, event) in events.enumerated() {
                #expect(event == .message(index % 2 == 0 ? Self.first : Self.second))
            }
        }
        #expect(framer.bufferedBytes == 0)
        #expect(!framer.isMidMessage)
    }

    @Test("§7.5 CRLFs before a start line are ignored, one or three, whole or split")
    func leadingLineEnds() {
        let end = Array("\r\n".utf8)
        #expect(Self.events(of: [end + Self.first]) == [.message(Self.first)])
        #expect(Self.events(of: [end, Self.first]) == [.message(Self.first)])
        let split: [[UInt8]] = [[13], [10], Self.first]
        #expect(Self.events(of: split) == [.message(Self.first)])
        #expect(Self.events(of: [Self.first + end + Self.second]) == [.message(Self.first), .message(Self.second)])
    }

    @Test("RFC 5626 §3.5.1 A double CRLF is a ping, between messages and however it is split")
    func pings() {
        let ping = Array("\r\n\r\n".utf8)
        #expect(Self.events(of: [ping]) == [.ping])
        #expect(Self.events(of: ping.map { [$0] }) == [.ping])
        #expect(Self.events(of: [ping, ping]) == [.ping, .ping])
        #expect(
            Self.events(of: [Self.first + ping + Self.second]) == [.message(Self.first), .ping, .message(Self.second)]
        )
    }

    @Test("RFC 5626 §3.5.1 A flood of CRLFs in one segment is one ping")
    func pingFlood() {
        let flood = Array(String(repeating: "\r\n", count: 30_000).utf8)
        #expect(Self.events(of: [flood]) == [StreamEvent.ping])
    }

    @Test(
        "§20.14 Content-Length in every legal spelling",
        arguments: [
            "Content-Length: 4", "content-length:4", "CONTENT-LENGTH \t: 4 ", "l:4", "L : 0004", "l:\r\n 4",
            "l: \r\n\t 4\r\n ", "Content-Length: 4\r\nl: 4", "Length: 9\r\nl: 4", "Content-Length-X: 9\r\nl: 4",
            "Subject: a\r\n l: 9\r\nl: 4", "Content-Lengtg: 9\r\nl:4", "Content\u{0C}Length: 9\r\nl:4",
        ]
    )
    func contentLength(lines: String) {
        let message = Array("X y SIP/2.0\r\n\(lines)\r\nA: b\r\n\r\nbody".utf8)
        #expect(Self.events(of: [message]) == [.message(message)])
        #expect(Self.events(of: message.map { [$0] }) == [.message(message)])
    }

    @Test("§18.3 A message without a body ends with its header section")
    func emptyBody() {
        let message = Array("X y SIP/2.0\r\nl: 0\r\n\r\n".utf8)
        #expect(Self.events(of: [message + message]) == [.message(message), .message(message)])
    }

    @Test(
        "§18.3 A Content-Length that cannot be trusted ends the stream",
        arguments: [
            ("", StreamFramingError.contentLengthMissing), ("A: l: 5\r\n", .contentLengthMissing),
            (" l: 5\r\n", .contentLengthMissing), ("l:\r\n", .contentLengthMalformed),
            ("l: -1\r\n", .contentLengthMalformed), ("l: +5\r\n", .contentLengthMalformed),
            ("l: 5 5\r\n", .contentLengthMalformed), ("l: 5\r\n 5\r\n", .contentLengthMalformed),
            ("l: 0x5\r\n", .contentLengthMalformed), ("l: 5,5\r\n", .contentLengthMalformed),
            ("l: 5;a\r\n", .contentLengthMalformed), ("l: 5\u{0}\r\n", .contentLengthMalformed),
            ("l: 5\r\nContent-Length: 6\r\n", .contentLengthConflicting),
            ("l: x\r\nl: 6\r\n", .contentLengthMalformed), ("l: 65536\r\n", .messageTooLong),
            ("l: 4294967301\r\n", .messageTooLong), ("l: 18446744073709551621\r\n", .contentLengthMalformed),
            ("l: 99999999999999999999999999999999\r\n", .contentLengthMalformed),
        ]
    )
    func refusedLength(lines: String, error: StreamFramingError) {
        #expect(Self.failure("X y SIP/2.0\r\n\(lines)\r\nbody") == error)
    }

    @Test("§7 What cannot begin a message ends the stream at once")
    func notSIP() {
        #expect(Self.failure("\u{16}\u{3}\u{1}") == .notSIP)
        #expect(Self.failure("\rX") == .notSIP)
        #expect(Self.failure("\n") == .notSIP)
        #expect(Self.failure(" X") == .notSIP)
        #expect(Self.failure("\r\n\u{0}") == .notSIP)
    }

    @Test("§7 Every line ends in CRLF; a bare LF ends the stream")
    func bareLineFeed() {
        #expect(Self.failure("X y SIP/2.0\nl: 0\n\n") == .bareLineFeed)
        #expect(Self.failure("X y SIP/2.0\r\nl: 0\n\r\n") == .bareLineFeed)
        #expect(Self.failure("X y SIP/2.0\r\nl: 0\r\n\n") == .bareLineFeed)
    }

    @Test("The failure carries the head of the message, from its first byte and no earlier message's")
    func head() {
        let bad = Array("X y SIP/2.0\r\nVia: v\r\n\r\n".utf8)
        #expect(
            Self.events(of: [Self.first + bad]) == [.message(Self.first), .failed(.contentLengthMissing, head: bad)]
        )
    }

    @Test("After a failure nothing comes out and nothing is kept")
    func afterFailure() {
        var framer = Self.framer()
        framer.append(Array("\u{0}".utf8))
        #expect(Self.drain(&framer).count == 1)
        framer.append(Self.first)
        #expect(Self.drain(&framer).isEmpty)
        #expect(framer.bufferedBytes == 0)
        #expect(!framer.isMidMessage)
    }

    @Test("A header section and a message of exactly the limit pass, one byte more does not")
    func limits() {
        let head = Array("X y SIP/2.0\r\nl: 4\r\n\r\n".utf8)
        let message = head + Array("body".utf8)
        #expect(Self.events(of: [message], framer: Self.framer(header: head.count)) == [.message(message)])
        #expect(Self.events(of: [message], framer: Self.framer(message: message.count)) == [.message(message)])
        let longHead = Self.events(of: [message], framer: Self.framer(header: head.count - 1))
        #expect(longHead == [.failed(.headerSectionTooLong, head: Array(head.dropLast()))])
        let long = Self.events(of: [message], framer: Self.framer(message: message.count - 1))
        #expect(long == [.failed(.messageTooLong, head: message)])
    }

    @Test(
        "1 MiB without an empty line fails at the limit, with a head no longer than it",
        arguments: [1, 1000, 1 << 20]
    )
    func junk(chunk: Int) {
        let junk = [UInt8](repeating: UInt8(ascii: "j"), count: 1 << 20)
        var framer = Self.framer()
        var events: [StreamEvent] = []
        var most = 0
        for start in stride(from: 0, to: junk.count, by: chunk) {
            framer.append(junk[start..<min(junk.count, start + chunk)])
            events += Self.drain(&framer)
            most = max(most, framer.bufferedBytes)
        }
        #expect(events == [.failed(.headerSectionTooLong, head: Array(junk[..<16_384]))])
        #expect(most <= 16_384)
    }

    @Test("A message of the greatest length arrives byte by byte")
    func greatest() {
        let head = Array("X y SIP/2.0\r\nContent-Length: 65497\r\n\r\n".utf8)
        let message = head + [UInt8](repeating: 10, count: 65_497)
        #expect(message.count == 65_535)
        #expect(Self.events(of: message.map { [$0] }) == [.message(message)])
    }

    @Test("Whether a message is unfinished is known at every byte")
    func midMessage() {
        var framer = Self.framer()
        for byte in "\r\n\r\n".utf8 {
            framer.append([byte])
            _ = Self.drain(&framer)
            #expect(!framer.isMidMessage)
        }
        for byte in Self.first.dropLast() {
            framer.append([byte])
            _ = Self.drain(&framer)
            #expect(framer.isMidMessage)
        }
        framer.append(Self.first.suffix(1))
        #expect(framer.next() == .message(Self.first))
        #expect(!framer.isMidMessage)
    }
}
