// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import TraceCapture

/// A number in network order.
func big(_ value: Int, _ octets: Int) -> [UInt8] {
    (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// Builds packets from the inside out.
enum Packet {
    static let client: [UInt8] = [192, 0, 2, 1]
    static let server: [UInt8] = [192, 0, 2, 2]
    static let client6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
    static let server6: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]

    static func udp(_ content: [UInt8], from: Int = 5_060, to: Int = 5_070, length: Int? = nil) -> [UInt8] {
        big(from, 2) + big(to, 2) + big(length ?? content.count + 8, 2) + [0, 0] + content
    }

    static func tcp(
        _ content: [UInt8],
        sequence: UInt32,
        flags: UInt8 = 0x10,
        from: Int = 5_060,
        to: Int = 5_070
    ) -> [UInt8] {
        big(from, 2) + big(to, 2) + big(Int(sequence), 4) + [0, 0, 0, 0, 0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0] + content
    }

    static func ipv4(
        _ content: [UInt8],
        next: UInt8,
        from: [UInt8] = client,
        to: [UInt8] = server,
        identification: Int = 1,
        fragment: Int = 0,
        more: Bool = false,
        options: [UInt8] = [],
        length: Int? = nil
    ) -> [UInt8] {
        let header = 20 + options.count
        return [0x40 | UInt8(header / 4), 0] + big(length ?? header + content.count, 2) + big(identification, 2)
            + big(fragment / 8 | (more ? 0x2000 : 0), 2) + [64, next, 0, 0] + from + to + options + content
    }

    static func ipv6(_ content: [UInt8], next: UInt8, from: [UInt8] = client6, to: [UInt8] = server6) -> [UInt8] {
        [0x60, 0, 0, 0] + big(content.count, 2) + [next, 64] + from + to + content
    }

    static func ethernet(_ content: [UInt8], type: Int = 0x0800) -> [UInt8] {
        [UInt8](repeating: 2, count: 12) + big(type, 2) + content
    }

    /// An IPv4 UDP datagram.
    static func datagram(_ content: [UInt8]) -> [UInt8] { ipv4(udp(content), next: 17) }

    /// An IPv4 TCP segment.
    static func segment(_ content: [UInt8], _ sequence: UInt32, flags: UInt8 = 0x10, from: Int = 5_060) -> [UInt8] {
        ipv4(tcp(content, sequence: sequence, flags: flags, from: from), next: 6)
    }
}

/// SIP messages to put into packets.
enum Message {
    static func request(_ method: String = "INVITE", body: String = "", length: String? = nil) -> [UInt8] {
        let declared = length ?? "Content-Length: \(body.utf8.count)"
        let lines =
            ["\(method) sip:bob@example.com SIP/2.0", "Call-ID: 1@example.com"]
            + (declared.isEmpty ? [] : [declared]) + ["", body]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    static let invite = request()
    static let ok = Array("SIP/2.0 200 OK\r\nCall-ID: 1@example.com\r\nContent-Length: 0\r\n\r\n".utf8)
}

/// Everything that a decoder says of packets.
struct Reading {
    var messages: [CapturedMessage] = []
    var notes: [CaptureNote] = []
    var counts = CaptureCounts()
    var heldBytes = 0
    var heldEntries = 0

    init() {}

    /// Reads packets that are one millisecond apart. `wire` tells lengths on the wire where they differ.
    init(
        _ packets: [[UInt8]],
        link: LinkType = .rawIP,
        limits: CaptureLimits = CaptureLimits(),
        wire: [Int: Int] = [:],
        milliseconds: [Int]? = nil,
        finish: Bool = true
    ) {
        var decoder = PacketDecoder(link: link, file: "test", limits: limits)
        for (index, packet) in packets.enumerated() {
            let time = CaptureTime(nanoseconds: Int64(milliseconds?[index] ?? index) * 1_000_000)
            let length = wire[index] ?? packet.count
            decoder.decode(packet.span, PacketRecord(packet: index + 1, time: time, wireLength: length))
            take(&decoder)
        }
        if finish { decoder.finish() }
        take(&decoder)
        counts = decoder.counts
        heldBytes = max(heldBytes, decoder.heldBytes)
    }

    mutating func take(_ decoder: inout PacketDecoder) {
        while let event = decoder.nextEvent() { add(event) }
        heldBytes = max(heldBytes, decoder.heldBytes)
        heldEntries = max(heldEntries, decoder.heldEntries)
    }

    mutating func add(_ event: CaptureEvent) {
        switch event {
        case .message(let message): messages.append(message)
        case .note(let note): notes.append(note)
        }
    }

    var bytes: [[UInt8]] { messages.map(\.bytes) }
    var kinds: [CaptureNote.Kind] { notes.map(\.kind) }
}

/// Numbers that are the same in every run (SplitMix64).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
