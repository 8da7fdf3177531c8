// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Xorshift: the same numbers for the same state on every machine.
struct XorshiftGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
