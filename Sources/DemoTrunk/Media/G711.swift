// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The two laws of ITU-T G.711, between their octets and 16-bit linear samples.
package enum G711: Sendable {
    /// The µ-law, called PCMU in RTP.
    case muLaw
    /// The A-law, called PCMA in RTP.
    case aLaw

    /// The linear value of each octet; µ-law spans ±32124, A-law ±32256.
    private static let muLawDecoding = (0..<256).map { decodedMuLaw(UInt8(truncatingIfNeeded: $0)) }
    private static let aLawDecoding = (0..<256).map { decodedALaw(UInt8(truncatingIfNeeded: $0)) }

    /// The linear sample that an octet stands for.
    package func decode(_ octet: UInt8) -> Int16 {
        switch self {
        case .muLaw: Self.muLawDecoding[Int(octet)]
        case .aLaw: Self.aLawDecoding[Int(octet)]
        }
    }

    /// The octet for a linear sample; what is louder than the law's range becomes its loudest value.
    package func encode(_ sample: Int16) -> UInt8 {
        switch self {
        case .muLaw: Self.encodedMuLaw(sample)
        case .aLaw: Self.encodedALaw(sample)
        }
    }

    // G.711 Table 2: 14-bit values, eight segments of sixteen steps, biased by 33, all bits inverted.
    private static func decodedMuLaw(_ octet: UInt8) -> Int16 {
        let code = Int(~octet)
        let segment = (code >> 4) & 7
        let magnitude = (((code & 15) << 1) + 33) << segment - 33
        return Int16(truncatingIfNeeded: (code & 128 == 0 ? magnitude : -magnitude) << 2)
    }

    private static func encodedMuLaw(_ sample: Int16) -> UInt8 {
        let isNegative = sample < 0
        let magnitude = min(abs(Int(sample)) >> 2, 8158) + 33
        // The bias makes bit 5 the lowest that can lead, so the segment counts from there.
        let segment = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 5
        let code = (isNegative ? 128 : 0) | segment << 4 | (magnitude >> (segment + 1)) & 15
        return ~UInt8(truncatingIfNeeded: code)
    }

    // G.711 Table 1: 13-bit values, the first two segments of one slope, every second bit inverted.
    private static func decodedALaw(_ octet: UInt8) -> Int16 {
        let code = Int(octet ^ 0x55)
        let segment = (code >> 4) & 7
        let step = (code & 15) << 1 + 1
        let magnitude = segment == 0 ? step : (step + 32) << (segment - 1)
        return Int16(truncatingIfNeeded: (code & 128 == 0 ? -magnitude : magnitude) << 3)
    }

    private static func encodedALaw(_ sample: Int16) -> UInt8 {
        let isNegative = sample < 0
        // The ones' complement keeps the smallest negative value in the first negative step.
        let magnitude = Int(isNegative ? ~sample : sample) >> 3
        let segment = max(0, Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 4)
        let step = (magnitude >> max(1, segment)) & 15
        return UInt8(truncatingIfNeeded: (isNegative ? 0 : 128) | segment << 4 | step) ^ 0x55
    }
}
