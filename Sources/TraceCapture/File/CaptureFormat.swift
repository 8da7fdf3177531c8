// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a file is, told by its first octets.
enum CaptureFormat: Equatable {
    case pcap
    /// pcap whose records have a longer header, as patched libpcaps wrote it.
    case patchedPcap
    case pcapng
    case compressed(by: String)
    case other

    /// How many octets are needed to tell.
    static let headCount = 6

    static func find(_ head: [UInt8]) -> CaptureFormat {
        switch head.prefix(4) {
        case [0xA1, 0xB2, 0xC3, 0xD4], [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0x3C, 0x4D], [0x4D, 0x3C, 0xB2, 0xA1]:
            return .pcap
        case [0xA1, 0xB2, 0xCD, 0x34], [0x34, 0xCD, 0xB2, 0xA1]: return .patchedPcap
        case [0x0A, 0x0D, 0x0D, 0x0A]: return .pcapng
        case [0x28, 0xB5, 0x2F, 0xFD]: return .compressed(by: "zstd")
        case [0x50, 0x4B, 0x03, 0x04]: return .compressed(by: "zip")
        case [0xFD, 0x37, 0x7A, 0x58]: return .compressed(by: "xz")
        case [0x04, 0x22, 0x4D, 0x18]: return .compressed(by: "lz4")
        default: break
        }
        if head.starts(with: [0x1F, 0x8B]) { return .compressed(by: "gzip") }
        return head.starts(with: Array("BZh".utf8)) ? .compressed(by: "bzip2") : .other
    }

    /// The beginning of a file, to show to someone who may recognise it.
    static func show(_ head: [UInt8]) -> String {
        let isText = head.prefix(24).allSatisfy { (32..<127).contains($0) || $0 == 10 || $0 == 13 || $0 == 9 }
        if isText {
            let line = head.prefix(24).prefix { $0 != 10 && $0 != 13 }
            return "“\(String(decoding: line, as: UTF8.self))”"
        }
        return head.prefix(8).map { octet in
            let digits = String(octet, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined(separator: " ")
    }
}
