// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Rule 13, `route.select`: the trunks to try, by the routes that apply to the call; where none does by priority, and
/// within one priority by weighted lot (RFC 2782).
///
/// A trunk that is kept for emergency calls takes no others. An emergency call is tried everywhere: first on live trunks
/// meant for such calls, then on other live ones, then on those that are full, then on those that are down, in the same
/// order.
enum RouteSelect {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        if evaluation.snapshot.routeTable != nil, let outcome = judgeByRoutes(&evaluation) { return outcome }
        let isEmergency = evaluation.destination?.kind == .emergency
        var choice = choose(evaluation, isEmergency ? { $0.emergency != .never } : { $0.emergency != .only })
        var others = isEmergency ? choose(evaluation) { $0.emergency == .never } : Choice()
        guard choice.count + others.count > 0 else {
            let kept = isEmergency ? 0 : choose(evaluation) { $0.emergency == .only }.count
            return .rejected(kept > 0 ? .emergencyTrunksOnly(kept) : .noTrunk, .noTrunk)
        }
        var lot = Lot(seed: evaluation.attempt.routes.selection)
        let trunks = evaluation.snapshot.trunkKeys
        shuffle(&choice.live, trunks, &lot)
        let (down, full) = (choice.down.count + others.down.count, choice.full.count + others.full.count)
        if isEmergency {
            shuffle(&others.live, trunks, &lot)
            shuffle(&choice.full, trunks, &lot)
            shuffle(&others.full, trunks, &lot)
            shuffle(&choice.down, trunks, &lot)
            shuffle(&others.down, trunks, &lot)
            // A call for help is tried even where there is no room, and where nothing answered before.
            choice.live += others.live + choice.full + others.full + choice.down + others.down
        }
        guard let first = choice.live.first else {
            return .rejected(full > 0 ? .noTrunkFree(down: down, full: full) : .allTrunksDown(down), .allTrunksDown)
        }
        evaluation.routeOrder = choice.live
        let name = evaluation.snapshot.trunks[Int(first)].name
        return .passed(.routed(trunks: choice.live.count, first: name, down: down, full: full))
    }

    /// Trunks that serve the caller, by their places.
    private struct Choice {
        var live: [Int32] = []
        var down: [Int32] = []
        var full: [Int32] = []

        var count: Int { live.count + down.count + full.count }
    }

    private static func choose(_ evaluation: borrowing Evaluation, _ isMeant: (TrunkKey) -> Bool) -> Choice {
        let trunks = evaluation.snapshot.trunkKeys
        let customer = evaluation.caller.customer.id
        let routes = evaluation.attempt.routes
        let (down, full) = (routes.downTrunks, routes.fullTrunks)
        var choice = Choice()
        for place in trunks.indices {
            let key = trunks[place]
            guard isMeant(key), key.serves(customer) else { continue }
            if choice.live.isEmpty { choice.live.reserveCapacity(min(trunks.count, 8)) }
            if !down.isEmpty, down.contains(key.id) {
                choice.down.append(Int32(truncatingIfNeeded: place))
            } else if !full.isEmpty, full.contains(key.id) {
                choice.full.append(Int32(truncatingIfNeeded: place))
            } else {
                choice.live.append(Int32(truncatingIfNeeded: place))
            }
        }
        return choice
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
