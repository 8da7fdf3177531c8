// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import NumberingPlan
import Testing
import TollgateConfiguration

@Suite("Dial plans in provisioning files")
struct DialPlanTests {
    /// A file of one customer with this dial plan, and what else it holds.
    private func file(_ dialPlan: String, _ rest: String = "") -> String {
        "customers:\n  - name: a\n    dial_plan: \(dialPlan)\n" + rest
    }

    private static let conflict = "; choose prefixes that cannot be mistaken for each other"

    @Test("every key lands where it belongs, the customer's and the endpoint's apart")
    func values() throws {
        let plan = try provisioning(
            """
            customers:
              - name: a
                dial_plan:
                  country: kr
                  international_prefixes: ["001", "00700"]
                  national_prefix: "0"
                  minimum_national_length: 7
                  extension_patterns: [1XXX, "2xx"]
                  hiding_prefixes: ["*23#"]
                  showing_prefixes: []
              - {name: b}
            endpoints:
              - {username: x, customer: a, dial_plan: {country: NO, national_prefix: ""}}
              - {username: y, customer: a, dial_plan: {international_prefixes: ["00"]}}
              - {username: z, customer: a}
            """
        ).plan
        let expected = DialPlan(
            country: Country("kr"),
            internationalPrefixes: ["001", "00700"],
            nationalPrefix: "0",
            minimumNationalLength: 7,
            extensionPatterns: ["1xxx", "2xx"].compactMap { ExtensionPattern($0) },
            hidingPrefixes: ["*23#"],
            showingPrefixes: []
        )
        #expect(plan.customers.map(\.dialPlan) == [expected, nil])
        let endpoints = try #require(plan.customers.first?.endpoints)
        #expect(endpoints.map(\.dialPlan?.country) == [Country("no"), nil, nil])
        #expect(endpoints.map(\.dialPlan?.nationalPrefix) == ["", nil, nil])
        #expect(endpoints.map(\.dialPlan?.internationalPrefixes) == [[], ["00"], nil])
        #expect(endpoints.first?.dialPlan?.hidingPrefixes == DialPlan.defaultHidingPrefixes)
    }

