// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServerLocation

@Suite("RFC 2782")
struct WeightedOrderTests {
    private func record(_ priority: UInt16, _ weight: UInt16, _ port: UInt16) -> ServiceRecord {
        ServiceRecord(priority: priority, weight: weight, port: port, target: DomainName("h.example"))
    }

    private func first(_ records: [ServiceRecord], of draws: Int) -> [UInt16: Int] {
        var counts: [UInt16: Int] = [:]
        for seed in 0..<draws {
            var order = WeightedOrder(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
            let drawn = order.order(records)
            #expect(Set(drawn) == Set(records) && drawn.count == records.count)
            counts[drawn.first?.port ?? 0, default: 0] += 1
        }
        return counts
    }

    @Test("A lower priority always comes first, whatever the weights")
    func priorities() {
        let records = [record(20, 65_535, 3), record(10, 1, 2), record(0, 0, 1)]
        for seed in 0..<100 {
            var order = WeightedOrder(seed: UInt64(seed))
            #expect(order.order(records).map(\.port) == [1, 2, 3])
        }
    }

    @Test("Within a priority the share of first places is the weight's")
    func weights() {
        let counts = first([record(0, 60, 1), record(0, 30, 2), record(0, 10, 3)], of: 10_000)
        #expect((5700...6300).contains(counts[1] ?? 0))
        #expect((2700...3300).contains(counts[2] ?? 0))
        #expect((750...1250).contains(counts[3] ?? 0))
    }

    @Test("A record of weight zero has a very small chance beside others, and all of it alone")
    func zero() {
        let counts = first([record(0, 0, 1), record(0, 99, 2)], of: 10_000)
        #expect((20...250).contains(counts[1] ?? 0))
        #expect(first([record(0, 0, 7)], of: 10) == [7: 10])
    }

    @Test("The same seed draws the same order")
    func seeds() {
        let records = (0..<20).map { record(0, 5, UInt16($0)) }
        var (one, same, other) = (WeightedOrder(seed: 5), WeightedOrder(seed: 5), WeightedOrder(seed: 6))
        let drawn = one.order(records)
        #expect(drawn == same.order(records))
        #expect(drawn != other.order(records))
    }
}
