// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TraceCapture

/// A capture file in the system's folder for such, gone with this object.
final class CaptureFile: Sendable {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "capture-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(filePath: path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A pcap file with little-endian numbers and times in microseconds, or nanoseconds.
    static func pcap(_ packets: [[UInt8]], link: Int = 101, nanoseconds: Bool = false) -> [UInt8] {
        let head =
            little(nanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4, 4) + little(2, 2) + little(4, 2) + little(0, 8)
            + little(65_535, 4) + little(link, 4)
        return packets.enumerated().reduce(into: head) { file, entry in
            let times = little(1_700_000_000, 4) + little(entry.offset, 4)
            let lengths = little(entry.element.count, 4) + little(entry.element.count, 4)
            file += times + lengths + entry.element
        }
    }

    /// A pcapng file with one interface.
    static func pcapng(_ packets: [[UInt8]], link: Int = 101) -> [UInt8] {
        let section = block(0x0A0D_0D0A, little(0x1A2B_3C4D, 4) + little(1, 2) + little(0, 2) + little(-1, 8))
        // Option 9 with 9: times in nanoseconds.
        let interface = block(
            1,
            little(link, 2) + little(0, 2) + little(0, 4) + little(9, 2) + little(1, 2) + [9, 0, 0, 0]
        )
        return packets.enumerated().reduce(into: section + interface) { file, entry in
            let time = 1_700_000_000_000_000_000 + entry.offset
            let head = little(0, 4) + little(time >> 32, 4) + little(time, 4)
            let lengths = little(entry.element.count, 4) + little(entry.element.count, 4)
            let padding = [UInt8](repeating: 0, count: (4 - entry.element.count % 4) % 4)
            file += block(6, head + lengths + entry.element + padding)
        }
    }

    private static func block(_ type: Int, _ content: [UInt8]) -> [UInt8] {
        little(type, 4) + little(content.count + 12, 4) + content + little(content.count + 12, 4)
    }

    private static func little(_ value: Int, _ octets: Int) -> [UInt8] {
        (0..<octets).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// Everything that a reader says of the file.
    static func read(_ path: String, filter: String? = nil) throws -> Reading {
        var reader = try CaptureReader(path: path, filter: filter)
        var reading = Reading()
        while let event = try reader.next() {
            reading.add(event)
            reading.heldBytes = max(reading.heldBytes, reader.heldBytes)
        }
        reading.counts = reader.counts
        return reading
    }
}
