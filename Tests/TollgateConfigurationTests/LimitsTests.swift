// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan
import Testing
import TollgateConfiguration

@Suite("Limits and trunks' emergency use in provisioning files")
struct LimitsTests {
    @Test("a number is the hard level; a mapping holds either level or both")
    func values() throws {
        let customer = try #require(
            try provisioning(
                """
                customers:
                  - name: a
                    limits:
                      concurrent_calls: 3
                      calls_per_second: {soft: 4, hard: 5}
                      calls_per_minute_to_country: {soft: 6}
                      calls_per_minute_to_number: {hard: 7}
                      daily_calls_to_country: 8
                      daily_minutes_to_country: 9
                      max_call_duration_seconds: {soft: 10, hard: 11}
                      home_countries: [us, no]
                endpoints:
                  - {username: x, customer: a, limits: {concurrent_calls: 1}}
                """
            ).plan.customers.first
        )
        let expected = CallLimits(
            concurrentCalls: LimitLevels(hard: 3),
            callsPerSecond: LimitLevels(soft: 4, hard: 5),
            callsPerMinuteToCountry: LimitLevels(soft: 6),
            callsPerMinuteToNumber: LimitLevels(hard: 7),
            dailyCallsToCountry: LimitLevels(hard: 8),
            dailyMinutesToCountry: LimitLevels(hard: 9),
            homeCountries: Set(["us", "no"].compactMap { Country($0) }),
            maximumDuration: LimitLevels(soft: 10, hard: 11)
        )
        #expect(customer.limits == expected)
        #expect(customer.endpoints.map(\.limits) == [CallLimits(concurrentCalls: LimitLevels(hard: 1))])
    }

    @Test("every wrong limit is named with its place and what to do")
    func wrongValues() {
        let text = """
            customers:
              - name: a
                limits:
                  concurent_calls: 3
                  calls_per_second: {soft: 5, hard: 5}
                  calls_per_minute_to_country: {}
                  calls_per_minute_to_number: [1, 2]
                  daily_calls_to_country: many
                  daily_minutes_to_country: {sofd: 1, hard: 0}
                  max_call_duration_seconds: 604801
                  home_countries: [us, uk]
            endpoints:
              - {username: x, customer: a, limits: {concurrent_calls: {soft: 3, hard: 2}}}
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:4:7: unknown key `concurent_calls`; did you mean `concurrent_calls`?",
                "p.yaml:5:32: `soft` of `calls_per_second` is 5, not below `hard`, 5; lower it, or remove it",
                "p.yaml:6:36: `calls_per_minute_to_country` names no level; "
                    + "write for example `calls_per_minute_to_country: {soft: 8, hard: 10}`",
                "p.yaml:7:35: `calls_per_minute_to_number` must be a whole number, or `{soft: …, hard: …}`, "
                    + "not a list; give one value",
                "p.yaml:8:31: `daily_calls_to_country` must be a whole number, not `many`; "
                    + "give a number from 1 to 100000000",
                "p.yaml:9:34: unknown key `sofd`; did you mean `soft`?",
                "p.yaml:9:49: `hard` is 0, out of range; give a number from 1 to 100000000",
                "p.yaml:10:34: `max_call_duration_seconds` is 604801, out of range; give a number from 1 to 604800",
                "p.yaml:11:28: `home_countries` holds `uk`, which is not a country code; "
                    + "did you mean `gb`? The code of the United Kingdom is gb",
                "p.yaml:13:66: `soft` of `concurrent_calls` is 3, not below `hard`, 2; lower it, or remove it",
            ]
        )
    }

    @Test("special destinations are opened by class, by service and by calling code")
    func special() throws {
        let file = try provisioning(
            "customers:\n  - {name: a, outbound: {allowed_special: [premium, pager, satellite, +883, \"+888\"]}}\n"
        )
        let expected: Set<SpecialDestination> = [
            .numberClass(.premium), .numberClass(.pager), .callingCode(870), .callingCode(881), .callingCode(883),
            .callingCode(888),
        ]
        #expect(file.plan.customers.first?.outbound?.allowedSpecial == expected)
    }

    @Test("what is no special destination is refused with the words there are")
    func wrongSpecial() {
        let text = "customers:\n  - {name: a, outbound: {allowed_special: [satelite, fixed, +44, moon-base]}}\n"
        #expect(
            provisioningProblems(text) == [
                "p.yaml:2:44: `allowed_special` cannot be `satelite`; did you mean `satellite`?",
                "p.yaml:2:54: `allowed_special` holds `fixed`, which is not blocked in an allowed country; remove it",
                "p.yaml:2:61: `allowed_special` cannot be `+44`; give a calling code without a country, such as +870; "
                    + "countries belong in `destination_whitelist`",
                "p.yaml:2:66: `allowed_special` cannot be `moon-base`; choose one of "
                    + SpecialDestination.words.joined(separator: ", "),
            ]
        )
    }

    @Test("`no` is a word for a trunk's emergency use, bare or quoted")
    func emergencyUse() throws {
        let plan = try provisioning(
            """
            trunks:
              - {name: a, host: a.example, emergency: no}
              - {name: b, host: b.example, emergency: "no"}
              - {name: c, host: c.example, emergency: also, takes_service_urns: true}
              - {name: d, host: d.example, emergency: only}
              - {name: e, host: e.example}
            """
        ).plan
        #expect(plan.trunks.map(\.trunk.emergency) == [.never, .never, .also, .only, .never])
        #expect(plan.trunks.map(\.trunk.takesServiceURNs) == [false, false, true, false, false])
        #expect(
            provisioningProblems("trunks:\n  - {name: a, host: a.example, emergency: yes, takes_service_urns: no}\n")
                == [
                    "p.yaml:2:43: `emergency` cannot be `yes`; choose one of no, also, only",
                    "p.yaml:2:68: `takes_service_urns` must be true or false, not `no`; write `false`",
                ]
        )
    }
}
