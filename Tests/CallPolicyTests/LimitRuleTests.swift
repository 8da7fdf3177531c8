// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("customer.limits and destination.limits")
struct LimitRuleTests {
    private let number = "+14165550123"

    private func usage(calls: Int) -> CustomerUsage {
        var usage = CustomerUsage()
        for _ in 0..<calls { usage.callBegan(by: Deployment.endpointID) }
        return usage
    }

    private func decide(
        _ deployment: Deployment,
        _ dialled: String,
        _ usage: inout CustomerUsage,
        at milliseconds: Int64
    ) -> PolicyDecision {
        let attempt = CallAttempt(
            caller: .endpoint(Deployment.endpointID),
            destination: DialledDestination(scheme: .sip, user: ReceivedText(dialled))
        )
        let now = Instant(milliseconds: milliseconds)
        return PolicyEngine.decide(attempt, under: deployment.snapshot, counting: &usage, at: now)
    }

    @Test(
        "without limits both rules are skipped, with wide ones they pass, and toward an extension only the first runs"
    )
    func quiet() throws {
        var deployment = try Deployment()
        for rule in [RuleIdentifier.customerLimits, .destinationLimits] {
            #expect(deployment.dial(number).finding(rule)?.detail == .noLimits)
            #expect(deployment.dial(number).outcome(rule) == .skipped)
        }
        let wide = LimitLevels(soft: 98, hard: 99)
        deployment.endpoint.limits = CallLimits(concurrentCalls: wide, dailyCallsToCountry: wide)
        for rule in [RuleIdentifier.customerLimits, .destinationLimits] {
            #expect(deployment.dial(number).finding(rule)?.detail == .withinLimits)
            #expect(deployment.dial(number).outcome(rule) == .passed)
        }
        #expect(deployment.dial("1002").finding(.customerLimits)?.detail == .withinLimits)
        #expect(deployment.dial("1002").finding(.destinationLimits)?.detail == .notForDestination(.extensions))
        #expect(deployment.request(number, from: "").finding(.customerLimits)?.detail == .noLimits)
    }

    @Test("§4 rule 6 a hard level answers 403 and 429, for every destination", arguments: ["+14165550123", "1002"])
    func concurrent(dialled: String) throws {
        var deployment = try Deployment()
        deployment.customer.limits.concurrentCalls = LimitLevels(hard: 2)
        deployment.usage = usage(calls: 1)
        #expect(deployment.dial(dialled).approved != nil)
        deployment.usage = usage(calls: 2)
        let rejection = try #require(deployment.dial(dialled).rejection)
        #expect(rejection.rule == .customerLimits)
        #expect(rejection.status == 403)
        #expect(rejection.apiStatus == 429)
        #expect(rejection.apiReason == "RATE_LIMIT_EXCEEDED")
        #expect(rejection.retryAfter == 5)
        #expect(rejection.limitEvent?.kind == .concurrentCalls)
        #expect(rejection.text == "limit concurrent_calls of the customer reached: 2 of 2")
    }

    @Test("calls a second are judged before the destination, and a refusal says when to try again")
    func rate() throws {
        var deployment = try Deployment()
        deployment.endpoint.limits.callsPerSecond = LimitLevels(hard: 1)
        var usage = CustomerUsage()
        #expect(decide(deployment, "1002", &usage, at: 0).approved != nil)
        let rejection = try #require(decide(deployment, "1002", &usage, at: 1).rejection)
        #expect(rejection.limitEvent?.scope == .endpoint)
        #expect(rejection.retryAfter == 1)
        #expect(rejection.text == "limit calls_per_second of the endpoint reached: 1 of 1; try again in 1 second")
        #expect(decide(deployment, "1002", &usage, at: 1001).approved != nil)
    }

