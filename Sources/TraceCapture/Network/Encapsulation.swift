// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A message in HEP3, the encapsulation that Homer's capture agents send: `HEP3`, the length of the whole, then chunks
/// of vendor, type, length and value.
struct Encapsulation {
    private(set) var time: CaptureTime?
    /// Where the message lies.
    private(set) var content: Range<Int>?
    private(set) var isCompressed = false
    private(set) var isSIP = true
    /// Whether chunks at the end were not captured.
    private(set) var isCut = false
    private var sourceAddress: IPAddress?
    private var destinationAddress: IPAddress?
    private var sourcePort: Int?
    private var destinationPort: Int?
    private var seconds: UInt32?
    private var microseconds: UInt32 = 0
    private var ipProtocol: UInt8 = 17

    /// The inner sender; nil when no chunk tells it.
    var source: CaptureAddress? { Self.address(sourceAddress, sourcePort) }
    /// The inner receiver; nil when no chunk tells it.
    var destination: CaptureAddress? { Self.address(destinationAddress, destinationPort) }
    var transport: CapturedMessage.Transport {
        switch ipProtocol {
        case 17: .udp
        case 6: .tcp
        default: .unknown
        }
    }

    private static func address(_ address: IPAddress?, _ port: Int?) -> CaptureAddress? {
        address.map { CaptureAddress($0, port: UInt16(truncatingIfNeeded: port ?? 0)) }
    }

    /// Reads a whole datagram; nil when its chunks do not fit it.
    static func read(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Encapsulation? {
        guard range.count >= 6, let length = bytes.uint16(at: range.lowerBound + 4), length >= 6 else { return nil }
        var result = Encapsulation()
        result.isCut = length > range.count
        let end = min(range.upperBound, range.lowerBound + length)
        var cursor = range.lowerBound + 6
        while cursor < end {
            guard cursor + 6 <= end, let vendor = bytes.uint16(at: cursor), let type = bytes.uint16(at: cursor + 2),
                let chunk = bytes.uint16(at: cursor + 4), chunk >= 6
            else { return result.isCut ? result.finished : nil }
            let whole = cursor + chunk <= end
            guard whole || result.isCut else { return nil }
            if vendor == 0 { result.take(type, bytes, cursor + 6..<min(end, cursor + chunk)) }
            cursor += chunk
        }
        return result.finished
    }

    private var finished: Encapsulation {
        var result = self
        result.time = seconds.map { CaptureTime(seconds: Int64($0), nanoseconds: Int64(microseconds) * 1_000) }
        return result
    }

    private mutating func take(_ type: Int, _ bytes: Span<UInt8>, _ value: Range<Int>) {
        let start = value.lowerBound
        switch (type, value.count) {
        case (2, 1): ipProtocol = bytes[start]
        case (3, 4): sourceAddress = ipv4(bytes, start)
        case (4, 4): destinationAddress = ipv4(bytes, start)
        case (5, 16): sourceAddress = ipv6(bytes, start)
        case (6, 16): destinationAddress = ipv6(bytes, start)
        case (7, 2): sourcePort = bytes.uint16(at: start)
        case (8, 2): destinationPort = bytes.uint16(at: start)
        case (9, 4): seconds = bytes.uint32(at: start)
        case (10, 4): microseconds = bytes.uint32(at: start) ?? 0
        case (11, 1): isSIP = bytes[start] == 1
        case (15, 1...): content = value
        case (16, 1...): isCompressed = true
        default: break
        }
    }

    private func ipv4(_ bytes: Span<UInt8>, _ start: Int) -> IPAddress? {
        bytes.uint32(at: start).map { IPAddress(high: 0, low: UInt64($0), isIPv6: false) }
    }

    private func ipv6(_ bytes: Span<UInt8>, _ start: Int) -> IPAddress? {
        guard let high = bytes.uint64(at: start), let low = bytes.uint64(at: start + 8) else { return nil }
        return IPAddress(high: high, low: low, isIPv6: true)
    }
}
