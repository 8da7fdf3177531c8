// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import HTTPTypes
import Synchronization
import Testing

@testable import ControlAPI

@Suite("Extensions")
struct ExtensionsTests {
    private let world: ResourceWorld

    init() throws {
        world = try ResourceWorld()
    }

    private func add(as identity: APIIdentity? = nil, _ body: JSONValue) async throws -> JSONValue {
        let made = try await world.ask(as: identity, .post, "/v1.0/extensions", body)
        #expect(mismatches(made, component: "Extension") == [])
        return made
    }

    private func refusal(_ body: JSONValue) async -> APIError? {
        await failure { try await world.ask(.post, "/v1.0/extensions", body) }
    }

    @Test("§7.7: an extension becomes an endpoint that others dial, and its password is kept as hashes only")
    func creates() async throws {
        let made = try await add(["extension": "1001", "username": "desk", "password": "secret", "name": "Desk"])
        #expect(made["extension"] == "1001" && made["extensions"] == ["1001"] && made["username"] == "desk")
        #expect(made["domain_name"] == "tollgate" && made["require_registration"] == true && made["enabled"] == true)
        #expect(made["password"] == .null && !made.serialized.contains("secret"))
        #expect(world.api.commands.reloads.withLock { $0 } == 1)
        let store = world.api.services.store
        let snapshot = try store.loadSnapshot(rules: DeploymentRules())
        let endpoint = try #require(snapshot.endpointsByUsername["desk"])
        #expect(endpoint.id.description == made["id"].text && endpoint.extensions == ["1001"])
        let stored = try store.loadCredentials()["desk"] ?? []
        #expect(Set(stored.map(\.algorithm)) == ["SHA-256", "MD5"])
        for algorithm in [DigestAlgorithm.sha256, .md5] {
            let hash = try HA1.compute(username: "desk", realm: "tollgate", password: "secret", algorithm: algorithm)
            #expect(stored.first { $0.algorithm == algorithm.token }?.ha1 == hash.hexadecimal)
        }
    }

    @Test("the extension alone is the user name, too")
    func extensionAlone() async throws {
        let made = try await add(["extension": "1001", "password": "secret"])
        #expect(made["username"] == "1001" && made["extension"] == "1001" && made["extensions"] == [])
        let id = made["id"].text ?? ""
        #expect(try await world.ask(.get, "/v1.0/extensions/\(id)") == made)
    }

    @Test("a PUT changes what it names; a new extension takes the place of the old one")
    func updates() async throws {
        let made = try await add([
            "extension": "1001", "username": "desk", "password": "secret", "display_name": "Desk",
        ])
        let path = "/v1.0/extensions/\(made["id"].text ?? "")"
        let moved = try await world.ask(.put, path, ["extension": "1002", "display_name": "", "detail": nil])
        #expect(moved["extension"] == "1002" && moved["extensions"] == ["1002"] && moved["display_name"] == "")
        #expect(moved["tm_update"] != .null && moved["tm_create"] == made["tm_create"])
        let more = try await world.ask(.put, path, ["extensions": ["9", "8"]])
        #expect(more["extensions"] == ["8", "9"] && more["extension"] == "8")
        let both = try await world.ask(.put, path, ["extensions": ["8"], "extension": "9", "enabled": false])
        #expect(both["extensions"] == ["8", "9"] && both["extension"] == "9" && both["enabled"] == false)
        #expect(mismatches(both, component: "Extension") == [])
        #expect(try world.api.services.store.loadCredentials()["desk"]?.count == 2)
    }

    @Test("RFC 7616 §3.4.2: hashes hold for one user name, so a new one needs the password again")
    func renames() async throws {
        let made = try await add(["username": "desk", "password": "secret"])
        let path = "/v1.0/extensions/\(made["id"].text ?? "")"
        let refused = await failure { try await world.ask(.put, path, ["username": "lobby"]) }
        #expect(refused?.httpStatus == 400 && refused?.details == [["field": "password"]])
        #expect(try await world.ask(.get, path)["username"] == "desk")
        let renamed = try await world.ask(.put, path, ["username": "lobby", "password": "other"])
        #expect(renamed["username"] == "lobby" && renamed["extension"] == "lobby")
        let hash = try HA1.compute(username: "lobby", realm: "tollgate", password: "other", algorithm: .md5)
        let stored = try world.api.services.store.loadCredentials()
        #expect(stored["desk"] == nil && stored["lobby"]?.contains { $0.ha1 == hash.hexadecimal } == true)
    }

    @Test("a user name stands once in the deployment, a dialled name once with its customer")
    func unique() async throws {
        _ = try await add(["username": "desk", "extension": "1001", "password": "x"])
        let taken = await failure {
            try await world.ask(as: world.other, .post, "/v1.0/extensions", ["username": "desk", "password": "x"])
        }
        #expect(taken?.httpStatus == 409 && taken?.reason == "USERNAME_EXISTS")
        for body in [
            ["username": "b", "extension": "1001", "password": "x"], ["username": "1001", "password": "x"],
            ["username": "b", "extensions": ["7", "desk"], "password": "x"],
        ] as [JSONValue] {
            #expect(await refusal(body)?.reason == "EXTENSION_EXISTS")
        }
        _ = try await add(as: world.other, ["username": "b", "extension": "1001", "password": "x"])
    }

