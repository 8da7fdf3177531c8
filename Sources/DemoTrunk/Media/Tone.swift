// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The 440 Hz tone, one sample every 1/8000 s, at −12 dB below full scale.
struct Tone: Sendable {
    // Eleven whole waves fill 200 samples, so the table can be walked round without a click.
    private static let samples: [Int16] = (0..<200).map { index in
        Int16(8192 * sin(2 * Double.pi * 440 * Double(index) / 8000))
    }

    private var position = 0

    /// The next samples, coded.
    mutating func next(_ count: Int, law: G711) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(count)
        for _ in 0..<count {
            octets.append(law.encode(Self.samples[position]))
            position = (position + 1) % Self.samples.count
        }
        return octets
    }
}
