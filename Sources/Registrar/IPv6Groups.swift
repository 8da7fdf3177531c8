// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// An IPv6 address as its 128 bits, so that its many spellings compare as one (RFC 5954 §4.2).
struct IPv6Groups: Hashable {
    private(set) var high: UInt64 = 0
    private(set) var low: UInt64 = 0

    /// Reads an address without brackets; nil when the range holds no address.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var reader = Reader(range)
        guard reader.read(bytes), let groups = reader.filled else { return nil }
        for position in 0..<8 {
            let group = UInt64(groups[position])
            if position < 4 { high = high << 16 | group } else { low = low << 16 | group }
        }
    }

    private struct Reader {
        private var groups = InlineArray<8, UInt16>(repeating: 0)
        private var count = 0
        private var gapAt: Int?
        private var position: Int
        private let end: Int

        init(_ range: Range<Int>) {
            position = range.lowerBound
            end = range.upperBound
        }

        /// The groups with the `::` filled in; nil when their number is wrong.
        var filled: InlineArray<8, UInt16>? {
            guard let gapAt else { return count == 8 ? groups : nil }
            guard count < 8 else { return nil }
            var result = InlineArray<8, UInt16>(repeating: 0)
            for index in 0..<gapAt { result[index] = groups[index] }
            let tail = count - gapAt
            for index in 0..<tail { result[8 - tail + index] = groups[gapAt + index] }
            return result
        }

        mutating func read(_ bytes: Span<UInt8>) -> Bool {
            if isGap(bytes) { openGap() } else if position < end, bytes[position] == UInt8(ascii: ":") { return false }
            while position < end {
                guard readGroup(bytes) else { return false }
                if position == end { return true }
                guard bytes[position] == UInt8(ascii: ":") else { return false }
                if isGap(bytes) {
                    guard gapAt == nil else { return false }
                    openGap()
                } else {
                    position += 1
                    if position == end { return false }
                }
            }
            return true
        }

        private func isGap(_ bytes: Span<UInt8>) -> Bool {
            end - position > 1 && bytes[position] == UInt8(ascii: ":") && bytes[position + 1] == UInt8(ascii: ":")
        }

        private mutating func openGap() {
            gapAt = count
            position += 2
        }

        private mutating func append(_ group: UInt16) -> Bool {
            guard count < 8 else { return false }
            groups[count] = group
            count += 1
            return true
        }

        private mutating func readGroup(_ bytes: Span<UInt8>) -> Bool {
            let start = position
            var value: UInt16 = 0
            while position < end, let digit = ASCII.hexValue(bytes[position]) {
                guard position - start < 4 else { return false }
                value = value << 4 | UInt16(digit)
                position += 1
            }
            guard position > start else { return false }
            guard position < end, bytes[position] == UInt8(ascii: ".") else { return append(value) }
            return readDotted(bytes, start..<end)
        }

        /// The last 32 bits written as an IPv4 address.
        private mutating func readDotted(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
            var value: UInt32 = 0
            var cursor = range.lowerBound
            for part in 0..<4 {
                let start = cursor
                while cursor < range.upperBound, ASCII.isDigit(bytes[cursor]) { cursor += 1 }
                guard let octet = bytes.decimal(start..<cursor, maximum: 255) else { return false }
                value = value << 8 | UInt32(truncatingIfNeeded: octet)
                if part < 3 {
                    guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: ".") else { return false }
                    cursor += 1
                }
            }
            position = cursor
            guard cursor == range.upperBound else { return false }
            return append(UInt16(truncatingIfNeeded: value >> 16)) && append(UInt16(truncatingIfNeeded: value))
        }
    }
}
