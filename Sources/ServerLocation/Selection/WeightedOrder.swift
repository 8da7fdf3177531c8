// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The order of SRV records: by priority, and by lot within one (RFC 2782).
struct WeightedOrder {
    private var state: UInt64

    /// - Parameter seed: A random number; the same one draws the same order.
    init(seed: UInt64) {
        state = seed
    }

    /// The records in the order to try them in.
    mutating func order(_ records: [ServiceRecord]) -> [ServiceRecord] {
        var ordered: [ServiceRecord] = []
        ordered.reserveCapacity(records.count)
        for (_, group) in Dictionary(grouping: records, by: \.priority).sorted(by: { $0.key < $1.key }) {
            draw(group, into: &ordered)
        }
        return ordered
    }

    /// RFC 2782: records of weight zero stand first, so that they are drawn only when the lot falls on nothing.
    private mutating func draw(_ group: [ServiceRecord], into ordered: inout [ServiceRecord]) {
        var rest = group.filter { $0.weight == 0 } + group.filter { $0.weight > 0 }
        var sum = rest.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
        while !rest.isEmpty {
            let lot = next() % (sum + 1)
            var running: UInt64 = 0
            let index = rest.firstIndex { record in
                running += UInt64(record.weight)
                return running >= lot
            }
            let drawn = rest.remove(at: index ?? 0)
            sum -= UInt64(drawn.weight)
            ordered.append(drawn)
        }
    }

    /// The next number of the SplitMix64 sequence: the seed alone must be unpredictable.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
