// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

extension RouteSelect {
    /// Selects by the routes that apply to a telephone call; nil when none does, and the trunks' own priorities hold.
    ///
    /// A trunk is tried once, at its first route. One that is switched off, or kept for emergency calls, is left out, and
    /// no other trunk stands in for it: routes say where calls may go.
    static func judgeByRoutes(_ evaluation: inout Evaluation) -> RuleOutcome? {
        guard let table = evaluation.snapshot.routeTable, case .telephone(let number, _)? = evaluation.destination
        else { return nil }
        let routes = table.entries(for: number, of: evaluation.caller.customer.id)
        guard !routes.isEmpty else { return nil }
        var order: [Int32] = []
        var passedOver: [Int32] = []
        var full = 0
        var taken: TrunkRoute?
        let conditions = evaluation.attempt.routes
        for entry in routes {
            guard let place = entry.place, !order.contains(place), !passedOver.contains(place),
                evaluation.snapshot.trunkKeys[Int(place)].emergency != .only
            else { continue }
            if conditions.downTrunks.contains(entry.route.trunk) {
                passedOver.append(place)
            } else if conditions.fullTrunks.contains(entry.route.trunk) {
                passedOver.append(place)
                full += 1
            } else {
                order.append(place)
                taken = taken ?? entry.route
            }
        }
        let down = passedOver.count - full
        guard let first = order.first, let taken else {
            guard !passedOver.isEmpty else { return .rejected(.noTrunkByRoutes(routes.count), .noTrunk) }
            return .rejected(full > 0 ? .noTrunkFree(down: down, full: full) : .allTrunksDown(down), .allTrunksDown)
        }
        evaluation.routeOrder = order
        let name = evaluation.snapshot.trunks[Int(first)].name
        return .passed(.routedBy(taken, trunks: order.count, first: name, down: down, full: full))
    }
}
