// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallStore
import HTTPTypes
import MonotonicTime
import Synchronization
import Testing

@testable import CallPolicy
@testable import ControlAPI

@Suite("Calls placed")
struct CallPlacingTests {
    private static let addresses: [(JSONValue, PlacedDestination)] = [
        (["type": "tel", "target": "+15559876543"], PlacedDestination.telephone("+15559876543")),
        (["target": "+15559876543"], .telephone("+15559876543")),
        (["type": "sip", "target": "bob@example.com;transport=tcp"], .sipURI("sip:bob@example.com;transport=tcp")),
        (["target": "SIPS:bob@example.com"], .sipURI("sips:bob@example.com")),
        (["target": "bob@example.com"], .sipURI("sip:bob@example.com")),
        (["type": "endpoint", "target": "test11@test"], .sipURI("sip:test11@test")),
        (["type": "endpoint", "target": "test11"], .extensionName("test11")),
        (["type": "extension", "target": "x", "target_name": "1001"], .extensionName("1001")),
        (["type": "extension", "target": "1001"], .extensionName("1001")),
        (["target": "15559876543"], .extensionName("15559876543")), (["target_name": "bob"], .extensionName("bob")),
    ]
    private static let tel: JSONValue = ["type": "tel", "target": "+15559876543"]

    private func body(_ members: (String, JSONValue)...) -> JSONValue {
        .object(
            JSONObject(
                [("source", ["type": "tel", "target": "+15551234567"]), ("destinations", [Self.tel])] + members
            )
        )
    }

    @Test("S1, S3: the answer is an array of the calls placed, with the flow made of the actions")
    func placed() async throws {
        let calls = try await CallsHarness()
        let answer = try await calls.ask(.post, "/v1.0/calls", body: body(("actions", [["type": "answer"]])))
        #expect(answer.status == 200)
        let call = try #require(answer.body.elements?.first?.members)
        #expect(call["status"] == "dialing")
        #expect(call["destination"]?.members?["target"] == "+15559876543")
        let placement = try #require(calls.commands.placements.withLock { $0.first })
        #expect(placement.destination == .telephone("+15559876543"))
        #expect(placement.source == "+15551234567")
        #expect(placement.connect.isEmpty)
        let flow = try #require(placement.flow)
        #expect(call["flow_id"] == .string(flow.description))
        #expect(try await calls.services.store.flowActions(flow, of: CallsHarness.customer)?.contains("answer") == true)
    }

    @Test("D2: the object shape is answered to those who ask for it")
    func shape() async throws {
        let calls = try await CallsHarness()
        let accept: HTTPFields = [.accept: "application/vnd.tollgate.calls+json"]
        for (path, headers) in [("/v1.0/calls?shape=object", [:]), ("/v1.0/calls", accept)] {
            // The array is the documented form, so that the object is asked for past the check of forms.
            let answer = try await calls.ask(
                .post,
                path + (path.contains("?") ? "" : "?shape="),
                headers: headers,
                body: body()
            )
            #expect(answer["calls"]?.elements?.count == 1)
            #expect(answer["groupcalls"] == [])
        }
    }

    @Test(
        "§3.1: every destination type, and the type read off the target where it is missing",
        arguments: addresses
    )
    func destinations(_ address: JSONValue, _ wanted: PlacedDestination) async throws {
        let calls = try await CallsHarness()
        let answer = try await calls.ask(.post, "/v1.0/calls", body: ["destinations": [address]])
        #expect(answer.status == 200, "\(answer.text)")
        #expect(calls.commands.placements.withLock { $0.map(\.destination) } == [wanted])
    }

