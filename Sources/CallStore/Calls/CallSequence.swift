// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// The key of the tables about calls: the leading bits of a call's time-ordered identity.
///
/// 44 bits of Unix milliseconds (until the year 2527) and 19 random bits make a positive 63-bit row number. Two calls
/// of one millisecond meet in it once in half a million pairs; the later one then takes the next free number.
enum CallSequence {
    /// How many row numbers are tried for one identity.
    static let probes: Int64 = 16

    /// The first row number that an identity may have.
    static func first(of id: ResourceIdentifier) -> Int64 {
        let time = (id.high >> 16) & 0x0FFF_FFFF_FFFF
        return Int64(time << 19 | (id.high & 0xFFF) << 7 | (id.low >> 55) & 0x7F)
    }

    /// The least row number of a call created at these Unix milliseconds; a negative time counts as 0.
    static func first(atUnixMilliseconds milliseconds: Int64) -> Int64 {
        min(max(milliseconds, 0), 0x0FFF_FFFF_FFFF) << 19
    }
}
