// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Agents")
struct AgentTests {
    private let path = "/v1.0/agents"

    @Test("an operator gives a customer an administrator, who logs in")
    func creation() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let customer = try #require(try await api.ask(by: admin, .post, "/v1.0/customers", body: ["name": "a"])["id"])
        let body: JSONValue = [
            "username": "alice", "password": "long enough", "permission": 32, "customer_id": customer, "name": "Alice",
        ]
        let made = try await api.ask(by: admin, .post, path, body: body)
        #expect(made.status == 200)
        #expect(made["customer_id"] == customer)
        #expect(try await api.ask(by: admin, .post, path, body: body).status == 409)
        let login = try await api.ask(.post, "/auth/login", body: ["username": "alice", "password": "long enough"])
        let token = try #require(login["token"]?.text)
        let own = try await api.ask(.get, "/v1.0/outbound_config?token=\(token)")
        #expect(own["customer_id"] == customer)
        #expect(try await api.ask(.get, "\(path)?token=\(token)").status == 403)
        #expect(try await api.ask(by: admin, .get, path)["result"]?.elements?.count == 2)
        let filtered = try await api.ask(by: admin, .get, "\(path)?customer_id=\(try #require(customer.text))")
        #expect(filtered["result"]?.elements?.count == 1)
    }

    @Test(
        "what is wrong is 400",
        arguments: [
            #"{"username":"a","password":"long enough","permission":32}"#,
            #"{"username":"a","password":"short","permission":1}"#, #"{"username":"a","permission":1}"#,
            #"{"username":"a b","password":"long enough","permission":1}"#,
            #"{"username":"","password":"long enough","permission":1}"#,
            #"{"username":"a","password":"long enough","permission":2}"#,
            #"{"username":"a","password":"long enough","permission":0}"#,
            #"{"username":"a","password":"long enough"}"#,
            #"{"username":"a","password":"long enough","permission":32,"customer_id":"x"}"#,
        ]
    )
    func invalid(body: String) async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        #expect(try await api.ask(.post, path, headers: admin.headers, text: body).status == 400)
    }

    @Test("the last super admin can neither be deleted nor lose its rights")
    func last() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let own = "\(path)/\(admin.agent)"
        #expect(try await api.ask(by: admin, .delete, own).status == 409)
        #expect(try await api.ask(by: admin, .put, own, body: ["permission": 32]).status == 409)
        _ = try await api.caller(.projectSuperAdmin, username: "another")
        #expect(try await api.ask(by: admin, .delete, own).status == 200)
    }

    @Test("a deleted agent's user name may be had again")
    func nameAgain() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let body: JSONValue = ["username": "ops", "password": "long enough", "permission": 1]
        let id = try #require(try await api.ask(by: admin, .post, path, body: body)["id"]?.text)
        #expect(try await api.ask(by: admin, .delete, "\(path)/\(id)").status == 200)
        #expect(try await api.ask(by: admin, .get, "\(path)/\(id)").status == 404)
        #expect(try await api.ask(by: admin, .post, path, body: body).status == 200)
    }
}
