// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

/// A customer with limits whose calls go through both rules, in virtual time.
struct LimitedCaller {
    static let first = ResourceIdentifier(high: 1, low: 1)
    static let second = ResourceIdentifier(high: 1, low: 2)

    var usage = CustomerUsage()
    var customer = CallLimits.none
    var endpoint = CallLimits.none

    /// Judges calls at once and calls a second.
    mutating func begin(by id: ResourceIdentifier? = first, at milliseconds: Int64) -> LimitReport {
        usage.admitCall(by: id, customer: customer, endpoint: endpoint, at: Instant(milliseconds: milliseconds))
    }

    /// Judges the limits of the destination.
    mutating func dial(
        _ number: E164Number,
        _ country: Country?,
        by id: ResourceIdentifier? = first,
        at milliseconds: Int64
    ) -> LimitReport {
        usage.admitCall(
            to: number,
            in: country,
            by: id,
            customer: customer,
            endpoint: endpoint,
            at: Instant(milliseconds: milliseconds)
        )
    }

    /// An answered call from begin to end; both rules have let it pass.
    mutating func talk(
        to country: Country?,
        by id: ResourceIdentifier? = first,
        from answered: Int64,
        until ended: Int64
    ) {
        usage.callBegan(by: id)
        usage.callAnswered(by: id, to: country, at: Instant(milliseconds: answered))
        usage.callEnded(
            by: id,
            to: country,
            answered: Instant(milliseconds: answered),
            at: Instant(milliseconds: ended)
        )
    }

    /// Sets one limit in one scope.
    mutating func limit(_ kind: LimitKind, of scope: LimitScope, _ levels: LimitLevels) {
        switch scope {
        case .customer: customer[keyPath: kind.path] = levels
        case .endpoint: endpoint[keyPath: kind.path] = levels
        }
    }
}

extension LimitKind {
    /// Where the limit is set.
    var path: WritableKeyPath<CallLimits, LimitLevels> {
        switch self {
        case .concurrentCalls: \.concurrentCalls
        case .callsPerSecond: \.callsPerSecond
        case .callsPerMinuteToCountry: \.callsPerMinuteToCountry
        case .callsPerMinuteToNumber: \.callsPerMinuteToNumber
        case .dailyCallsToCountry: \.dailyCallsToCountry
        case .dailyMinutesToCountry: \.dailyMinutesToCountry
        case .maximumDuration: \.maximumDuration
        }
    }

    /// What is judged when a call begins; the length of a call is judged while it lasts.
    static let judged: [LimitKind] = LimitKind.allCases.filter { $0 != .maximumDuration }
}

/// Numbers and countries to dial.
enum Dialled {
    /// Some number of a block whose last digits vary.
    static func number(_ last: Int, of block: UInt64 = 449_098_790_000) throws -> E164Number {
        try #require(E164Number(value: block + UInt64(last)))
    }

    static func country(_ code: String) throws -> Country {
        try #require(Country(code))
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

let minute: Int64 = 60_000
let hour: Int64 = 3_600_000