    @Test(
        "S1, S3: what is not in E.164 form, or cannot be called, is 400 and names the field",
        arguments: [
            ["type": "tel", "target": "010-1234-5678"], ["target": "010-1234-5678"], ["target": "+1 555 987 6543"],
            ["type": "tel", "target": "15559876543"], ["type": "tel", "target": "+123456"],
            ["type": "agent", "target": "d152e69e-105b-11ee-b395-eb18426de979"], ["type": "line", "target": "x"],
            ["type": "sip", "target": "example.com"], ["type": "sip", "target": "a@b>\u{1}"],
            ["type": "sip", "target": "@b"],
            ["type": "extension", "target": "10\r\nVia: x"], ["type": "tel"], ["type": 5, "target": "+15559876543"],
            [:],
        ] as [JSONValue]
    )
    func malformed(_ address: JSONValue) async throws {
        let calls = try await CallsHarness()
        let answer = try await calls.ask(.post, "/v1.0/calls", body: ["destinations": [address]])
        #expect(answer.status == 400)
        #expect(answer["error"] == "INVALID_ARGUMENT")
        let field = answer["details"]?.elements?.first?.members?["field"]?.text
        #expect(field?.hasPrefix("destinations[0].") == true)
        #expect(calls.commands.placements.withLock { $0.isEmpty })
    }

    @Test("a malformed source is 400; other kinds of source go as they are")
    func sources() async throws {
        let calls = try await CallsHarness()
        for text in ["15551234567", "+1 555", "bob"] {
            let answer = try await calls.ask(
                .post,
                "/v1.0/calls",
                body: ["source": ["target": .string(text)], "destinations": [Self.tel]]
            )
            #expect(answer.status == 400)
        }
        let source: JSONValue = ["type": "extension", "target": "1001", "target_name": "Bob"]
        _ = try await calls.ask(.post, "/v1.0/calls", body: ["source": source, "destinations": [Self.tel]])
        let placement = try #require(calls.commands.placements.withLock { $0.last })
        #expect(placement.source == "1001")
        #expect(placement.sourceName == "Bob")
    }

    @Test("destinations: none is 400, fifty are called, one more is 400")
    func counts() async throws {
        let calls = try await CallsHarness()
        for (count, status) in [(0, 400), (50, 200), (51, 400)] {
            let destinations = JSONValue.array(Array(repeating: Self.tel, count: count))
            #expect(try await calls.ask(.post, "/v1.0/calls", body: ["destinations": destinations]).status == status)
        }
        #expect(try await calls.ask(.post, "/v1.0/calls", body: [:]).status == 400)
    }

    @Test("anonymous: yes, no and auto; anything else is INVALID_ANONYMOUS_VALUE")
    func anonymous() async throws {
        let calls = try await CallsHarness()
        for setting in AnonymousSetting.allCases {
            _ = try await calls.ask(.post, "/v1.0/calls", body: body(("anonymous", .string(setting.rawValue))))
            #expect(calls.commands.placements.withLock { $0.last?.anonymous } == setting)
        }
        let answer = try await calls.ask(.post, "/v1.0/calls", body: body(("anonymous", "maybe")))
        #expect(answer["error"] == "INVALID_ANONYMOUS_VALUE")
    }

    @Test("variables over their limits are INVALID_VARIABLES")
    func variables() async throws {
        let calls = try await CallsHarness()
        let many = JSONValue.object(JSONObject((0...100).map { ("k\($0)", "v") }))
        let long: JSONValue = ["k": .string(String(repeating: "x", count: 32_769))]
        let total = JSONValue.object(
            JSONObject((0..<3).map { ("k\($0)", .string(String(repeating: "x", count: 30_000))) })
        )
        for wrong in [many, long, total, ["k": 1]] {
            let answer = try await calls.ask(.post, "/v1.0/calls", body: body(("variables", wrong)))
            #expect(answer["error"] == "INVALID_VARIABLES")
        }
        #expect(try await calls.ask(.post, "/v1.0/calls", body: body(("variables", ["k": "v"]))).status == 200)
    }

