// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import GRDB
import HTTPTypes
import MonotonicTime
import Testing

@testable import ControlAPI

@Suite("§1.2 Authentication")
struct AuthenticationTests {
    @Test("a login answers user name and token, the token as a cookie, too; the token is taken")
    func login() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let creation = try await api.ask(
            by: admin,
            .post,
            "/v1.0/agents",
            body: ["username": "ops", "password": "long enough", "permission": 1]
        )
        #expect(creation.status == 200)
        let answer = try await api.ask(.post, "/auth/login", body: ["username": "ops", "password": "long enough"])
        #expect(answer.status == 200)
        #expect(answer["username"] == "ops")
        let token = try #require(answer["token"]?.text)
        let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800"
        #expect(answer.headers[.setCookie] == "token=\(token); \(attributes)")
        let me = try await api.ask(.get, "/v1.0/me", headers: [.cookie: "token=\(token)"])
        #expect(me.status == 200)
        #expect(me["username"] == "ops")
        #expect(me["permission"] == 1)
        #expect(me["customer_id"] == "00000000-0000-0000-0000-000000000000")
    }

    @Test(
        "a login that fails is a bare 400, whatever was wrong",
        arguments: [
            #"{"username":"ops"}"#, #"{"username":"ops","password":"wrong one"}"#, "not JSON", "", "[]",
            #"{"username":"nobody","password":"long enough"}"#, #"{"username":5,"password":"long enough"}"#,
            #"{"username":"a\u0000b","password":"long enough"}"#,
        ]
    )
    func failedLogin(body: String) async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let creation: JSONValue = ["username": "ops", "password": "long enough", "permission": 1]
        #expect(try await api.ask(by: admin, .post, "/v1.0/agents", body: creation).status == 200)
        let answer = try await api.ask(.post, "/auth/login", text: body)
        #expect(answer.status == 400)
        #expect(answer.text.isEmpty)
        #expect(answer.headers[.setCookie] == nil)
    }

    @Test("nothing given is AUTHENTICATION_REQUIRED, something wrong INVALID_CREDENTIALS")
    func refused() async throws {
        let api = try APIHarness()
        let nothing = try await api.ask(.get, "/v1.0/me")
        #expect(nothing.status == 401)
        #expect(nothing["error"] == "AUTHENTICATION_REQUIRED")
        for headers: HTTPFields in [[.authorization: "Bearer x"], [.cookie: "accesskey=vb_x"], [.cookie: "token=x"]] {
            let answer = try await api.ask(.get, "/v1.0/me", headers: headers)
            #expect(answer.status == 401)
            #expect(answer["error"] == "INVALID_CREDENTIALS")
        }
    }

    @Test("the first of cookie, query and Authorization counts; a key only when there is no token at all")
    func order() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let made = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 86_400])
        let key = try #require(made["token"]?.text)
        let good = caller.token
        let cases: [(cookie: String, query: String, bearer: String, status: Int)] = [
            ("token=\(good)", "token=bad", "bad", 200), ("token=bad", "token=\(good)", good, 401),
            ("", "token=\(good)", "bad", 200), ("", "token=bad", good, 401), ("", "", good, 200),
            ("token=", "token=", good, 200), ("", "accesskey=\(key)", "", 200), ("accesskey=\(key)", "", "", 200),
            ("accesskey=bad", "accesskey=\(key)", "", 401), ("", "accesskey=\(key)", "bad", 401),
            ("", "token=bad&accesskey=\(key)", "", 401), ("", "", key, 401), ("", "token=\(key)", "", 401),
        ]
        for (cookie, query, bearer, status) in cases {
            var headers = HTTPFields()
            if !cookie.isEmpty { headers[.cookie] = cookie }
            if !bearer.isEmpty { headers[.authorization] = "Bearer \(bearer)" }
            let answer = try await api.ask(.get, "/v1.0/me" + (query.isEmpty ? "" : "?\(query)"), headers: headers)
            #expect(answer.status == status, "\(cookie) \(query) \(bearer)")
        }
    }

    @Test("a token ends with its time, with its agent, with the password it was given for, and with its key")
    func ends() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let callers = [
            try await api.caller(username: "a"), try await api.caller(username: "b"),
            try await api.caller(username: "c"),
        ]
        #expect(try await api.ask(by: admin, .delete, "/v1.0/agents/\(callers[0].agent)").status == 200)
        let password: JSONValue = ["password": "another one"]
        #expect(try await api.ask(by: admin, .put, "/v1.0/agents/\(callers[1].agent)", body: password).status == 200)
        #expect(try await api.ask(by: callers[0], .get, "/v1.0/me").status == 401)
        #expect(try await api.ask(by: callers[1], .get, "/v1.0/me").status == 401)
        #expect(try await api.ask(by: callers[2], .get, "/v1.0/me").status == 200)
        api.time.advance(.seconds(7 * 86_400))
        #expect(try await api.ask(by: callers[2], .get, "/v1.0/me").status == 401)
        let late = try await api.caller(username: "d")
        #expect(try await api.ask(by: late, .get, "/v1.0/me").status == 200)
        try await api.services.store.write { try $0.execute(sql: "DELETE FROM api_secrets") }
        #expect(try await api.ask(by: late, .get, "/v1.0/me").status == 401)
    }

    @Test("rights that are taken away are gone at the next request")
    func rights() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let caller = try await api.caller()
        #expect(try await api.ask(by: caller, .get, "/v1.0/outbound_config").status == 200)
        let fewer: JSONValue = ["permission": 64]
        #expect(try await api.ask(by: admin, .put, "/v1.0/agents/\(caller.agent)", body: fewer).status == 200)
        #expect(try await api.ask(by: caller, .get, "/v1.0/outbound_config").status == 403)
        #expect(try await api.ask(by: caller, .get, "/v1.0/customer").status == 200)
    }

    @Test("RFC 8725 §2.1: a token without signature, or signed by another key, is refused")
    func forged() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let parts = caller.token.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let other = try APIHarness()
        let foreign = try await other.caller()
        // {"alg":"none","typ":"JWT"}
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
        for token in [
            "\(unsigned).\(parts[1]).", "\(parts[0]).\(parts[1]).", "\(unsigned).\(parts[1]).\(parts[2])",
            foreign.token, "\(parts[0]).\(parts[1]).AAAA",
        ] {
            let answer = try await api.ask(.get, "/v1.0/me", headers: [.authorization: "Bearer \(token)"])
            #expect(answer.status == 401)
        }
    }

    @Test("a frozen customer's requests are 403 ACCOUNT_FROZEN, a super admin's of it are not")
    func frozen() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let caller = try await api.caller()
        let customer = try #require(caller.customer)
        let operatorInside = try await api.caller(.projectSuperAdmin, username: "inside", of: customer)
        #expect(try await api.ask(by: admin, .post, "/v1.0/customers/\(customer)/freeze").status == 200)
        let answer = try await api.ask(by: caller, .get, "/v1.0/me")
        #expect(answer.status == 403)
        #expect(answer["error"] == "ACCOUNT_FROZEN")
        let details = try #require(answer["details"]?.elements?.first?.members)
        #expect(details["deletion_scheduled_at"]?.text != nil)
        #expect(try await api.ask(by: operatorInside, .get, "/v1.0/me").status == 200)
        #expect(try await api.ask(by: admin, .post, "/v1.0/customers/\(customer)/recover").status == 200)
        #expect(try await api.ask(by: caller, .get, "/v1.0/me").status == 200)
    }

    @Test("passwords and their hashes are in no answer")
    func secrets() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        let body: JSONValue = ["username": "ops", "password": "long enough", "permission": 1]
        let made = try await api.ask(by: admin, .post, "/v1.0/agents", body: body)
        let list = try await api.ask(by: admin, .get, "/v1.0/agents")
        for text in [made.text, list.text] {
            #expect(!text.contains("long enough"))
            #expect(!text.contains("scrypt"))
        }
    }
}
