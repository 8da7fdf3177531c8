// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The identity of a stored thing (customer, endpoint, number, trunk, call): 128 bits, written as a UUID.
///
/// Calls use the time-ordered form (RFC 9562 §5.7), so that new records append to the store's indexes.
package struct ResourceIdentifier: Hashable, Sendable, Comparable {
    /// The first eight octets, most significant first.
    package let high: UInt64
    /// The last eight octets, most significant first.
    package let low: UInt64

    /// The identifier whose every bit is zero, which names nothing.
    package static let zero = ResourceIdentifier(high: 0, low: 0)

    /// Makes an identifier from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a version 7 UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, the rest random.
    package init(unixMilliseconds: Int64, random: (UInt64, UInt64)) {
        let time = UInt64(truncatingIfNeeded: unixMilliseconds) << 16
        self.high = time | 0x7000 | (random.0 & 0x0FFF)
        self.low = 0x8000_0000_0000_0000 | (random.1 & 0x3FFF_FFFF_FFFF_FFFF)
    }

    /// Makes a version 4 UUID (RFC 9562 §5.4) from 128 random bits.
    package init(random: (UInt64, UInt64)) {
        self.high = (random.0 & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        self.low = 0x8000_0000_0000_0000 | (random.1 & 0x3FFF_FFFF_FFFF_FFFF)
    }

    /// The order of the identifiers' octets; for calls that is the order of their creation.
    package static func < (left: ResourceIdentifier, right: ResourceIdentifier) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension ResourceIdentifier: LosslessStringConvertible {
    /// Reads the 36-character UUID form, in either case; anything else is nil.
    package init?(_ text: String) {
        var nibbles = 0
        var high: UInt64 = 0
        var low: UInt64 = 0
        var position = 0
        for byte in text.utf8 {
            defer { position += 1 }
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let value = Self.hexValue(byte), nibbles < 32 else { return nil }
            if nibbles < 16 { high = high << 4 | value } else { low = low << 4 | value }
            nibbles += 1
        }
        guard position == 36, nibbles == 32 else { return nil }
        self.init(high: high, low: low)
    }

    /// The 36-character lower-case UUID form.
    package var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = index < 16 ? high : low
                let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16))) & 0xF
                buffer[position] = nibble < 10 ? nibble + 48 : nibble + 87
                position += 1
            }
            return position
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - 87)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - 55)
        default: nil
        }
    }
}
