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
        var down: [Int32] = []
        var taken: TrunkRoute?
        for entry in routes {
            guard let place = entry.place, !order.contains(place), !down.contains(place),
                evaluation.snapshot.trunkKeys[Int(place)].emergency != .only
            else { continue }
            if evaluation.attempt.routes.downTrunks.contains(entry.route.trunk) {
                down.append(place)
            } else {
                order.append(place)
                taken = taken ?? entry.route
            }
        }
        guard let first = order.first, let taken else {
            return down.isEmpty
                ? .rejected(.noTrunkByRoutes(routes.count), .noTrunk)
                : .rejected(.allTrunksDown(down.count), .allTrunksDown)
        }
        evaluation.routeOrder = order
        let name = evaluation.snapshot.trunks[Int(first)].name
        return .passed(.routedBy(taken, trunks: order.count, first: name, down: down.count))
    }
}