    @Test("numbers must be the customer's own, and the empty text takes them away")
    func numbers() async throws {
        _ = try await world.ask(.post, "/v1.0/numbers", ["number": "+15551234567"])
        _ = try await world.ask(as: world.other, .post, "/v1.0/numbers", ["number": "+15551234568"])
        for key in ["number", "emergency_caller_id"] {
            func body(_ number: String) -> JSONValue {
                .object(JSONObject([("username", .string(key)), ("password", "x"), (key, .string(number))]))
            }
            #expect(await refusal(body("+15551234568"))?.details == [["field": .string(key)]])
            #expect(await refusal(body("15551234567"))?.httpStatus == 400)
            let made = try await add(body("+15551234567"))
            #expect(made[key] == "+15551234567")
            let path = "/v1.0/extensions/\(made["id"].text ?? "")"
            #expect(try await world.ask(.put, path, .object(JSONObject([(key, "")])))[key] == "")
        }
    }

    @Test("addresses stand for the password only where no registration is needed")
    func addresses() async throws {
        let blocks: JSONValue = ["192.0.2.0/24", "[2001:DB8::1]", "2001:db8:1::/48", "192.0.2.0/24"]
        let made = try await add(["username": "pbx", "require_registration": false, "source_addresses": blocks])
        #expect(made["source_addresses"] == ["192.0.2.0/24", "2001:db8::1", "2001:db8:1::/48"])
        let path = "/v1.0/extensions/\(made["id"].text ?? "")"
        #expect(await failure { try await world.ask(.put, path, ["require_registration": true]) }?.httpStatus == 400)
        #expect(await failure { try await world.ask(.put, path, ["source_addresses": []]) }?.httpStatus == 400)
        #expect(try await world.ask(.put, path, ["name": "PBX"])["name"] == "PBX")
        #expect(await refusal(["username": "a", "password": "x", "source_addresses": blocks])?.httpStatus == 400)
        for wrong in ["0.0.0.0/0", "192.0.2.1/24", "192.0.2.0/33", "host", "192.0.2.1\u{0}", "::/0", "/24", ""] {
            let body: JSONValue = [
                "username": "a", "require_registration": false, "source_addresses": [.string(wrong)],
            ]
            #expect(await refusal(body)?.httpStatus == 400, "\(wrong)")
        }
    }

    @Test(
        "what is no extension is refused, and nothing is written",
        arguments: [
            [:], ["username": "desk"], ["username": "a b", "password": "x"], ["username": "", "password": "x"],
            ["username": "a@b", "password": "x"], ["username": "a", "password": "x\ny"], ["username": 1],
            ["username": "é", "password": "x"], ["extension": "10:1", "password": "x"],
            ["username": "a", "password": "x", "extensions": "10"],
            ["username": "a", "password": "x", "extensions": [1]],
            ["username": "a", "password": "x", "display_name": "a\tb"],
            ["username": "a", "password": "x", "enabled": "yes"], ["username": "a", "password": ["x"]],
        ] as [JSONValue]
    )
    func refuses(body: JSONValue) async throws {
        #expect(await refusal(body)?.httpStatus == 400)
        #expect(try await world.ask(.get, "/v1.0/extensions")["result"] == [])
        #expect(world.api.commands.reloads.withLock { $0 } == 0)
    }

    @Test("another customer's extension does not exist, an operator reaches all")
    func foreign() async throws {
        let made = try await add(["username": "desk", "password": "x"])
        let path = "/v1.0/extensions/\(made["id"].text ?? "")"
        for method in [HTTPRequest.Method.get, .put, .delete] {
            let error = await failure { try await world.ask(as: world.other, method, path, ["name": "mine"]) }
            #expect(error?.httpStatus == 404 && error?.reason == "EXTENSION_NOT_FOUND")
        }
        #expect(try await world.ask(as: world.other, .get, "/v1.0/extensions")["result"] == [])
        #expect(try await world.ask(as: world.operatorIdentity, .put, path, ["name": "ours"])["name"] == "ours")
        let customer: JSONValue = .string(world.other.customer?.description ?? "")
        let given = try await add(
            as: world.operatorIdentity,
            ["username": "given", "password": "x", "customer_id": customer]
        )
        #expect(given["customer_id"] == customer)
        let list = try await world.ask(as: world.operatorIdentity, .get, "/v1.0/extensions")
        #expect(list["result"].elements?.map { $0["username"] } == ["given", "desk"])
    }

    @Test("§1.8: a deleted extension is answered with its time, is gone, and leaves its names free")
    func deletes() async throws {
        let made = try await add(["username": "desk", "extension": "1001", "password": "x"])
        let path = "/v1.0/extensions/\(made["id"].text ?? "")"
        let gone = try await world.ask(.delete, path)
        #expect(gone["tm_delete"] != .null && mismatches(gone, component: "Extension") == [])
        #expect(await failure { try await world.ask(.delete, path) }?.reason == "EXTENSION_NOT_FOUND")
        #expect(try world.api.services.store.loadCredentials().isEmpty)
        _ = try await add(["username": "desk", "extension": "1001", "password": "x"])
    }

    @Test("§1.3: pages follow each other, newest first")
    func pages() async throws {
        for index in 0..<5 { _ = try await add(["username": .string("u\(index)"), "password": "x"]) }
        var seen: [JSONValue] = []
        var token = ""
        repeat {
            let query = "page_size=2" + (token.isEmpty ? "" : "&page_token=\(token)")
            let page = try await world.ask(.get, "/v1.0/extensions?\(query)")
            seen += page["result"].elements?.map { $0["username"] } ?? []
            token = page["next_page_token"].text ?? ""
        } while !token.isEmpty && seen.count < 10
        #expect(seen == ["u4", "u3", "u2", "u1", "u0"])
    }
}
