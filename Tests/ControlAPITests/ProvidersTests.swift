// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import Synchronization
import Testing

@testable import ControlAPI

@Suite("Providers")
struct ProvidersTests {
    private let world: ResourceWorld

    init() throws {
        world = try ResourceWorld()
    }

    private func ask(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue = [:]) async throws -> JSONValue {
        let answer = try await world.ask(as: world.operatorIdentity, method, path, body)
        if answer["result"] == .null { #expect(mismatches(answer, component: "Provider") == []) }
        return answer
    }

    private func add(_ body: JSONValue) async throws -> JSONValue {
        try await ask(.post, "/v1.0/providers", body)
    }

    private func refusal(_ body: JSONValue) async -> APIError? {
        await failure { try await add(body) }
    }

    private var trunks: [Trunk] {
        get throws { try world.api.services.store.loadSnapshot(rules: DeploymentRules()).trunks }
    }

    @Test("§7.9: a provider becomes a trunk, and is answered with every key")
    func creates() async throws {
        let made = try await add([
            "type": "sip", "hostname": "SIP.Carrier.Example:5080", "name": "carrier", "tech_prefix": "1",
            "tech_postfix": "#9", "tech_headers": ["X-Account": "4711"], "codecs": "PCMU, PCMA", "priority": 3,
            "weight": 10, "transport": "tcp", "trust_basis": "private_network", "trust_note": "MPLS",
            "username": "gw", "password": "secret", "emergency": "also",
        ])
        #expect(made["hostname"] == "sip.carrier.example:5080" && made["codecs"] == "PCMU,PCMA")
        #expect(made["tech_headers"] == ["X-Account": "4711"] && made["metadata"] == [:])
        #expect(made["health_status"] == "unknown" && made["health_checked_at"] == .null)
        #expect(made["trust_basis"] == "private_network" && made["username"] == "gw")
        #expect(!made.serialized.contains("secret"))
        let trunk = try #require(try trunks.first)
        #expect(trunk.id.description == made["id"].text && trunk.host == "sip.carrier.example" && trunk.port == 5080)
        #expect(trunk.transport == .tcp && !trunk.findsTransport && trunk.password?.revealed == "secret")
        #expect(trunk.identity.headers.map(\.name) == ["X-Account"] && trunk.techPostfix == "#9")
        #expect(trunk.trust.isTrusted && trunk.emergency == .also && trunk.priority == 3 && trunk.weight == 10)
        #expect(world.api.commands.reloads.withLock { $0 } == 1)
    }

    @Test("the host alone is enough; a name without a port is located by DNS (RFC 3263)")
    func hostAlone() async throws {
        let made = try await add(["hostname": "carrier.example"])
        #expect(made["name"] == "carrier.example" && made["hostname"] == "carrier.example")
        #expect(made["transport"] == "dns" && made["enabled"] == true && made["trust_basis"] == "")
        let trunk = try #require(try trunks.first)
        #expect(trunk.port == 0 && trunk.findsTransport)
        let path = "/v1.0/providers/\(made["id"].text ?? "")"
        #expect(try await ask(.put, path, ["hostname": "carrier.example:5060"])["transport"] == "udp")
        let error = await failure { try await ask(.put, path, ["transport": "dns"]) }
        #expect(error?.details == [["field": "transport"]])
        #expect(try await ask(.put, path, ["hostname": "carrier.example", "transport": "dns"])["transport"] == "dns")
    }

    @Test(
        "§7.9: a hostname is a name or an address, perhaps with a port, and reads back the same",
        arguments: [
            ("192.0.2.1", "192.0.2.1", 5060), ("192.0.2.1:5080", "192.0.2.1", 5080),
            ("2001:db8::1", "2001:db8::1", 5060),
            ("[2001:db8::1]:5080", "2001:db8::1", 5080), ("a-b.example", "a-b.example", 0), ("host:1", "host", 1),
        ]
    )
    func hostnames(text: String, host: String, port: Int) async throws {
        let made = try await add(["hostname": .string(text)])
        #expect(made["hostname"] == .string(text))
        let trunk = try #require(try trunks.first)
        #expect(trunk.host == host && trunk.port == port)
    }

    @Test(
        "what is no hostname is refused",
        arguments: [
            "", ":", ":5060", "host:", "host:0", "host:65536", "host:5060:1", "-a.example", "a..example", "a_b",
            "1.2.3",
            "sip:host", "host;transport=tcp", "host\r\nX: y", "[::1", "::1:g", "a b", "192.0.2.1\u{0}", "[host]:1",
            "h\u{e9}",
            "host:+1",
        ]
    )
    func noHostnames(text: String) async throws {
        #expect(await refusal(["hostname": .string(text)])?.httpStatus == 400)
    }

    @Test(
        "§7.9: codecs that are none are refused as such",
        arguments: ["PCMU,,PCMA", ",", "PCMU,", "PC(MU)", "PCMU\r\nX: y", "PC MU", String(repeating: "A", count: 256)]
    )
    func codecs(text: String) async throws {
        let error = await refusal(["hostname": "carrier.example", "codecs": .string(text)])
        #expect(error?.httpStatus == 400 && error?.reason == "INVALID_CODECS")
    }

    @Test(
        "§7.6: header fields that are the gateway's own are refused in any case, and so is what could end a line",
        arguments: [
            "P-Asserted-Identity", "p-asserted-identity", "PRIVACY", "From", "to", "VIA", "contact", "Call-ID", "cseq",
            "Route", "record-route", "Max-Forwards", "content-type", "Content-Length", "f", "", "X Y", "X\r\nY", "X:Y",
            "X,Y", "Authorization",
        ]
    )
    func headers(name: String) async throws {
        let headers = JSONValue.object(JSONObject([(name, "value")]))
        let error = await refusal(["hostname": "carrier.example", "tech_headers": headers])
        #expect(error?.httpStatus == 400 && error?.details == [["field": "tech_headers"]])
    }

    @Test("RFC 5630: trust that rests on TLS needs the transport to be TLS; its port is 5061 then")
    func secured() async throws {
        let trusted: JSONValue = [
            "hostname": "192.0.2.9", "transport": "tls", "trust_basis": "tls", "trust_note": "verified by name",
        ]
        let made = try await ask(.post, "/v1.0/providers", trusted)
        #expect(made["transport"] == "tls" && made["trust_basis"] == "tls" && made["hostname"] == "192.0.2.9:5061")
        let path = "/v1.0/providers/\(made["id"].text ?? "")"
        let error = await failure { try await ask(.put, path, ["transport": "udp"]) }
        #expect(error?.details == [["field": "trust_basis"]])
    }

    @Test(
        "what is no provider is refused, and nothing is written",
        arguments: [
            [:], ["hostname": nil], ["hostname": 1], ["hostname": "h", "type": "h323"],
            ["hostname": "h", "priority": -1],
            ["hostname": "h", "priority": 65_536], ["hostname": "h", "weight": "1"],
            ["hostname": "h", "transport": "sctp"],
            ["hostname": "h", "transport": 5], ["hostname": "h", "tech_prefix": "1;x"],
            ["hostname": "h", "tech_prefix": "12345678901234567"], ["hostname": "h", "tech_headers": ["X-A": 1]],
            ["hostname": "h", "tech_headers": ["X-A": "a\nb"]], ["hostname": "h", "tech_headers": ["X-A": ""]],
            ["hostname": "h", "tech_headers": ["X-A": "1", "x-a": "2"]], ["hostname": "h", "tech_headers": []],
            ["hostname": "h", "trust_basis": "love"], ["hostname": "h", "trust_basis": "private_network"],
            ["hostname": "h", "trust_basis": "tls", "trust_note": "x"], ["hostname": "h", "trust_note": "x"],
            ["hostname": "h", "username": "gw"], ["hostname": "h", "password": "x"], ["hostname": "h", "name": "a\nb"],
            ["hostname": "h", "username": "", "password": "x"], ["hostname": "h", "customer_id": "x"],
            ["hostname": "h", "emergency": "yes"], ["hostname": "h", "enabled": 1],
        ] as [JSONValue]
    )
    func refuses(body: JSONValue) async throws {
        #expect(await refusal(body)?.httpStatus == 400)
        #expect(try trunks.isEmpty)
        #expect(world.api.commands.reloads.withLock { $0 } == 0)
    }

    @Test("a PUT changes what it names, and keeps what the API does not show")
    func updates() async throws {
        var trunk = Trunk(
            id: .zero,
            name: "east",
            host: "192.0.2.1",
            passesUserAgent: true,
            redirectHosts: ["gw.example"]
        )
        trunk.identity.remotePartyID = .always
        let plan = ProvisioningPlan(trunks: [ProvisionedTrunk(trunk: trunk)])
        _ = try world.api.services.store.apply(plan, at: world.api.time.now)
        let stored = try #require(try trunks.first)
        let path = "/v1.0/providers/\(stored.id)"
        let changed = try await ask(
            .put,
            path,
            ["tech_headers": ["X-A": "1"], "enabled": nil, "name": "", "detail": "d"]
        )
        #expect(changed["name"] == "east" && changed["detail"] == "d" && changed["hostname"] == "192.0.2.1")
        #expect(changed["tm_update"] != .null)
        var expected = stored
        expected.identity.headers = [try FixedHeader(name: "X-A", value: "1")]
        #expect(try trunks == [expected])
        _ = try await ask(.put, path, ["username": "gw", "password": "x"])
        #expect(try trunks.first?.password != nil)
        #expect(try await ask(.put, path, ["username": ""])["username"] == "")
        #expect(try trunks.first?.password == nil)
    }

    @Test("trust needs a reason, and an empty basis takes it away")
    func trust() async throws {
        let made = try await add(["hostname": "h", "trust_basis": "private_network", "trust_note": "MPLS"])
        let path = "/v1.0/providers/\(made["id"].text ?? "")"
        #expect(try await ask(.put, path, ["trust_note": "VPN"])["trust_note"] == "VPN")
        #expect(await failure { try await ask(.put, path, ["trust_note": ""]) }?.httpStatus == 400)
        let untrusted = try await ask(.put, path, ["trust_basis": ""])
        #expect(untrusted["trust_basis"] == "" && untrusted["trust_note"] == "")
        #expect(try trunks.first?.trust == .untrusted)
    }

    @Test("names are unique, and reservations are for customers that are there")
    func conflicts() async throws {
        _ = try await add(["hostname": "a.example"])
        #expect(await refusal(["hostname": "a.example"])?.reason == "PROVIDER_EXISTS")
        let other = try await add(["hostname": "a.example", "name": "other"])
        let path = "/v1.0/providers/\(other["id"].text ?? "")"
        #expect(await failure { try await ask(.put, path, ["name": "a.example"]) }?.httpStatus == 409)
        let nobody: JSONValue = ["hostname": "b", "customer_id": "11111111-1111-4111-8111-111111111111"]
        #expect(await refusal(nobody)?.reason == "CUSTOMER_NOT_FOUND")
        let customer = JSONValue.string(world.own.customer?.description ?? "")
        #expect(try await ask(.put, path, ["customer_id": customer])["customer_id"] == customer)
        let zeros: JSONValue = "00000000-0000-0000-0000-000000000000"
        #expect(try await ask(.put, path, ["customer_id": zeros])["customer_id"] == zeros)
    }

    @Test("a provider is removed once no route leads to it")
    func deletes() async throws {
        let made = try await add(["hostname": "a.example"])
        let path = "/v1.0/providers/\(made["id"].text ?? "")"
        let route = try await world.ask(
            as: world.operatorIdentity,
            .post,
            "/v1.0/routes",
            ["provider_id": made["id"], "target": "all"]
        )
        #expect(await failure { try await ask(.delete, path) }?.reason == "STATE_INVALID")
        _ = try await world.ask(as: world.operatorIdentity, .delete, "/v1.0/routes/\(route["id"].text ?? "")")
        #expect(try await ask(.delete, path)["tm_delete"] != .null)
        #expect(await failure { try await ask(.get, path) }?.reason == "PROVIDER_NOT_FOUND")
        #expect(try await ask(.get, "/v1.0/providers") == ["result": [], "next_page_token": ""])
    }

    @Test("§1.2: providers and routes are for who runs the deployment")
    func access() {
        let operations = ControlAPI.operations.filter { $0.tag == "providers" || $0.tag == "routes" }
        #expect(operations.count == 10 && operations.allSatisfy { $0.access == .superAdmin })
    }
}
