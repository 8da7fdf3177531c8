// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Testing

@Suite("route.select by routes")
struct TrunkRouteTests {
    private let toronto = "+14165550123"
    private let newYork = "+12125551234"

    private func id(_ value: UInt64) -> ResourceIdentifier { ResourceIdentifier(high: 3, low: value) }

    private func route(
        _ trunk: UInt64,
        _ target: String,
        of customer: ResourceIdentifier? = nil,
        priority: Int = 0
    ) throws -> TrunkRoute {
        TrunkRoute(
            id: ResourceIdentifier(high: 9, low: trunk),
            customer: customer,
            trunk: id(trunk),
            priority: priority,
            target: try #require(RouteTarget(target))
        )
    }

    /// Trunks "1" to "6", which all customers share, "1" before the others.
    private func deployment(_ routes: [TrunkRoute]) throws -> Deployment {
        var deployment = try Deployment()
        deployment.trunks = (1...6).map { Trunk(id: id($0), name: "\($0)", host: "h\($0)", priority: Int($0)) }
        deployment.routes = routes
        return deployment
    }

    private func names(_ deployment: Deployment, _ number: String) -> [String]? {
        deployment.dial(number).approved?.route.map(\.name)
    }

    @Test("§7.6: the customer's routes for the number, its routes for all, and the same two of every customer")
    func order() throws {
        let own = Deployment.customerID
        let deployment = try deployment([
            try route(6, "all"), try route(5, "+1"), try route(4, "all", of: own), try route(3, "+1", of: own),
        ])
        #expect(names(deployment, toronto) == ["3", "4", "5", "6"])
    }

    @Test("§7.6: of several beginnings of the number the longest counts, for each owner apart")
    func longest() throws {
        let own = Deployment.customerID
        let deployment = try deployment([
            try route(1, "+1", of: own), try route(2, "+1416", of: own), try route(3, "+14165550123"),
            try route(4, "+1416555"), try route(5, "+1417", of: own),
        ])
        #expect(names(deployment, toronto) == ["2", "3"])
        #expect(names(deployment, newYork) == ["1"])
    }

    @Test("§7.6: lower priority values first, and of equals the route made first")
    func priority() throws {
        let deployment = try deployment([
            try route(4, "all", priority: 2), try route(3, "all", priority: 1), try route(2, "all", priority: 2),
        ])
        #expect(names(deployment, toronto) == ["3", "4", "2"])
    }

    @Test("§7.6: a trunk that is listed already is not listed again")
    func once() throws {
        let deployment = try deployment([
            try route(2, "+1"), try route(1, "all", priority: 1), try route(2, "all"),
        ])
        #expect(names(deployment, toronto) == ["2", "1"])
    }

    @Test("where no route applies, the trunks' own priorities hold")
    func fallback() throws {
        let other = try deployment([
            try route(4, "all", of: Deployment.otherID), try route(5, "+44"), try route(6, "+12125551234"),
        ])
        #expect(names(other, toronto) == ["1", "2", "3", "4", "5", "6"])
        #expect(names(other, newYork) == ["6"])
        let finding = other.dial(toronto).finding(.routeSelect)
        #expect(finding?.reason == "trunk 1 is first of 6")
    }

    @Test("a trunk that is switched off, or kept for emergency calls, is skipped, and none stands in for it")
    func switchedOff() throws {
        var deployment = try deployment([try route(2, "all"), try route(3, "all"), try route(4, "all")])
        deployment.trunks[1].isEnabled = false
        deployment.trunks[2].emergency = .only
        #expect(names(deployment, toronto) == ["4"])
        deployment.routes.removeLast()
        let rejection = try #require(deployment.dial(toronto).rejection)
        #expect(rejection.status == 404 && rejection.apiReason == "NO_ROUTE")
        #expect(rejection.detail == .noTrunkByRoutes(2))
        #expect(rejection.text.contains("routes that apply (2)"))
    }

    @Test("trunks that are down are left out; when all are, the call is refused with 503")
    func down() throws {
        let deployment = try deployment([try route(2, "all"), try route(3, "all")])
        let some = deployment.dial(toronto) { $0.routes.downTrunks = [self.id(2)] }
        #expect(some.approved?.route.map(\.name) == ["3"])
        let all = deployment.dial(toronto) { $0.routes.downTrunks = [self.id(2), self.id(3)] }
        #expect(all.rejection?.status == 503 && all.rejection?.detail == .allTrunksDown(2))
    }

    @Test("a trunk that carries as much as it may is passed over; when no other is left, the call is refused with 503")
    func full() throws {
        let deployment = try deployment([try route(2, "all"), try route(3, "all")])
        let some = deployment.dial(toronto) { $0.routes.fullTrunks = [self.id(2)] }
        #expect(some.approved?.route.map(\.name) == ["3"])
        let all = deployment.dial(toronto) {
            $0.routes.fullTrunks = [self.id(2)]
            $0.routes.downTrunks = [self.id(3)]
        }
        #expect(all.rejection?.status == 503 && all.rejection?.detail == .noTrunkFree(down: 1, full: 1))
    }

    @Test("a route to a trunk of another customer, or to none, does not apply")
    func reserved() throws {
        var deployment = try deployment([try route(2, "all"), try route(99, "all")])
        deployment.trunks[1].customer = Deployment.otherID
        #expect(names(deployment, toronto) == ["1", "3", "4", "5", "6"])
        deployment.trunks[1].customer = Deployment.customerID
        #expect(names(deployment, toronto) == ["2"])
    }

    @Test("emergency calls take their own selection, whatever the routes say")
    func emergency() throws {
        let deployment = try deployment([try route(6, "all")])
        #expect(deployment.dial("112").approved?.route.first?.name == "1")
    }

    @Test("the finding says which route was taken")
    func finding() throws {
        let own = Deployment.customerID
        var deployment = try deployment([try route(2, "+1", of: own), try route(3, "all")])
        let finding = try #require(deployment.dial(toronto).finding(.routeSelect))
        #expect(finding.reason == "trunk 2 is first of 2, by the customer's route for +1")
        #expect(
            finding.values.map { "\($0.key)=\($0.text)" } == [
                "trunk=2", "trunks=2", "down=0", "route=00000000-0000-0009-0000-000000000002", "target=+1",
                "customers=own",
            ]
        )
        deployment.routes.removeFirst()
        #expect(
            deployment.dial(toronto).finding(.routeSelect)?.reason
                == "trunk 3 is first of 1, by the general route for all numbers"
        )
    }

    @Test("a target is `all` or the beginning of a number", arguments: ["all", "+1", "+44", "+123456789012345"])
    func targets(text: String) {
        #expect(RouteTarget(text)?.description == text)
    }

    @Test(
        "anything else is no target",
        arguments: ["", "+", "ALL", "44", "+0", "+01", "+1234567890123456", "+1 2", "+1a", "++1", "+１"]
    )
    func noTargets(text: String) {
        #expect(RouteTarget(text) == nil)
    }
}
