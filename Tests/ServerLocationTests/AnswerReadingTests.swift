// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServerLocation

/// Composes DNS messages, without compression unless a test asks for it.
struct MessageBuilder {
    private var question: [UInt8] = []
    private var answers: [[UInt8]] = []
    private var authorities: [[UInt8]] = []

    init(_ name: String, _ type: RecordType) {
        question = Self.name(name) + Self.number(type.rawValue) + [0, 1]
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    static func number(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

    static func record(
        _ name: [UInt8],
        _ type: UInt16,
        _ seconds: UInt32,
        _ data: [UInt8],
        count: UInt16? = nil
    ) -> [UInt8] {
        name + number(type) + [0, 1] + number(UInt16(seconds >> 16)) + number(UInt16(seconds & 0xFFFF))
            + number(count ?? UInt16(data.count)) + data
    }

    mutating func add(_ name: String, _ type: UInt16, _ seconds: UInt32, _ data: [UInt8]) {
        answers.append(Self.record(Self.name(name), type, seconds, data))
    }

    mutating func add(raw record: [UInt8]) { answers.append(record) }

    mutating func addAuthority(_ seconds: UInt32, minimum: UInt16) {
        let data = [0, 0] + [UInt8](repeating: 0, count: 18) + Self.number(minimum)
        authorities.append(Self.record(Self.name("example.com"), 6, seconds, data))
    }

    var bytes: [UInt8] {
        [0, 1, 0x81, 0x80, 0, 1] + Self.number(UInt16(answers.count)) + Self.number(UInt16(authorities.count)) + [0, 0]
            + question + answers.joined() + authorities.joined()
    }

    func answer(_ type: RecordType, exists: Bool = true) -> Answer { Answer(bytes, type: type, exists: exists) }
}

struct AnswerReadingTests {
    @Test("RFC 2782, RFC 3403: SRV and NAPTR records are read with their times to live, the shortest of which counts")
    func records() {
        var services = MessageBuilder("_sip._udp.example.com", .srv)
        let target = MessageBuilder.name("one.Example.com")
        services.add("_sip._udp.EXAMPLE.com", 33, 300, [0, 1, 0, 2, 0x13, 0xC4] + target)
        services.add("_sip._udp.example.com", 33, 60, [0, 2, 0, 0, 0, 0, 0])
        #expect(
            services.answer(.srv)
                == .records([service(1, 2, 5060, "one.example.com"), service(2, 0, 0, ".")], timeToLive: 60)
        )
        var pointers = MessageBuilder("example.com", .naptr)
        let data: [UInt8] =
            [0, 10, 0, 20, 1] + "s".utf8 + [7] + "SIP+D2U".utf8 + [0] + MessageBuilder.name("_sip._udp.example.com")
        pointers.add("example.com", 35, 120, data)
        #expect(
            pointers.answer(.naptr) == .records([pointer(10, 20, "SIP+D2U", "_sip._udp.example.com")], timeToLive: 120)
        )
    }

    @Test("RFC 1034 §3.6.2 aliases inside an answer are followed to the records")
    func aliases() throws {
        var message = MessageBuilder("www.example.com", .a)
        message.add("www.example.com", 5, 30, MessageBuilder.name("real.example.net"))
        let real = try #require(DomainName("real.example.net"))
        #expect(message.answer(.a) == .alias(real, timeToLive: 30))
        message.add("real.example.net", 1, 300, [192, 0, 2, 1])
        message.add("other.example.net", 1, 300, [192, 0, 2, 66])
        #expect(message.answer(.a) == .records([.address(ServerAddress(ipv4: 0xC000_0201))], timeToLive: 30))
    }

    @Test("An alias that leads to itself makes no sense")
    func aliasLoop() {
        var message = MessageBuilder("a.example", .a)
        message.add("a.example", 5, 30, MessageBuilder.name("b.example"))
        message.add("b.example", 5, 30, MessageBuilder.name("a.example"))
        #expect(message.answer(.a) == .failed(.malformed))
    }

    @Test("RFC 2308 §5 the lesser of the SOA's minimum and its own time to live says how long there is nothing")
    func negative() {
        var message = MessageBuilder("gone.example.com", .a)
        message.addAuthority(900, minimum: 77)
        #expect(message.answer(.a, exists: false) == .nothing(timeToLive: 77))
        #expect(MessageBuilder("gone.example.com", .a).answer(.a) == .nothing(timeToLive: nil))
    }

    @Test("Records about names that were not asked for are not believed")
    func unasked() {
        var message = MessageBuilder("example.com", .a)
        message.add("victim.example.net", 1, 300, [192, 0, 2, 66])
        #expect(message.answer(.a) == .nothing(timeToLive: nil))
    }

    @Test("RFC 2181 §8 a time to live with its first bit set is zero")
    func hugeTimeToLive() {
        var message = MessageBuilder("example.com", .a)
        message.add("example.com", 1, 0x8000_0001, [192, 0, 2, 1])
        #expect(message.answer(.a) == .records([.address(ServerAddress(ipv4: 0xC000_0201))], timeToLive: 0))
    }

    @Test("A name with bytes that no host name has is left out with its record")
    func oddNames() {
        var message = MessageBuilder("_sip._udp.example.com", .srv)
        message.add("_sip._udp.example.com", 33, 60, [0, 1, 0, 1, 0x13, 0xC4, 4, 0x61, 0x0D, 0x0A, 0x62, 0])
        message.add("_sip._udp.example.com", 33, 60, [0, 1, 0, 1, 0x13, 0xC4, 3, 0x61, 0x20, 0x62, 0])
        #expect(message.answer(.srv) == .nothing(timeToLive: nil))
    }

    @Test("RFC 1035 §4.1.4 a compression pointer to itself is refused")
    func compressionLoop() {
        var message = MessageBuilder("example.com", .a)
        let start = UInt8(message.bytes.count)
        message.add(raw: MessageBuilder.record([0xC0, start], 1, 60, [192, 0, 2, 1]))
        #expect(message.answer(.a) == .failed(.malformed))
    }

    @Test("Every cut and every changed byte of an answer is read without harm")
    func mutations() {
        var message = MessageBuilder("_sip._udp.example.com", .srv)
        message.add("_sip._udp.example.com", 5, 60, MessageBuilder.name("_sip._udp.example.net"))
        message.add("_sip._udp.example.net", 33, 60, [0, 1, 0, 1, 0x13, 0xC4] + MessageBuilder.name("h.example.net"))
        message.add(
            "example.com",
            35,
            60,
            [0, 1, 0, 1, 1, 0x73, 7] + "SIP+D2U".utf8 + [0] + MessageBuilder.name("x.example")
        )
        message.addAuthority(60, minimum: 60)
        let bytes = message.bytes
        for length in 0..<bytes.count {
            #expect(Answer(Array(bytes[..<length]), type: .srv, exists: true) == .failed(.malformed))
        }
        for index in bytes.indices {
            for value in [UInt8(0), 1, 0x3F, 0x40, 0x7F, 0x80, 0xC0, 0xFF] {
                var changed = bytes
                changed[index] = value
                for type in [RecordType.srv, .naptr, .a, .aaaa] { _ = Answer(changed, type: type, exists: true) }
            }
        }
    }
}
