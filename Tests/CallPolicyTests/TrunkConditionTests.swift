// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Testing

struct TrunkConditionTests {
    private let number = "+13125550123"

    private func id(_ number: UInt64) -> ResourceIdentifier { ResourceIdentifier(high: 9, low: number) }

    private func deployment() throws -> Deployment {
        var deployment = try Deployment()
        deployment.trunks = (1...3).map { Trunk(id: id($0), name: "t\($0)", host: "h\($0)", priority: Int($0)) }
        return deployment
    }

    @Test("a trunk at its limit is passed over like one that is down, and the finding says so")
    func full() throws {
        let decision = try deployment().dial(number) {
            $0.routes.fullTrunks = [self.id(1)]
            $0.routes.downTrunks = [self.id(2)]
        }
        #expect(decision.approved?.route.map(\.name) == ["t3"])
        let detail = decision.findings.last?.detail
        #expect(detail == .routed(trunks: 1, first: "t3", down: 1, full: 1))
        #expect(detail?.reason == "trunk t3 is first of 1; trunks down: 1; trunks at their limit: 1")
    }

    @Test("when trunks are down or at their limit and none is left, the call is refused with 503 and Retry-After")
    func none() throws {
        let decision = try deployment().dial(number) {
            $0.routes.fullTrunks = [self.id(1), self.id(2)]
            $0.routes.downTrunks = [self.id(3)]
        }
        let rejection = try #require(decision.rejection)
        #expect(rejection.status == 503 && rejection.retryAfter == 5)
        #expect(rejection.detail == .noTrunkFree(down: 1, full: 2))
        #expect(rejection.text.contains("trunks at their limit: 2, down: 1"))
    }

    @Test("an emergency call goes to full trunks after live ones, and to those that are down last")
    func emergency() throws {
        let decision = try deployment().dial("112") {
            $0.routes.fullTrunks = [self.id(2)]
            $0.routes.downTrunks = [self.id(1)]
        }
        #expect(decision.approved?.route.map(\.name) == ["t3", "t2", "t1"])
    }

    @Test("a value of usage counts calls and their rate, each against its own limit")
    func usage() {
        let now = Instant(milliseconds: 5000)
        var usage = TrunkUsage()
        usage.callBegan(under: TrunkLimits(callsPerSecond: 1), at: now)
        #expect(usage.isFull(under: TrunkLimits(callsPerSecond: 1), at: now))
        #expect(!usage.isFull(under: TrunkLimits(callsPerSecond: 1), at: now + .seconds(1)))
        #expect(usage.isFull(under: TrunkLimits(concurrentCalls: 1), at: now + .seconds(1)))
        usage.callEnded()
        usage.callEnded()
        #expect(usage.calls == 0)
        #expect(!usage.isFull(under: TrunkLimits(concurrentCalls: 1), at: now))
    }
}