    @Test("D19: an unknown flow and another customer's are both 404 FLOW_NOT_FOUND; an own one is followed")
    func flows() async throws {
        let calls = try await CallsHarness()
        let (own, foreign) = (ResourceIdentifier(high: 6, low: 1), ResourceIdentifier(high: 6, low: 2))
        let connect = #"[{"type":"connect","option":{"destinations":[{"type":"tel","target":"+15551111111"}]}}]"#
        for (flow, customer) in [(own, CallsHarness.customer), (foreign, CallsHarness.stranger)] {
            let now = calls.services.now()
            try await calls.services.store.addCallFlow(flow, of: customer, actions: connect, at: now)
        }
        for flow in [foreign, ResourceIdentifier(high: 7, low: 7)] {
            let answer = try await calls.ask(.post, "/v1.0/calls", body: body(("flow_id", .string(flow.description))))
            #expect(answer.status == 404)
            #expect(answer["error"] == "FLOW_NOT_FOUND")
        }
        _ = try await calls.ask(.post, "/v1.0/calls", body: body(("flow_id", .string(own.description))))
        let placement = try #require(calls.commands.placements.withLock { $0.last })
        #expect(placement.flow == own)
        #expect(placement.connect.map(\.destination) == [.telephone("+15551111111")])
    }

    @Test("§6.6: connect names the parties; answer before it and hangup after it change nothing")
    func connect() async throws {
        let calls = try await CallsHarness()
        let option: JSONValue = [
            "source": ["type": "tel", "target": "+15550000000", "target_name": "Desk"], "anonymous": "yes",
            "destinations": [["type": "tel", "target": "+15551111111"], ["type": "extension", "target": "1001"]],
        ]
        let actions: JSONValue = [["type": "answer"], ["type": "connect", "option": option], ["type": "hangup"]]
        let answer = try await calls.ask(.post, "/v1.0/calls", body: body(("actions", actions)))
        #expect(answer.status == 200, "\(answer.text)")
        let parties = try #require(calls.commands.placements.withLock { $0.last?.connect })
        #expect(parties.map(\.destination) == [.telephone("+15551111111"), .extensionName("1001")])
        #expect(parties.allSatisfy { $0.source == "+15550000000" && $0.sourceName == "Desk" && $0.anonymous == .yes })
    }

    @Test("actions that need media, or come where they cannot run, are INVALID_ACTION_TYPE")
    func media() async throws {
        let calls = try await CallsHarness()
        let option: JSONValue = ["destinations": [Self.tel]]
        let connect: JSONValue = ["type": "connect", "option": option]
        let lists: [JSONValue] = [
            [["type": "talk", "option": ["text": "hello"]]], [["type": "play"]], [["type": "dtmf_send"]],
            [["type": "hangup"], ["type": "answer"]], [connect, connect], [["type": ""]], [[:]],
        ]
        for actions in lists {
            let answer = try await calls.ask(.post, "/v1.0/calls", body: body(("actions", actions)))
            #expect(answer.status == 400)
            #expect(answer["error"] == "INVALID_ACTION_TYPE")
        }
        let talk = try await calls.ask(.post, "/v1.0/calls", body: body(("actions", [["type": "talk"]])))
        #expect(talk["message"]?.text?.contains("`talk`") == true)
        #expect(try await calls.ask(.post, "/v1.0/calls", body: body(("actions", [["type": "connect"]]))).status == 400)
        #expect(try await calls.count("flows") == 0)
    }

