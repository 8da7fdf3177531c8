// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// An E.164 number in international form: `+` and 7 to 15 digits, the first of them 1 to 9.
///
/// Eight bytes, compared and hashed as one integer: no E.164 number begins with zero, so its value says it all.
package struct E164Number: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
    /// How many digits a number may have, the calling code included (ITU-T E.164 §6.2.1 sets the upper bound).
    package static let digitCountRange = 7...15

    /// The digits read as a decimal number, 1 000 000 to 999 999 999 999 999.
    package let value: UInt64

    /// Reads the strict form: `+`, then digits and nothing else. Nil otherwise.
    package init?(_ description: String) {
        self.init(strict: description.utf8)
    }

    /// Reads the strict form from `range` of `bytes`. Nil when it is anything else, or the range leaves the bytes.
    package init?(_ bytes: [UInt8], in range: Range<Int>) {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        self.init(strict: bytes[range])
    }

    /// Makes a number of its value. Nil outside 7 to 15 digits.
    package init?(value: UInt64) {
        guard (1_000_000...999_999_999_999_999).contains(value) else { return nil }
        self.value = value
    }

    private init?(strict bytes: some Sequence<UInt8>) {
        var value: UInt64 = 0
        var length = 0
        for byte in bytes {
            if length == 0 {
                guard byte == UInt8(ascii: "+") else { return nil }
            } else {
                let digit = byte &- UInt8(ascii: "0")
                // A leading zero would vanish in the value.
                guard digit <= 9, length <= 15, length > 1 || digit > 0 else { return nil }
                value = value &* 10 &+ UInt64(digit)
            }
            length += 1
        }
        self.init(value: value)
    }

    /// How many digits follow the `+`: 7 to 15.
    package var digitCount: Int {
        var count = E164Number.digitCountRange.lowerBound
        var bound: UInt64 = 10_000_000
        while value >= bound {
            count += 1
            bound = bound &* 10
        }
        return count
    }

    /// Appends the strict form, `+` and the digits.
    package func append(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "+"))
        appendDigits(to: &bytes)
    }

    /// Appends the digits alone.
    package func appendDigits(to bytes: inout [UInt8]) {
        var (rest, count) = packedDigits
        while count > 0 {
            count -= 1
            bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest & 0xF))
            rest >>= 4
        }
    }

    /// The strict form, `+` and the digits.
    package var description: String {
        var (rest, count) = packedDigits
        return String(unsafeUninitializedCapacity: 16) { buffer in
            buffer[0] = UInt8(ascii: "+")
            var position = 1
            while count > 0, position < 16 {
                count -= 1
                buffer[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest & 0xF)
                rest >>= 4
                position += 1
            }
            return position
        }
    }

    /// Four bits a digit, the first digit lowest: what a walk over the digits consumes; and how many there are.
    var packedDigits: (digits: UInt64, count: Int) {
        // Two halves of at most eight digits: 32-bit divisions, and two chains of them that run side by side.
        let halves = value.quotientAndRemainder(dividingBy: 100_000_000)
        var high = UInt32(truncatingIfNeeded: halves.quotient)
        var low = UInt32(truncatingIfNeeded: halves.remainder)
        var packedLow: UInt64 = 0
        var packedHigh: UInt64 = 0
        var count = 0
        if high == 0 {
            while low > 0 {
                packedLow = packedLow << 4 | UInt64(low % 10)
                low /= 10
                count += 1
            }
            return (packedLow, count)
        }
        for _ in 0..<8 {
            packedLow = packedLow << 4 | UInt64(low % 10)
            low /= 10
        }
        while high > 0 {
            packedHigh = packedHigh << 4 | UInt64(high % 10)
            high /= 10
            count += 1
        }
        return (packedHigh | packedLow << (UInt64(count) &* 4), count + 8)
    }
}
