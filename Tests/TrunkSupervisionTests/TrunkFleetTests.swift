// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Testing

@testable import TrunkSupervision

struct TrunkFleetTests {
    private static let start = Instant(milliseconds: 1_000_000)
    private static let first = ResourceIdentifier(high: 1, low: 1)
    private static let second = ResourceIdentifier(high: 1, low: 2)

    private static func trunk(_ id: ResourceIdentifier, _ operation: TrunkOperation = TrunkOperation()) -> Trunk {
        Trunk(id: id, name: id == first ? "first" : "second", host: "192.0.2.1", operation: operation)
    }

    private static func fleet(_ operation: TrunkOperation = TrunkOperation()) -> TrunkFleet {
        var fleet = TrunkFleet()
        fleet.update([trunk(first, operation), trunk(second)])
        return fleet
    }

    @Test("trunks that are up and without limits need no asking")
    func quiet() {
        var fleet = Self.fleet()
        #expect(fleet.isQuiet)
        #expect(fleet.admit(Self.first, isEmergency: false, at: Self.start) == true)
        #expect(fleet.isQuiet)
        #expect(fleet.callFailed(on: Self.first, leavingAlone: nil, at: Self.start) == nil)
        #expect(!fleet.isQuiet)
    }

    @Test("concurrent calls: a full trunk takes no further one until one ends")
    func concurrent() {
        var fleet = Self.fleet(TrunkOperation(limits: TrunkLimits(concurrentCalls: 2)))
        let room = fleet.conditions(selection: 9, at: Self.start)
        #expect(room == RouteConditions(selection: 9))
        for _ in 0..<2 { #expect(fleet.admit(Self.first, isEmergency: false, at: Self.start) == true) }
        #expect(fleet.conditions(selection: 0, at: Self.start).fullTrunks == [Self.first])
        #expect(fleet.admit(Self.first, isEmergency: false, at: Self.start) == false)
        #expect(
            fleet.admit(Self.first, isEmergency: true, at: Self.start) == true,
            "a call for help is never turned away"
        )
        for _ in 0..<2 { fleet.callEnded(on: Self.first) }
        #expect(fleet.admit(Self.first, isEmergency: false, at: Self.start) == true)
    }

    @Test("calls per second: what is more than the rate waits for the next second's")
    func rate() {
        var fleet = Self.fleet(TrunkOperation(limits: TrunkLimits(callsPerSecond: 2)))
        for _ in 0..<2 {
            #expect(fleet.admit(Self.first, isEmergency: false, at: Self.start) == true)
            fleet.callEnded(on: Self.first)
        }
        #expect(fleet.conditions(selection: 0, at: Self.start).fullTrunks == [Self.first])
        #expect(fleet.conditions(selection: 0, at: Self.start + .milliseconds(500)).fullTrunks.isEmpty)
    }

    @Test("a trunk is told to be down once, and to be up once")
    func toldOnce() {
        var fleet = Self.fleet(TrunkOperation(breaker: TrunkBreakerSettings(failures: 1, seconds: 30)))
        func fail(_ fleet: inout TrunkFleet, _ seconds: Int64) -> TrunkChange? {
            fleet.callFailed(on: Self.first, leavingAlone: nil, at: Self.start + .seconds(seconds))
        }
        #expect(fail(&fleet, 0) == TrunkChange(name: "first", obstacles: [.breaker]))
        #expect(fail(&fleet, 1) == nil)
        #expect(fleet.conditions(selection: 0, at: Self.start).downTrunks == [Self.first])
        let later = Self.start + .seconds(31)
        #expect(fleet.conditions(selection: 0, at: later).downTrunks.isEmpty)
        #expect(fleet.admit(Self.first, isEmergency: false, at: later) == true)
        #expect(fleet.conditions(selection: 0, at: later).downTrunks == [Self.first], "one call tries at a time")
        #expect(fleet.admit(Self.first, isEmergency: false, at: later) == false)
        #expect(fleet.callAnswered(on: Self.first, at: later) == TrunkChange(name: "first", obstacles: []))
        #expect(fleet.isQuiet)
    }

    @Test("health, breaker and registration each keep calls away; all must be well before it is up")
    func combined() {
        var fleet = Self.fleet(
            TrunkOperation(
                health: TrunkHealthSettings(),
                breaker: TrunkBreakerSettings(failures: 1, seconds: 30),
                registration: TrunkRegistrationSettings(isRequired: true)
            )
        )
        func state() -> TrunkState? { fleet.states(at: Self.start).first }
        #expect(state()?.obstacles == [.registration])
        _ = fleet.noteHealth(of: Self.first, isUp: false, at: Self.start)
        _ = fleet.callFailed(on: Self.first, leavingAlone: nil, at: Self.start)
        #expect(state()?.obstacles == [.health, .breaker, .registration])
        let registered = fleet.noteRegistration(at: Self.first, isRegistered: true, at: Self.start)
        #expect(registered?.obstacles == [.health, .breaker])
        _ = fleet.noteHealth(of: Self.first, isUp: true, at: Self.start)
        #expect(state()?.obstacles == [.breaker] && state()?.isRegistered == true && state()?.isUp == false)
    }

    @Test("a registration that is not required keeps no call away")
    func optionalRegistration() {
        let fleet = Self.fleet(TrunkOperation(registration: TrunkRegistrationSettings()))
        #expect(fleet.isQuiet && fleet.states(at: Self.start).first?.isRegistered == false)
    }

    @Test("a reload keeps what is known; a trunk that is switched off is remembered while calls go on there")
    func reload() {
        let limited = TrunkOperation(limits: TrunkLimits(concurrentCalls: 1))
        var fleet = Self.fleet(limited)
        #expect(fleet.admit(Self.first, isEmergency: false, at: Self.start) == true)
        fleet.update([Self.trunk(Self.second)])
        #expect(fleet.states(at: Self.start).map(\.name) == ["second"])
        #expect(fleet.conditions(selection: 0, at: Self.start) == RouteConditions())
        fleet.update([Self.trunk(Self.first, limited), Self.trunk(Self.second)])
        #expect(fleet.conditions(selection: 0, at: Self.start).fullTrunks == [Self.first])
        fleet.callEnded(on: Self.first)
        #expect(fleet.conditions(selection: 0, at: Self.start).fullTrunks.isEmpty)
    }
}
