// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import MonotonicTime
import NumberingPlan
import Synchronization
import Testing

@testable import ControlAPI

@Suite("§2 Outbound configurations")
struct OutboundConfigurationTests {
    private let own = "/v1.0/outbound_config"

    @Test("S0 step by step: fetch, fill, add a country")
    func tutorial() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let fresh = try await api.ask(by: caller, .get, own)
        #expect(fresh.status == 200)
        #expect(fresh["name"] == "")
        #expect(fresh["destination_whitelist"] == [])
        #expect(fresh["codecs"] == "")
        #expect(fresh["tm_update"] == .null)
        #expect(fresh["tm_delete"] == .null)
        #expect(fresh["customer_id"]?.text == caller.customer?.description)
        // Reading sorts keys, so the order of the text is looked at.
        let places = [
            "id", "customer_id", "name", "destination_whitelist", "codecs", "tm_create", "tm_update", "tm_delete",
        ]
        .map { fresh.text.firstRange(of: "\"\($0)\":")?.lowerBound }
        #expect(!places.contains(nil))
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
        #expect(places.first == fresh.text.index(after: fresh.text.startIndex))
        let filling: JSONValue = ["destination_whitelist": ["us", "gb", "kr"], "codecs": "PCMU,PCMA"]
        let filled = try await api.ask(by: caller, .put, own, body: filling)
        #expect(filled.status == 200)
        #expect(filled["destination_whitelist"] == ["us", "gb", "kr"])
        #expect(filled["codecs"] == "PCMU,PCMA")
        #expect(filled["tm_update"]?.text != nil)
        let adding: JSONValue = ["destination_whitelist": ["us", "gb", "kr", "de"]]
        let added = try await api.ask(by: caller, .put, own, body: adding)
        #expect(added["codecs"] == "PCMU,PCMA")
        let last = try await api.ask(by: caller, .get, own)
        #expect(last.body == added.body)
        #expect(api.commands.reloads.withLock { $0 } == 2)
        let policy = try api.services.store.loadSnapshot(rules: DeploymentRules())
        let customer = try #require(policy.customers.values.first)
        #expect(customer.outbound?.destinationWhitelist.map(\.description).sorted() == ["de", "gb", "kr", "us"])
    }

    @Test("§2.3: absent and null leave a key alone, empty values clear it")
    func partial() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let number = try await api.number("+15551230001", of: try #require(caller.customer))
        let whole: JSONValue = [
            "name": "n", "detail": "d", "destination_whitelist": ["us"], "codecs": "opus",
            "default_outgoing_source_number_id": .string(number.description), "when_no_valid_source": "reject",
            "when_anonymity_disallowed": "retry_shown", "allowed_special": ["premium", "+870"],
            "dial_plan": ["country": "kr", "international_prefixes": ["001"]],
        ]
        let set = try await api.ask(by: caller, .put, own, body: whole)
        #expect(set.status == 200)
        #expect(set["default_outgoing_source_number_id"]?.text == number.description)
        #expect(set["allowed_special"] == ["premium", "+870"])
        #expect(set["dial_plan"]?.members?["country"] == "kr")
        var nothing = JSONObject()
        for member in set.body.members?.members ?? [] { nothing[member.key] = .null }
        api.time.advance(.seconds(1))
        for body: JSONValue in [[:], .object(nothing), set.body] {
            let kept = try await api.ask(by: caller, .put, own, body: body)
            #expect(kept.status == 200)
            for member in set.body.members?.members ?? [] where member.key != "tm_update" {
                #expect(kept[member.key] == member.value, "\(member.key)")
            }
            #expect(kept["tm_update"] != set["tm_update"])
        }
        let clearing: JSONValue = [
            "name": "", "detail": "", "destination_whitelist": [], "codecs": "",
            "default_outgoing_source_number_id": .string(ResourceIdentifier.zero.description), "allowed_special": [],
            "dial_plan": [:],
        ]
        let cleared = try await api.ask(by: caller, .put, own, body: clearing)
        #expect(cleared["destination_whitelist"] == [])
        #expect(cleared["codecs"] == "")
        #expect(cleared["default_outgoing_source_number_id"]?.text == ResourceIdentifier.zero.description)
        #expect(cleared["allowed_special"] == [])
        #expect(cleared["dial_plan"] == .null)
        #expect(cleared["when_no_valid_source"] == "reject")
    }

    @Test("§2.4: countries are trimmed and folded before they are stored")
    func normalised() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let body: JSONValue = ["destination_whitelist": [" US", "Gb ", "ac", "XK"]]
        let answer = try await api.ask(by: caller, .put, own, body: body)
        #expect(answer["destination_whitelist"] == ["us", "gb", "ac", "xk"])
        let all = JSONValue.array(Country.allAssigned.map { .string($0.description) })
        let whole = try await api.ask(by: caller, .put, own, body: ["destination_whitelist": all])
        #expect(whole["destination_whitelist"]?.elements?.count == 251)
    }

    @Test(
        "§2.4: what is wrong is 400 and changes nothing, other keys neither",
        arguments: [
            #""destination_whitelist":["us","US"]"#, #""destination_whitelist":["uk"]"#,
            #""destination_whitelist":[""]"#, #""destination_whitelist":["ta"]"#, #""destination_whitelist":["eu"]"#,
            #""destination_whitelist":"us""#, #""destination_whitelist":[1]"#, #""destination_whitelist":[null]"#,
            #""codecs":"PCMU;G729""#, #""codecs":"-PCMU""#, #""codecs":"PCMU-""#, #""codecs":"AMR--WB""#,
            #""codecs":"PCMU,,PCMA""#, #""codecs":"PCMU, PCMA""#, #""codecs":"PCMU\r\n""#, #""codecs":5"#,
            #""default_outgoing_source_number_id":"x""#, #""default_outgoing_source_number_id":7"#,
            #""when_no_valid_source":"maybe""#, #""allowed_special":["freephone-ish"]"#, #""dial_plan":[]"#,
            #""dial_plan":{"country":"zz"}"#, #""dial_plan":{"national_prefix":"0"}"#,
            #""dial_plan":{"country":"us","hiding_prefixes":["a"]}"#,
            #""dial_plan":{"country":"us","hiding_prefixes":["*8"],"showing_prefixes":["*82"]}"#,
            #""dial_plan":{"country":"us","minimum_national_length":99}"#, #""limits":5"#,
            #""name":"a\u0000b""#,
        ]
    )
    func invalid(member: String) async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let before = try await api.ask(by: caller, .get, own)
        let answer = try await api.ask(.put, own, headers: caller.headers, text: #"{"detail":"x",\#(member)}"#)
        #expect(answer.status == 400)
        #expect(answer["details"]?.elements?.isEmpty == false)
        #expect(try await api.ask(by: caller, .get, own).body == before.body)
        #expect(api.commands.reloads.withLock { $0 } == 0)
    }

    @Test("§2.4: 255 characters of codecs are valid, 256 are not")
    func codecLength() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        for (count, status) in [(255, 200), (256, 400)] {
            let body: JSONValue = ["codecs": .string(String(repeating: "a", count: count))]
            #expect(try await api.ask(by: caller, .put, own, body: body).status == status)
        }
    }

    @Test("§2.4: the default number must be the customer's own, normal, active and not deleted")
    func defaultNumber() async throws {
        let api = try APIHarness()
        let caller = try await api.caller(username: "one")
        let other = try await api.caller(username: "other")
        let customer = try #require(caller.customer)
        let numbers = [
            (try await api.number("+15551230001", of: customer), 200),
            (try await api.number("+899123456789", of: customer, type: .virtual), 400),
            (try await api.number("+15551230003", of: customer, status: .deleted), 400),
            (try await api.number("+15551230004", of: try #require(other.customer)), 400),
            (api.services.newIdentifier(), 400),
        ]
        for path in [own, "/v1.0/customer", "/v1.0/customer/default_outgoing_source_number_id"] {
            for (number, status) in numbers {
                let body: JSONValue = ["default_outgoing_source_number_id": .string(number.description)]
                #expect(try await api.ask(by: caller, .put, path, body: body).status == status)
            }
        }
        // [D6]: one value in both places.
        let first = numbers[0].0.description
        #expect(
            try await api.ask(by: caller, .get, "/v1.0/customer")["default_outgoing_source_number_id"]?.text == first
        )
        let none: JSONValue = ["default_outgoing_source_number_id": .string(ResourceIdentifier.zero.description)]
        #expect(try await api.ask(by: caller, .put, "/v1.0/customer", body: none).status == 200)
        let after = try await api.ask(by: caller, .get, own)
        #expect(after["default_outgoing_source_number_id"]?.text == ResourceIdentifier.zero.description)
        let sub = "/v1.0/customer/default_outgoing_source_number_id"
        #expect(try await api.ask(by: caller, .put, sub, body: none).status == 400)
    }

    @Test("limits are the operator's: a customer may send them back as they are, not change them")
    func limits() async throws {
        let api = try APIHarness()
        let caller = try await api.caller(username: "one")
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let id = try #require(try await api.ask(by: caller, .get, own)["id"]?.text)
        let path = "/v1.0/outbound_configs/\(id)"
        let limits: JSONValue = [
            "limits": [
                "concurrent_calls": ["soft": 3, "hard": 5], "calls_per_second": ["hard": 2], "home_countries": ["us"],
            ]
        ]
        let set = try await api.ask(by: admin, .put, path, body: limits)
        #expect(set.status == 200)
        #expect(set["limits"]?.members?["concurrent_calls"] == ["hard": 5, "soft": 3])
        #expect(set["limits"]?.members?["calls_per_second"] == ["hard": 2, "soft": nil])
        #expect(try await api.ask(by: caller, .put, own, body: limits).status == 200)
        let more: JSONValue = ["name": "x", "limits": ["calls_per_second": ["hard": 9]]]
        let refused = try await api.ask(by: caller, .put, own, body: more)
        #expect(refused.status == 403)
        #expect(try await api.ask(by: caller, .get, own)["name"] == "")
        let off: JSONValue = ["limits": ["calls_per_second": [:], "concurrent_calls": ["soft": 9, "hard": 5]]]
        #expect(try await api.ask(by: admin, .put, path, body: off).status == 400)
        let clear = try await api.ask(by: admin, .put, path, body: ["limits": ["calls_per_second": [:]]])
        #expect(clear["limits"]?.members?["calls_per_second"] == ["hard": nil, "soft": nil])
        #expect(clear["limits"]?.members?["concurrent_calls"] == ["hard": 5, "soft": 3])
    }

    @Test("§2.2: the list has every customer's, or one's")
    func list() async throws {
        let api = try APIHarness()
        let one = try await api.caller(username: "one")
        let other = try await api.caller(username: "other")
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let all = try await api.ask(by: admin, .get, "/v1.0/outbound_configs")
        #expect(all["result"]?.elements?.count == 2)
        let path = "/v1.0/outbound_configs?customer_id=\(try #require(other.customer))"
        let result = try await api.ask(by: admin, .get, path)["result"]?.elements
        #expect(result?.map { $0.members?["customer_id"]?.text } == [other.customer?.description])
        #expect(try await api.ask(by: one, .get, "/v1.0/outbound_configs").status == 403)
        #expect(try await api.ask(by: admin, .get, "/v1.0/outbound_configs?customer_id=x").status == 400)
        #expect(try await api.ask(by: admin, .get, own).status == 403)
    }

    @Test("§2.5: after deletion nothing may be called; another can be made, once")
    func lifecycle() async throws {
        let api = try APIHarness()
        let caller = try await api.caller(username: "one")
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let customer = try #require(caller.customer)
        let id = try #require(try await api.ask(by: caller, .get, own)["id"]?.text)
        let path = "/v1.0/outbound_configs/\(id)"
        let body: JSONValue = ["customer_id": .string(customer.description), "destination_whitelist": ["us"]]
        #expect(try await api.ask(by: admin, .post, "/v1.0/outbound_configs", body: body).status == 409)
        let deleted = try await api.ask(by: admin, .delete, path)
        #expect(deleted.status == 200)
        #expect(deleted["tm_delete"]?.text != nil)
        let policy = try api.services.store.loadSnapshot(rules: DeploymentRules())
        #expect(policy.customers[customer]?.outbound == nil)
        let gone = try await api.ask(by: caller, .get, own)
        #expect(gone.status == 404)
        #expect(gone["error"] == "RESOURCE_NOT_FOUND")
        #expect(try await api.ask(by: caller, .put, own, body: ["codecs": ""]).status == 404)
        for method: HTTPRequest.Method in [.get, .put, .delete] {
            let answer = try await api.ask(by: admin, method, path, body: method == .put ? [:] : nil)
            #expect(answer.status == 404)
            #expect(answer["error"] == "OUTBOUND_CONFIG_NOT_FOUND")
        }
        let made = try await api.ask(by: admin, .post, "/v1.0/outbound_configs", body: body)
        #expect(made.status == 200)
        #expect(made["id"]?.text != id)
        #expect(made["tm_update"] == .null)
        #expect(try await api.ask(by: caller, .get, own)["destination_whitelist"] == ["us"])
        let stranger: JSONValue = ["customer_id": .string(api.services.newIdentifier().description)]
        #expect(try await api.ask(by: admin, .post, "/v1.0/outbound_configs", body: stranger).status == 404)
        #expect(try await api.ask(by: admin, .post, "/v1.0/outbound_configs", body: [:]).status == 400)
        let malformed = try await api.ask(by: admin, .get, "/v1.0/outbound_configs/x")
        #expect(malformed.status == 400)
        #expect(malformed["error"] == "INVALID_REQUEST_PARAMETER")
    }
}
