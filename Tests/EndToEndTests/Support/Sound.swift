// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One channel of 16-bit samples, 8000 a second.
struct Sound {
    let samples: [Int16]

    /// A sine of one frequency.
    init(hertz: Int, seconds: Int) {
        samples = (0..<8000 * seconds).map { place in
            Int16(8000 * sin(2 * Double.pi * Double(hertz) * Double(place) / 8000))
        }
    }

    /// The samples of a WAV file; nil when it is none.
    init?(wav data: Data) {
        let bytes = [UInt8](data)
        guard let start = bytes.firstRange(of: Array("data".utf8))?.upperBound, bytes.starts(with: "RIFF".utf8) else {
            return nil
        }
        samples = stride(from: start + 4, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    /// The bytes of a WAV file.
    var wav: Data {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let size = samples.count * 2
        var bytes = Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8)
        bytes += little(16, 4) + little(1, 2) + little(1, 2) + little(8000, 4) + little(16_000, 4)
        bytes += little(2, 2) + little(16, 2) + Array("data".utf8) + little(size, 4)
        for sample in samples { bytes += little(Int(UInt16(bitPattern: sample)), 2) }
        return Data(bytes)
    }

    /// How many half seconds are a tone of this frequency and nothing else: nine tenths of the energy, by Goertzel.
    func halfSeconds(of hertz: Int) -> Int {
        stride(from: 0, to: samples.count - 3999, by: 4000).count { start in
            let window = samples[start..<start + 4000].map(Double.init)
            let energy = window.reduce(0) { $0 + $1 * $1 }
            guard energy / 4000 > 250_000 else { return false }
            return Self.power(of: hertz, in: window) * 2 / (energy * 4000) > 0.9
        }
    }

    private static func power(of hertz: Int, in window: [Double]) -> Double {
        let coefficient = 2 * cos(2 * Double.pi * Double(hertz) / 8000)
        var last = 0.0
        var beforeLast = 0.0
        for sample in window {
            (last, beforeLast) = (sample + coefficient * last - beforeLast, last)
        }
        return last * last + beforeLast * beforeLast - coefficient * last * beforeLast
    }
}
