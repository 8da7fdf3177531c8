// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation
import GRDB
import HTTPTypes
import Synchronization
import Testing

@testable import ControlAPI

@Suite("§6.2 Customers")
struct CustomerTests {
    @Test("a customer changes itself, partially; what the operator sets is not its to set")
    func own() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let body: JSONValue = [
            "detail": "d", "email": "a@b.example", "phone_number": "+1555", "address": "here", "webhook_method": "PUT",
            "webhook_uri": "https://example.com/hook?a=1", "webhook_secret": "very secret", "status": "frozen",
            "identity_verification_status": "verified", "may_call_sip_uris": true,
        ]
        let answer = try await api.ask(by: caller, .put, "/v1.0/customer", body: body)
        #expect(answer.status == 200)
        #expect(answer["email"] == "a@b.example")
        #expect(answer["webhook_uri"] == "https://example.com/hook?a=1")
        #expect(answer["status"] == "active")
        #expect(answer["identity_verification_status"] == "none")
        #expect(answer["may_call_sip_uris"] == false)
        #expect(!answer.text.contains("very secret"))
        let less = try await api.ask(by: caller, .put, "/v1.0/customer", body: ["email": "", "detail": nil])
        #expect(less["email"] == "")
        #expect(less["detail"] == "d")
        let stored = try await api.services.store.read { try StoredCustomer.find($0, try #require(caller.customer)) }
        #expect(stored?.webhookSecret.revealed == "very secret")
    }

    @Test(
        "a webhook URI is http or https, with a host and nothing that could be injected",
        arguments: [
            "ftp://example.com", "javascript:alert(1)", "/relative", "https://", "https://user:secret@example.com/",
            "https://example.com/\r\nX: y", "https://exa mple.com", "http://example.com:99999/", "file:///etc/passwd",
        ]
    )
    func webhook(uri: String) async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let answer = try await api.ask(by: caller, .put, "/v1.0/customer", body: ["webhook_uri": .string(uri)])
        #expect(answer.status == 400)
    }

    @Test("a manager sees the customer, and does not change it; an operator of none has none")
    func rights() async throws {
        let api = try APIHarness()
        let manager = try await api.caller(.customerManager)
        #expect(try await api.ask(by: manager, .get, "/v1.0/customer").status == 200)
        #expect(try await api.ask(by: manager, .put, "/v1.0/customer", body: [:]).status == 403)
        #expect(try await api.ask(by: manager, .get, "/v1.0/customers").status == 403)
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        #expect(try await api.ask(by: admin, .get, "/v1.0/customer").status == 403)
    }

    @Test("a new customer has an empty outbound configuration; its name is its own")
    func creation() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let body: JSONValue = ["name": "acme", "identity_verification_status": "verified"]
        let made = try await api.ask(by: admin, .post, "/v1.0/customers", body: body)
        #expect(made.status == 200)
        #expect(made["status"] == "active")
        let id = try #require(made["id"]?.text)
        let rules = try await api.ask(by: admin, .get, "/v1.0/outbound_configs?customer_id=\(id)")
        #expect(rules["result"]?.elements?.count == 1)
        let again = try await api.ask(by: admin, .post, "/v1.0/customers", body: body)
        #expect(again.status == 409)
        #expect(try await api.ask(by: admin, .get, "/v1.0/customers")["result"]?.elements?.count == 1)
        for wrong: JSONValue in [[:], ["name": ""], ["name": 5], ["name": "x", "status": "deleted"], ["name": "a\nb"]] {
            #expect(try await api.ask(by: admin, .post, "/v1.0/customers", body: wrong).status == 400)
        }
        #expect(api.commands.reloads.withLock { $0 } == 1)
    }

    @Test("freezing and recovering change the status, each once")
    func freezing() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let id = try #require(try await api.ask(by: admin, .post, "/v1.0/customers", body: ["name": "a"])["id"]?.text)
        let frozen = try await api.ask(by: admin, .post, "/v1.0/customers/\(id)/freeze")
        #expect(frozen["status"] == "frozen")
        #expect(frozen["tm_deletion_scheduled"]?.text != nil)
        #expect(try await api.ask(by: admin, .post, "/v1.0/customers/\(id)/freeze").status == 409)
        let recovered = try await api.ask(by: admin, .post, "/v1.0/customers/\(id)/recover")
        #expect(recovered["status"] == "active")
        #expect(recovered["tm_deletion_scheduled"] == .null)
        #expect(try await api.ask(by: admin, .post, "/v1.0/customers/\(id)/recover").status == 409)
        let noted = try await api.ask(by: admin, .put, "/v1.0/customers/\(id)/metadata", body: ["rtp_debug": true])
        #expect(noted["metadata"] == ["rtp_debug": true])
    }

    @Test("a deleted customer calls no more, asks no more, is not found, and leaves its name")
    func deletion() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let caller = try await api.caller()
        let customer = try #require(caller.customer)
        let key = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 86_400])
        let token = try #require(key["token"]?.text)
        let endpoint = api.services.newIdentifier()
        try await api.services.store.write { database in
            try database.execute(
                sql: """
                    INSERT INTO endpoints (id, customer, username, requires_registration, is_enabled)
                    VALUES (?, ?, 'phone', 1, 1)
                    """,
                arguments: [endpoint.octets, customer.octets]
            )
        }
        let name = try #require(try await api.ask(by: admin, .get, "/v1.0/customers/\(customer)")["name"])
        let deleted = try await api.ask(by: admin, .delete, "/v1.0/customers/\(customer)")
        #expect(deleted.status == 200)
        #expect(deleted["status"] == "deleted")
        #expect(deleted["tm_delete"]?.text != nil)
        #expect(try await api.ask(by: caller, .get, "/v1.0/me").status == 401)
        #expect(try await api.ask(.get, "/v1.0/me?accesskey=\(token)").status == 401)
        for (method, path) in [(HTTPRequest.Method.get, ""), (.delete, ""), (.post, "/freeze"), (.post, "/recover")] {
            let answer = try await api.ask(by: admin, method, "/v1.0/customers/\(customer)\(path)")
            #expect(answer.status == 404)
            #expect(answer["error"] == "CUSTOMER_NOT_FOUND")
        }
        #expect(try await api.ask(by: admin, .get, "/v1.0/customers")["result"] == [])
        let policy = try api.services.store.loadSnapshot(rules: DeploymentRules())
        #expect(policy.customers[customer]?.status == .deleted)
        #expect(policy.customers[customer]?.outbound == nil)
        #expect(policy.endpoints.values.allSatisfy { !$0.isEnabled })
        #expect(try await api.ask(by: admin, .post, "/v1.0/customers", body: ["name": name]).status == 200)
    }
}