    @Test("destination.limits counts telephone calls to a country and a number, and names what it counted")
    func destinations() throws {
        var deployment = try Deployment()
        deployment.endpoint.limits.callsPerMinuteToCountry = LimitLevels(hard: 2)
        deployment.customer.limits.callsPerMinuteToNumber = LimitLevels(hard: 1)
        var usage = CustomerUsage()
        #expect(decide(deployment, number, &usage, at: 0).approved != nil)
        let again = try #require(decide(deployment, number, &usage, at: 1).rejection)
        #expect(again.rule == .destinationLimits)
        #expect(
            again.text.hasPrefix("limit calls_per_minute_to_number of the customer reached: 1 of 1 to \(number); try")
        )
        #expect(decide(deployment, "+14165550124", &usage, at: 2).approved != nil)
        let country = decide(deployment, "+14165550125", &usage, at: 3)
        let rejection = try #require(country.rejection)
        let seconds = try #require(rejection.retryAfter)
        #expect((1...65).contains(seconds))
        #expect(
            rejection.text
                == "limit calls_per_minute_to_country of the endpoint reached: 2 of 2 to ca; try again in \(seconds) seconds"
        )
        let values = country.finding(.destinationLimits)?.values.map { "\($0.key)=\($0.text)" }
        #expect(
            values == [
                "limit=calls_per_minute_to_country", "scope=endpoint", "used=2", "level=2",
                "destination=+14165550125", "country=ca", "retry_after=\(seconds)",
            ]
        )
        #expect(decide(deployment, "+12125550111", &usage, at: 4).approved != nil)
        #expect(decide(deployment, "1002", &usage, at: 5).approved != nil)
    }

    @Test("destination.limits comes after whitelist and class: what they refuse is not counted")
    func order() throws {
        var deployment = try Deployment()
        deployment.customer.limits.callsPerMinuteToCountry = LimitLevels(hard: 1)
        var usage = CustomerUsage()
        #expect(decide(deployment, "+19002345678", &usage, at: 0).rejection?.rule == .destinationClass)
        #expect(decide(deployment, "+442079460000", &usage, at: 0).rejection?.rule == .destinationWhitelist)
        #expect(decide(deployment, "+12125550111", &usage, at: 0).approved != nil)
        #expect(decide(deployment, "+12125550111", &usage, at: 0).rejection?.rule == .destinationLimits)
    }

    @Test("a soft level lets the call pass with a warning, which outlives a later refusal")
    func soft() throws {
        var deployment = try Deployment()
        deployment.customer.limits.concurrentCalls = LimitLevels(soft: 1, hard: 9)
        deployment.endpoint.limits.dailyCallsToCountry = LimitLevels(soft: 0)
        deployment.usage = usage(calls: 1)
        let decision = deployment.dial(number)
        #expect(decision.approved != nil)
        #expect(decision.outcome(.customerLimits) == .passed)
        #expect(decision.outcome(.destinationLimits) == .passed)
        #expect(
            decision.limitWarnings == [
                LimitEvent(kind: .concurrentCalls, scope: .customer, used: 1, limit: 1),
                LimitEvent(kind: .dailyCallsToCountry, scope: .endpoint, used: 0, limit: 0),
            ]
        )
        #expect(
            decision.finding(.destinationLimits)?.reason
                == "limit daily_calls_to_country of the endpoint reached: 0 of 0 to ca, still allowed"
        )
        deployment.trunks = []
        #expect(deployment.dial(number).limitWarnings.count == 2)
    }

    @Test("a call is in progress only when its carrier says so")
    func notBegun() throws {
        var deployment = try Deployment()
        deployment.customer.limits.concurrentCalls = LimitLevels(hard: 1)
        var usage = CustomerUsage()
        #expect(decide(deployment, number, &usage, at: 0).approved != nil)
        #expect(usage.concurrentCalls == 0)
        #expect(decide(deployment, number, &usage, at: 0).approved != nil)
    }

    @Test("a call may last as long as the smaller of both limits says, level by level")
    func duration() throws {
        var deployment = try Deployment()
        #expect(deployment.dial(number).approved?.maximumDuration == LimitLevels())
        deployment.customer.limits.maximumDuration = LimitLevels(soft: 600, hard: 3600)
        deployment.endpoint.limits.maximumDuration = LimitLevels(soft: 900, hard: 1800)
        let both = LimitLevels(soft: 600, hard: 1800)
        #expect(deployment.dial(number).approved?.maximumDuration == both)
        #expect(deployment.dial("1002").approved?.maximumDuration == both)
        let own = LimitLevels(soft: 600, hard: 3600)
        #expect(deployment.request(number, from: "").approved?.maximumDuration == own)
        let snapshot = deployment.snapshot
        let customer = Deployment.customerID
        #expect(snapshot.maximumDuration(customer: customer, endpoint: Deployment.endpointID) == both)
        #expect(snapshot.maximumDuration(customer: customer, endpoint: nil) == own)
        #expect(snapshot.maximumDuration(customer: customer, endpoint: .zero) == own)
        #expect(snapshot.maximumDuration(customer: .zero, endpoint: nil) == LimitLevels())
    }
}
