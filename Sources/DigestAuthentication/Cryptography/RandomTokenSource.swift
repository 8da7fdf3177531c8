// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Cheap small random draws for tags, branches and client nonces, out of a 4 KiB reserve.
///
/// It is not copyable, because two copies would hand out the same tokens, and it belongs to one thread. Bytes are wiped
/// as they are drawn.
package struct RandomTokenSource: ~Copyable {
    private static let reserve = 4096

    private var buffer: [UInt8]
    private var position = 0

    /// Draws the first reserve.
    ///
    /// Throws `CryptographyError.randomUnavailable` when the generator fails.
    package init() throws(CryptographyError) {
        buffer = try SecureRandom.bytes(RandomTokenSource.reserve)
    }

    /// 64 random bits.
    package mutating func nextUInt64() -> UInt64 {
        var word: UInt64 = 0
        for _ in 0..<8 {
            word = word << 8 | UInt64(nextByte())
        }
        return word
    }

    /// Appends so many characters out of `A–Z a–z 0–9 - _`, six random bits in each.
    ///
    /// All of them are `token` characters (RFC 3261 §25.1) and need no escape in a URI. RFC 3261 §19.3 asks for 32
    /// random bits in a tag, which six characters hold.
    package mutating func appendToken(length: Int, to output: inout [UInt8]) {
        for _ in 0..<max(0, length) {
            output.append(Base64URL.character(nextByte()))
        }
    }

    private mutating func nextByte() -> UInt8 {
        if position == buffer.count {
            refill()
        }
        let byte = buffer[position]
        buffer[position] = 0
        position &+= 1
        return byte
    }

    @inline(never)
    private mutating func refill() {
        do {
            try SecureRandom.fill(&buffer)
            position = 0
        } catch {
            // INVARIANT: the generator was seeded when this value was made. Predictable tags would let anyone into a
            // dialog, so stopping is the only answer to a generator that fails later.
            preconditionFailure("the random generator failed after it was seeded")
        }
    }
}