    @Test("what describes national numbers needs the country they are of, and so does a plan of nothing")
    func missingCountry() {
        #expect(
            provisioningProblems(file("{national_prefix: \"0\"}")) == [
                "p.yaml:3:16: missing key `country`, which `national_prefix` belongs to; add for example `country: us`"
            ]
        )
        #expect(
            provisioningProblems(file("{minimum_national_length: 7, hiding_prefixes: []}")) == [
                "p.yaml:3:16: missing key `country`, which `minimum_national_length` belongs to; "
                    + "add for example `country: us`"
            ]
        )
        #expect(
            provisioningProblems(file("{}")) == [
                "p.yaml:3:16: missing key `country`; add for example `country: us`"
            ]
        )
        for key in ["international_prefixes", "extension_patterns", "hiding_prefixes", "showing_prefixes"] {
            #expect(provisioningProblems(file("{\(key): [\"55\"]}")) == [])
        }
    }

    @Test("a country without dialling rules of its own is refused")
    func unknownRegion() {
        #expect(
            provisioningProblems(file("{country: aq}")) == [
                "p.yaml:3:26: `country` is `aq`, whose dialling rules are not known; "
                    + "name the country whose network it shares, or remove it to dial international numbers"
            ]
        )
    }

    @Test("every wrong value is named with its place and what to do")
    func wrongValues() {
        let text = """
            customers:
              - name: a
                dial_plan:
                  contry: us
                  country: uk
                  international_prefixes: ["+", "", 12345678901234567]
                  national_prefix: "0 "
                  minimum_national_length: 1
                  extension_patterns: [1yy, ""]
                  hiding_prefixes: "*31#"
                  showing_prefixes: [a]
            """
        #expect(
            provisioningProblems(text) == [
                "p.yaml:4:7: unknown key `contry`; known keys are country, international_prefixes, national_prefix, "
                    + "minimum_national_length, extension_patterns, hiding_prefixes, showing_prefixes",
                "p.yaml:5:16: `country` holds `uk`, which is not a country code; "
                    + "did you mean `gb`? The code of the United Kingdom is gb",
                "p.yaml:6:32: `international_prefixes` cannot hold `+`; "
                    + "give 1 to 16 digits, `*` and `#`, in quotation marks",
                "p.yaml:6:37: `international_prefixes` cannot hold ``; "
                    + "give 1 to 16 digits, `*` and `#`, in quotation marks",
                "p.yaml:6:41: `international_prefixes` cannot hold `12345678901234567`; "
                    + "give 1 to 16 digits, `*` and `#`, in quotation marks",
                "p.yaml:7:24: `national_prefix` cannot hold `0 `; give 0 to 16 digits, `*` and `#`, in quotation marks",
                "p.yaml:8:32: `minimum_national_length` is 1, out of range; give a number from 2 to 15",
                "p.yaml:9:28: `extension_patterns` cannot hold `1yy`; "
                    + "give 1 to 32 digits, `*`, `#`, and `x` for any digit, for example 1xxx",
                "p.yaml:9:33: `extension_patterns` cannot hold ``; "
                    + "give 1 to 32 digits, `*`, `#`, and `x` for any digit, for example 1xxx",
                "p.yaml:10:24: `hiding_prefixes` must be a list, not a single value; "
                    + "write `hiding_prefixes: [first, second]`, or each on a line that begins with `- `",
                "p.yaml:11:26: `showing_prefixes` cannot hold `a`; "
                    + "give 1 to 16 digits, `*` and `#`, in quotation marks",
            ]
        )
    }

    @Test("digits cannot begin with prefixes of two kinds, defaults included")
    func ambiguousPrefixes() {
        #expect(
            provisioningProblems(file("{hiding_prefixes: [\"*3\", \"*31\"], showing_prefixes: [\"*31#\"]}")) == [
                "p.yaml:3:35: `hiding_prefixes` holds `*3`, and `showing_prefixes` holds `*31#`: one begins the other"
                    + Self.conflict,
                "p.yaml:3:41: `hiding_prefixes` holds `*31`, and `showing_prefixes` holds `*31#`: one begins the other"
                    + Self.conflict,
            ]
        )
        #expect(
            provisioningProblems(file("{hiding_prefixes: [\"*825\"]}")) == [
                "p.yaml:3:35: `hiding_prefixes` holds `*825`, and `showing_prefixes` holds `*82`: one begins the other"
                    + Self.conflict
            ]
        )
        #expect(
            provisioningProblems(file("{international_prefixes: [\"00\"], showing_prefixes: [\"00\"]}")).count == 2
        )
        #expect(provisioningProblems(file("{international_prefixes: [\"00\", \"001\"]}")) == [])
    }

    @Test("a prefix that an extension begins with is refused, and names the extension")
    func shadowedExtensions() {
        let endpoints = """
            endpoints:
              - {username: alice, customer: a, extensions: ["1001"]}
              - {username: "67", customer: b, extensions: ["1101"], dial_plan: {country: us, showing_prefixes: ["6"]}}

            """
        #expect(
            provisioningProblems(file("{country: us, hiding_prefixes: [\"10\", \"11\"]}\n  - name: b", endpoints)) == [
                "p.yaml:3:48: `hiding_prefixes` holds `10`, which `1001` on line 6 begins with; "
                    + "choose a prefix that no extension begins with",
                "p.yaml:7:101: `showing_prefixes` holds `6`, which `67` on line 7 begins with; "
                    + "choose a prefix that no extension begins with",
            ]
        )
    }

    @Test("a prefix that extensions of the plan's own pattern may begin with is refused")
    func shadowedPatterns() {
        let prefixes = "[\"2\", \"2*\", \"2345\", \"23\", \"91\"]"
        let text = file("{extension_patterns: [\"9\", 2xx], hiding_prefixes: \(prefixes)}")
        let remedy = "on line 3 begins with; choose a prefix that no extension begins with"
        #expect(
            provisioningProblems(text) == [
                "p.yaml:3:67: `hiding_prefixes` holds `2`, which `2xx` " + remedy,
                "p.yaml:3:86: `hiding_prefixes` holds `23`, which `2xx` " + remedy,
            ]
        )
    }

    @Test("nobody is dialled by an emergency number of the gateway or of the dial plan's country")
    func emergencyNumbers() {
        let endpoints = """
            endpoints:
              - {username: x, customer: a, extensions: ["112", "119", "110", "1119"]}
              - {username: "110", customer: b, dial_plan: {country: de, extension_patterns: ["110", "11x"]}}
              - {username: "119", customer: b}

            """
        let text = file("{country: kr, extension_patterns: [\"911\"]}\n  - name: b", endpoints)
        let remedy = "; choose another: whoever dials it calls for help"
        let lines = [
            "p.yaml:3:51: the extension pattern `911` is one of the gateway's `emergency_numbers`" + remedy,
            "p.yaml:6:45: the extension `112` is an emergency number of `kr`" + remedy,
            "p.yaml:6:52: the extension `119` is an emergency number of `kr`" + remedy,
            "p.yaml:7:16: the user name `110` is an emergency number of `de`" + remedy,
            "p.yaml:7:82: the extension pattern `110` is an emergency number of `de`" + remedy,
        ]
        #expect(provisioningProblems(text) == lines)
        let context = ProvisioningFile.Context(realm: "r", algorithms: [.md5], emergencyNumbers: ["1119"])
        let other = ["p.yaml:6:66: the extension `1119` is one of the gateway's `emergency_numbers`" + remedy]
        #expect(provisioningProblems(text, in: context) == lines[1...2] + other + lines[3...])
    }
}