    @Test(
        "§7.8: when all are refused the first refusal is the answer, with the finding and the refused call's id",
        arguments: [
            (RejectionAnswer.countryNotListed, 400, "DESTINATION_NOT_WHITELISTED"),
            (.sourceNotValid, 400, "SOURCE_NOT_OWNED"), (.balanceInsufficient, 402, "INSUFFICIENT_BALANCE"),
            (.customerNotActive, 403, "CUSTOMER_NOT_ACTIVE"),
            (.identityNotVerified, 403, "IDENTITY_VERIFICATION_REQUIRED"),
            (.unknownExtension, 404, "RESOURCE_NOT_FOUND"), (.limitReached, 429, "RATE_LIMIT_EXCEEDED"),
            (.noTrunk, 503, "NO_ROUTE"),
        ]
    )
    func refused(_ answer: RejectionAnswer, _ status: Int, _ reason: String) async throws {
        let calls = try await CallsHarness()
        calls.commands.placing.withLock {
            $0 = {
                let rejection = Rejection(rule: .destinationWhitelist, answer: answer, detail: .internalError)
                return .rejected(ScriptedCommands.record($0), rejection)
            }
        }
        let result = try await calls.ask(.post, "/v1.0/calls", body: body(("actions", [])))
        #expect(result.status == status)
        #expect(result["error"] == .string(reason))
        let detail = result["details"]?.elements?.first?.members
        let placed = try #require(calls.commands.placements.withLock { $0.first })
        #expect(detail?["call_id"] == .string(placed.id.description))
        #expect(detail?["rule"] == "destination.whitelist")
        #expect((result.headers[.retryAfter] != nil) == (status == 429))
        #expect(try await calls.count("flows") == 0, "no flow is left of calls that never were")
    }

    @Test("§3.1: refused destinations are left out while one is placed")
    func partly() async throws {
        let calls = try await CallsHarness()
        calls.commands.placing.withLock {
            $0 = {
                guard $0.destination == .telephone("+15551111111") else { return .unavailable("full") }
                return .placed(ScriptedCommands.record($0))
            }
        }
        let both: JSONValue = [Self.tel, ["type": "tel", "target": "+15551111111"]]
        let answer = try await calls.ask(.post, "/v1.0/calls", body: ["destinations": both])
        #expect(answer.body.elements?.count == 1)
        let none = try await calls.ask(.post, "/v1.0/calls", body: ["destinations": [Self.tel]])
        #expect(none.status == 503)
    }

    @Test("an Idempotency-Key places once, answers the same for a day, and stands for one request only")
    func idempotency() async throws {
        let calls = try await CallsHarness()
        let name = try #require(HTTPField.Name("Idempotency-Key"))
        let headers: HTTPFields = [name: "order-17"]
        let first = try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body())
        let second = try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body())
        #expect(first.status == 200)
        #expect(first.text == second.text)
        #expect(calls.commands.placements.withLock { $0.count } == 1)
        let other = try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body(("anonymous", "yes")))
        #expect(other.status == 409)
        let stranger = CallsHarness.identity(of: CallsHarness.stranger)
        #expect(try await calls.ask(.post, "/v1.0/calls", as: stranger, headers: headers, body: body()).status == 200)
        calls.api.time.advance(.seconds(86_401))
        _ = try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body())
        #expect(calls.commands.placements.withLock { $0.count } == 3)
    }

    @Test("a refused request frees its Idempotency-Key; one that never finished keeps it")
    func idempotencyFailures() async throws {
        let calls = try await CallsHarness()
        let name = try #require(HTTPField.Name("Idempotency-Key"))
        let headers: HTTPFields = [name: "k"]
        calls.commands.placing.withLock { $0 = { _ in .unavailable("draining") } }
        #expect(try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body()).status == 503)
        calls.commands.placing.withLock { $0 = { .placed(ScriptedCommands.record($0)) } }
        #expect(try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body()).status == 200)
        try await calls.execute("UPDATE idempotency_keys SET answer = NULL")
        let unfinished = try await calls.ask(.post, "/v1.0/calls", headers: headers, body: body())
        #expect(unfinished.status == 409)
        #expect(calls.commands.placements.withLock { $0.count } == 2)
        let long: HTTPFields = [name: String(repeating: "x", count: 256)]
        #expect(try await calls.ask(.post, "/v1.0/calls", headers: long, body: body()).status == 400)
    }
}
