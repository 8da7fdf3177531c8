// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL

/// Up to 32 bytes that a hash or a keyed hash yielded, held inline.
///
/// An MD5 value fills the first 16 bytes and leaves the rest zero.
package struct HashValue: Sendable, Redacted {
    /// The most bytes a value holds.
    package static let capacity = 32

    /// The bytes, all 32 of them; `storage.span` is a view of them.
    package internal(set) var storage: InlineArray<32, UInt8>

    /// A value of zero bytes only.
    package init() {
        storage = InlineArray(repeating: 0)
    }

    /// Reads `2 × byteCount` hexadecimal digits of either case; nil when the text is anything else.
    package init?(hexadecimal text: Span<UInt8>, byteCount: Int) {
        guard byteCount <= HashValue.capacity, text.count == byteCount &* 2 else { return nil }
        self.init()
        for index in 0..<byteCount {
            let high = Hexadecimal.value(of: text[index &* 2])
            let low = Hexadecimal.value(of: text[index &* 2 &+ 1])
            guard high < 16, low < 16 else { return nil }
            storage[index] = high << 4 | low
        }
    }

    /// The first eight bytes, big-endian; what a short token or a bucket choice needs.
    package var leadingWord: UInt64 {
        var word: UInt64 = 0
        for index in 0..<8 {
            word = word << 8 | UInt64(storage[index])
        }
        return word
    }

    /// Appends the first `byteCount` bytes as lower-case hexadecimal digits; at most 32 bytes are written.
    package func appendHexadecimal(byteCount: Int, to output: inout [UInt8]) {
        for index in 0..<max(0, min(byteCount, HashValue.capacity)) {
            output.append(Hexadecimal.digit(storage[index] >> 4))
            output.append(Hexadecimal.digit(storage[index]))
        }
    }

    /// Whether all bytes agree, in a time that does not depend on where they differ.
    package func equalsInConstantTime(_ other: HashValue) -> Bool {
        storage.span.withUnsafeBytes { mine in
            other.storage.span.withUnsafeBytes { theirs in
                CRYPTO_memcmp(mine.baseAddress, theirs.baseAddress, HashValue.capacity) == 0
            }
        }
    }
}
