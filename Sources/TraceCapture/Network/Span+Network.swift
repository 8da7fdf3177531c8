// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension Span<UInt8> {
    /// The 16-bit number in network order at an offset; nil when it lies outside.
    @inline(__always)
    func uint16(at offset: Int) -> Int? {
        guard offset >= 0, offset < count - 1 else { return nil }
        return Int(self[offset]) << 8 | Int(self[offset + 1])
    }

    /// The 32-bit number in network order at an offset; nil when it lies outside.
    @inline(__always)
    func uint32(at offset: Int) -> UInt32? {
        guard offset >= 0, offset < count - 3 else { return nil }
        return UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
            | UInt32(self[offset + 3])
    }

    /// The 64-bit number in network order at an offset; nil when it lies outside.
    @inline(__always)
    func uint64(at offset: Int) -> UInt64? {
        guard let high = uint32(at: offset), let low = uint32(at: offset + 4) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    /// Whether this text stands at an offset.
    func has(_ text: StaticString, at offset: Int) -> Bool {
        guard offset >= 0, count - offset >= text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for position in 0..<expected.count where self[offset + position] != expected[position] { return false }
            return true
        }
    }

    /// A copy of a stretch that lies inside.
    func copy(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { Array($0) }
    }
}
