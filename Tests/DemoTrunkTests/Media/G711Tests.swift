// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import Testing

@Suite("ITU-T G.711")
struct G711Tests {
    @Test("every octet survives decoding and encoding, µ-law's second zero apart", arguments: [G711.muLaw, .aLaw])
    func roundTrip(law: G711) {
        for octet in UInt8.min...UInt8.max {
            let back = law.encode(law.decode(octet))
            #expect(back == (law == .muLaw && octet == 0x7F ? 0xFF : octet))
        }
    }

    @Test("Table 2: the µ-law's ends, zero, and first steps")
    func muLaw() {
        let law = G711.muLaw
        #expect([0x80, 0x00, 0xFF, 0x7F, 0xFE, 0x7E].map { law.decode($0) } == [32_124, -32_124, 0, 0, 8, -8])
        #expect(law.encode(.max) == 0x80)
        #expect(law.encode(.min) == 0x00)
    }

    @Test("Table 1: the A-law's ends and first steps")
    func aLaw() {
        let law = G711.aLaw
        #expect([0xAA, 0x2A, 0xD5, 0x55].map { law.decode($0) } == [32_256, -32_256, 8, -8])
        #expect(law.encode(.max) == 0xAA)
        #expect(law.encode(.min) == 0x2A)
    }

    @Test("the error of any sample stays within half a step of its segment", arguments: [G711.muLaw, .aLaw])
    func precision(law: G711) {
        for sample in stride(from: -32_000, through: 32_000, by: 7) {
            let error = abs(Int(law.decode(law.encode(Int16(sample)))) - sample)
            #expect(error <= max(8, abs(sample) / 30 + 4), "\(sample)")
        }
    }
}
