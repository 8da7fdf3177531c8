// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 12, `route.select`: the trunks to try, by priority, and within one priority by weighted lot (RFC 2782).
enum RouteSelect {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        let trunks = evaluation.snapshot.trunkKeys
        let down = evaluation.attempt.routes.downTrunks
        var order: [Int32] = []
        var downOrder: [Int32] = []
        order.reserveCapacity(min(trunks.count, 8))
        for place in trunks.indices {
            let key = trunks[place]
            guard key.serves(evaluation.caller.customer.id) else { continue }
            if !down.isEmpty, down.contains(key.id) {
                downOrder.append(Int32(truncatingIfNeeded: place))
            } else {
                order.append(Int32(truncatingIfNeeded: place))
            }
        }
        guard !order.isEmpty || !downOrder.isEmpty else { return .rejected(.noTrunk, .noTrunk) }
        var lot = Lot(seed: evaluation.attempt.routes.selection)
        shuffle(&order, trunks, &lot)
        if evaluation.destination?.kind == .emergency {
            // A call for help is tried even where nothing answered before.
            shuffle(&downOrder, trunks, &lot)
            order += downOrder
        }
        guard let first = order.first else { return .rejected(.allTrunksDown(downOrder.count), .allTrunksDown) }
        evaluation.routeOrder = order
        let name = evaluation.snapshot.trunks[Int(first)].name
        return .passed(.routed(trunks: order.count, first: name, down: downOrder.count))
    }

    /// Orders each run of one priority by weighted lot.
    private static func shuffle(_ order: inout [Int32], _ trunks: [TrunkKey], _ lot: inout Lot) {
        var start = 0
        while start < order.count {
            let priority = trunks[Int(order[start])].priority
            var end = start + 1
            while end < order.count, trunks[Int(order[end])].priority == priority { end += 1 }
            if end - start > 1 { shuffle(&order, start..<end, trunks, &lot) }
            start = end
        }
    }

    /// RFC 2782: draw a number up to the sum of the weights left; the first whose running sum reaches it comes next.
    private static func shuffle(_ order: inout [Int32], _ run: Range<Int>, _ trunks: [TrunkKey], _ lot: inout Lot) {
        // Weightless ones stand first in each draw, so that they too have a small chance.
        var weightless = run.lowerBound
        for place in run where trunks[Int(order[place])].weight == 0 {
            order.swapAt(place, weightless)
            weightless += 1
        }
        for place in run.lowerBound..<(run.upperBound - 1) {
            var sum: UInt64 = 0
            for candidate in place..<run.upperBound { sum &+= trunks[Int(order[candidate])].weight }
            let draw = lot.next(upTo: sum)
            var running: UInt64 = 0
            var chosen = place
            for candidate in place..<run.upperBound {
                running &+= trunks[Int(order[candidate])].weight
                chosen = candidate
                if running >= draw { break }
            }
            let taken = order[chosen]
            var position = chosen
            while position > place {
                order[position] = order[position - 1]
                position -= 1
            }
            order[place] = taken
        }
    }

    /// A stream of numbers out of one random value, so that a decision stays a function of its arguments.
    private struct Lot {
        private var state: UInt64

        init(seed: UInt64) {
            state = seed
        }

        /// A number from 0 to `bound`, both included.
        mutating func next(upTo bound: UInt64) -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            return mixed.multipliedFullWidth(by: bound &+ 1).high
        }
    }
}
