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

@Suite("Routes")
struct RoutesTests {
    private let world: ResourceWorld
    private let nobody = "11111111-1111-4111-8111-111111111111"

    init() throws {
        world = try ResourceWorld()
    }

    private func ask(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue = [:]) async throws -> JSONValue {
        try await world.ask(as: world.operatorIdentity, method, path, body)
    }

    private func provider(_ name: String, _ body: [(String, JSONValue)] = []) async throws -> JSONValue {
        let body = JSONObject([("hostname", .string(name))] + body)
        return try await ask(.post, "/v1.0/providers", .object(body))["id"]
    }

    private func add(_ body: JSONValue) async throws -> JSONValue {
        let made = try await ask(.post, "/v1.0/routes", body)
        #expect(mismatches(made, component: "Route") == [])
        return made
    }

    private var customer: JSONValue { .string(world.own.customer?.description ?? "") }

    @Test("§7.9: a route is answered with every key; without a customer it is for all")
    func creates() async throws {
        let provider = try await provider("a")
        let made = try await add([
            "provider_id": provider, "target": "+44", "priority": 2, "name": "UK", "detail": "one\r\ntwo\n",
        ])
        #expect(made["customer_id"] == "00000000-0000-0000-0000-000000000000" && made["target"] == "+44")
        #expect(made["priority"] == 2 && made["provider_id"] == provider && made["detail"] == "one\r\ntwo\n")
        #expect(try await ask(.get, "/v1.0/routes/\(made["id"].text ?? "")") == made)
        #expect(world.api.commands.reloads.withLock { $0 } == 2)
    }

    @Test("§7.6: the routes decide which providers carry a call")
    func decides() async throws {
        let (east, west) = (try await provider("east"), try await provider("west"))
        _ = try await world.ask(.post, "/v1.0/numbers", ["number": "+12125550100"])
        let rules = ProvisionedOutbound(
            destinationWhitelist: [try #require(Country("ca"))],
            defaultOutgoingSourceNumber: E164Number("+12125550100")
        )
        let store = world.api.services.store
        let plan = ProvisioningPlan(customers: [ProvisionedCustomer(name: "acme", outbound: rules)])
        _ = try store.apply(plan, at: world.api.time.now)
        let attempt = CallAttempt(
            caller: .customer(world.own.customer ?? .zero),
            destination: DialledDestination(scheme: .tel, user: ReceivedText("+14165550123"))
        )
        func names() throws -> [String]? {
            let snapshot = try store.loadSnapshot(rules: DeploymentRules())
            var usage = CustomerUsage()
            let decision = PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: Instant(milliseconds: 1))
            return decision.approved?.route.map(\.name)
        }
        _ = try await add(["provider_id": west, "target": "all"])
        #expect(try names() == ["west"])
        let own = try await add(["provider_id": east, "target": "+1", "customer_id": customer])
        #expect(try names() == ["east", "west"])
        _ = try await ask(.delete, "/v1.0/routes/\(own["id"].text ?? "")")
        #expect(try names() == ["west"])
    }

    @Test("a PUT changes what it names, but never whose the route is")
    func updates() async throws {
        let (east, west) = (try await provider("east"), try await provider("west"))
        let made = try await add(["provider_id": east, "target": "all", "customer_id": customer, "name": "n"])
        let path = "/v1.0/routes/\(made["id"].text ?? "")"
        let changed = try await ask(
            .put,
            path,
            ["provider_id": west, "target": "+1416", "priority": 9, "customer_id": customer]
        )
        #expect(changed["provider_id"] == west && changed["target"] == "+1416" && changed["priority"] == 9)
        #expect(changed["name"] == "n" && changed["customer_id"] == customer && changed["tm_update"] != .null)
        let other = JSONValue.string(world.other.customer?.description ?? "")
        #expect(await failure { try await ask(.put, path, ["customer_id": other]) }?.httpStatus == 400)
        #expect(await failure { try await ask(.put, path, ["customer_id": ""]) }?.httpStatus == 400)
        let unknown = await failure { try await ask(.put, path, ["provider_id": .string(nobody), "name": "x"]) }
        #expect(unknown?.reason == "PROVIDER_NOT_FOUND")
        #expect(try await ask(.get, path) == changed)
    }

    @Test(
        "what is no route is refused",
        arguments: [
            ["target": "44"], ["target": ""], ["target": "+0"], ["target": nil], ["target": "ALL"], ["target": 44],
            ["target": "all", "priority": -1], ["target": "all", "priority": 1_000_000], ["target": "all", "name": 1],
            ["target": "all", "provider_id": ""], ["target": "all", "provider_id": "x"],
            ["target": "all", "customer_id": "x"], ["target": "+\u{0}1"],
        ] as [JSONValue]
    )
    func refuses(body: JSONValue) async throws {
        var object = body.members ?? JSONObject()
        if object["provider_id"] == nil { object["provider_id"] = try await provider("a") }
        let error = await failure { try await add(.object(object)) }
        #expect(error?.httpStatus == (object["provider_id"] == "" ? 404 : 400))
        #expect(try await ask(.get, "/v1.0/routes")["result"] == [])
    }

    @Test("customers and providers of a route must be there, and fit")
    func references() async throws {
        let open = try await provider("open")
        let reserved = try await provider("reserved", [("customer_id", customer)])
        let other = JSONValue.string(world.other.customer?.description ?? "")
        let customerless = await failure {
            try await add(["provider_id": open, "target": "all", "customer_id": .string(nobody)])
        }
        #expect(customerless?.reason == "CUSTOMER_NOT_FOUND")
        let foreign = await failure {
            try await add(["provider_id": reserved, "target": "all", "customer_id": other])
        }
        #expect(foreign?.httpStatus == 400 && foreign?.details == [["field": "provider_id"]])
        _ = try await add(["provider_id": reserved, "target": "all", "customer_id": customer])
    }

    @Test("§7.9: the list of all, of one customer, or of every customer; deleted ones are hidden")
    func lists() async throws {
        let provider = try await provider("a")
        let general = try await add(["provider_id": provider, "target": "all"])["id"]
        let own = try await add(["provider_id": provider, "target": "all", "customer_id": customer])["id"]
        func ids(_ query: String) async throws -> [JSONValue]? {
            try await ask(.get, "/v1.0/routes\(query)")["result"].elements?.map { $0["id"] }
        }
        #expect(try await ids("") == [own, general])
        #expect(try await ids("?customer_id=\(customer.text ?? "")") == [own])
        #expect(try await ids("?customer_id=00000000-0000-0000-0000-000000000000") == [general])
        let path = "/v1.0/routes/\(own.text ?? "")"
        #expect(try await ask(.delete, path)["tm_delete"] != .null)
        #expect(await failure { try await ask(.delete, path) }?.reason == "RESOURCE_NOT_FOUND")
        #expect(try await ids("") == [general])
    }
}
