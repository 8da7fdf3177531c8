// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import TraceCapture

private let links: [LinkType] = [.ethernet, .loopback, .ppp, .pppoe, .rawIP, .linuxCooked, .linuxCooked2]

private let limits = {
    var limits = CaptureLimits()
    limits.streams = 4
    limits.fragments = 8
    limits.heldBytes = 16 << 10
    limits.waitingSegments = 4
    limits.headerBytes = 2_048
    limits.messageBytes = 4_096
    limits.searchedBytes = 1_024
    return limits
}()

/// One input of the fuzzer: an octet that picks what the rest is, then packets of a link layer, segments of a
/// connection, fragments of a datagram, or a text.
@c(LLVMFuzzerTestOneInput)
public func fuzzTraceCapture(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(data, count)
    guard let choice = bytes.first.map({ Int($0) % 10 }) else { return 0 }
    let rest = Array(bytes.dropFirst())
    switch choice {
    case 0..<7: checkPackets(records(rest).map { ($0, false) }, links[choice])
    case 7: checkPackets(records(rest).map { (segment($0), $0.first == 255) }, .rawIP)
    case 8: checkPackets(records(rest).map { (fragment($0), $0.first == 255) }, .rawIP)
    default: checkText(rest)
    }
    return 0
}

/// Cuts the input into records, each with its length in two octets before it.
private func records(_ bytes: [UInt8]) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var cursor = 0
    while cursor + 2 <= bytes.count {
        let length = Int(bytes[cursor]) | Int(bytes[cursor + 1] & 15) << 8
        let end = min(bytes.count, cursor + 2 + length)
        records.append(Array(bytes[cursor + 2..<end]))
        cursor = end
    }
    return records
}

/// A TCP segment: an octet for the flags, two for the sequence number, then what it carries.
private func segment(_ record: [UInt8]) -> [UInt8] {
    guard record.count >= 3 else { return record }
    let header: [UInt8] =
        [0x13, 0xC4, 0x13, 0xC5, 0, 0, record[1], record[2], 0, 0, 0, 0, 0x50, record[0] & 7, 0, 0, 0, 0, 0, 0]
    return packet(header + record[3...], next: 6, fragment: [0, 0])
}

/// A fragment: two octets for the offset and whether more follow, then what it carries.
private func fragment(_ record: [UInt8]) -> [UInt8] {
    guard record.count >= 2 else { return record }
    return packet(Array(record[2...]), next: 17, fragment: [record[0] & 0x20, record[1]])
}

private func packet(_ content: [UInt8], next: UInt8, fragment: [UInt8]) -> [UInt8] {
    let length = content.count + 20
    return [0x45, 0, UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length), 0, 1] + fragment
        + [64, next, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2] + content
}

/// Reads packets one second apart; those marked were cut by 9 octets.
private func checkPackets(_ packets: [([UInt8], Bool)], _ link: LinkType) {
    var decoder = PacketDecoder(link: link, file: "", limits: limits)
    var found = CaptureCounts()
    for (index, packet) in packets.enumerated() {
        let record = PacketRecord(
            packet: index + 1,
            time: CaptureTime(seconds: Int64(index)),
            wireLength: packet.0.count
        )
        let octets = packet.1 ? Array(packet.0.dropLast(9)) : packet.0
        decoder.decode(octets.span, record)
        take(&decoder, &found)
        check(decoder.heldBytes <= limits.heldBytes, "no more octets are held than the limit says")
        check(decoder.heldEntries <= limits.streams + limits.fragments, "no more entries are held than the limits say")
    }
    decoder.finish()
    take(&decoder, &found)
    check(decoder.heldBytes == 0 && decoder.heldEntries == 0, "nothing is held at the end")
    check(decoder.counts.messages == found.messages, "every message that is counted is delivered")
    check(decoder.counts.truncatedMessages == found.truncatedMessages, "every cut message that is counted says so")
    check(decoder.counts.packets == packets.count, "every packet is counted")
}

private func take(_ decoder: inout PacketDecoder, _ found: inout CaptureCounts) {
    while let event = decoder.nextEvent() {
        guard case .message(let message) = event else { continue }
        check(!message.bytes.isEmpty, "no message is empty")
        found.messages += 1
        found.truncatedMessages += message.isTruncated ? 1 : 0
    }
}

/// Reads a text whole, and in pieces of three octets.
private func checkText(_ text: [UInt8]) {
    var whole = TextTraceDecoder(file: "", limits: limits)
    whole.append(text.span)
    whole.finish()
    var pieces = TextTraceDecoder(file: "", limits: limits)
    for start in stride(from: 0, to: text.count, by: 3) {
        let piece = Array(text[start..<min(start + 3, text.count)])
        pieces.append(piece.span)
        check(pieces.heldBytes <= 4 * (limits.headerBytes + limits.messageBytes), "no more octets are held than needed")
    }
    pieces.finish()
    while let event = whole.nextEvent() {
        check(event == pieces.nextEvent(), "a text reads the same in pieces")
    }
    check(pieces.nextEvent() == nil, "a text has no more in it when it comes in pieces")
}
