// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A stretch of a message's bytes, held as two 32-bit numbers so that it costs no reference.
package struct FieldRange: Hashable, Sendable {
    /// Where the stretch begins, counted from the message's first byte.
    package let offset: UInt32
    /// How many bytes it holds.
    package let length: UInt32

    /// The empty stretch, which stands for "absent".
    package static let none = FieldRange(offset: 0, length: 0)

    /// Makes a stretch from its offset and length.
    @inlinable
    @inline(__always)
    package init(offset: UInt32, length: UInt32) {
        self.offset = offset
        self.length = length
    }

    /// Makes a stretch from a range of indexes; messages are far shorter than 4 GiB.
    @inlinable
    @inline(__always)
    package init(_ range: Range<Int>) {
        self.offset = UInt32(truncatingIfNeeded: range.lowerBound)
        self.length = UInt32(truncatingIfNeeded: range.count)
    }

    /// The stretch as a range of indexes.
    @inlinable
    @inline(__always)
    package var indices: Range<Int> {
        Int(offset)..<(Int(offset) + Int(length))
    }

    /// Whether there is nothing in it.
    @inlinable
    @inline(__always)
    package var isEmpty: Bool {
        length == 0
    }
}

/// Reading helpers over bytes that a range was found in.
extension Span<UInt8> {
    /// The range without blanks at either end.
    package func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, ASCII.isLinearWhitespace(self[start]) { start += 1 }
        while end > start, ASCII.isLinearWhitespace(self[end - 1]) { end -= 1 }
        return start..<end
    }

    /// Where the run of characters of one class that begins at the range's start ends.
    package func endOfRun(of allowed: CharacterClass, in range: Range<Int>) -> Int {
        var cursor = range.lowerBound
        while cursor < range.upperBound, allowed.contains(self[cursor]) { cursor += 1 }
        return cursor
    }

    /// Whether the range holds exactly this text, capitals and small letters being equal.
    package func equals(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            if holds(UnsafeRawBufferPointer(expected), at: range.lowerBound) { return true }
            for position in 0..<expected.count {
                let byte = self[range.lowerBound + position]
                if byte != expected[position], ASCII.lowercased(byte) != ASCII.lowercased(expected[position]) {
                    return false
                }
            }
            return true
        }
    }

    /// Whether eight bytes or more stand at `start` as they are; most texts are written as expected, and eight bytes
    /// at a time tell that soonest.
    @inline(__always)
    private func holds(_ expected: UnsafeRawBufferPointer, at start: Int) -> Bool {
        guard expected.count >= 8 else { return false }
        let raw = bytes
        var position = 0
        let last = expected.count - 8
        while true {
            let found = raw.unsafeLoadUnaligned(fromByteOffset: start + position, as: UInt64.self)
            guard found == expected.loadUnaligned(fromByteOffset: position, as: UInt64.self) else { return false }
            if position == last { return true }
            position = Swift.min(position + 8, last)
        }
    }

    /// Whether the range holds exactly this text, byte for byte.
    package func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for position in 0..<expected.count where self[range.lowerBound + position] != expected[position] {
                return false
            }
            return true
        }
    }

    /// The range's digits as a number; nil when it is empty, holds another character, or exceeds `maximum`.
    package func decimal(_ range: Range<Int>, maximum: UInt64) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in range {
            let byte = self[index]
            guard ASCII.isDigit(byte), value <= maximum else { return nil }
            value = value &* 10 &+ UInt64(byte &- 48)
        }
        return value <= maximum ? value : nil
    }

    /// The range as text; bytes that are not UTF-8 become replacement characters.
    package func text(_ range: Range<Int>) -> String {
        String(unsafeUninitializedCapacity: range.count) { buffer in
            for position in 0..<range.count { buffer[position] = self[range.lowerBound + position] }
            return range.count
        }
    }
}
