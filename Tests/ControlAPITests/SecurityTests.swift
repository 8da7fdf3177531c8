// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import Foundation
import GRDB
import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Requests that mean harm")
struct SecurityTests {
    private static func unlimited() throws -> APIHarness {
        try APIHarness { settings in
            let off = ControlAPISettings.Rate(perSecond: 0, burst: 0)
            settings.addressRate = off
            settings.authenticationRate = off
            settings.usernameRate = off
            settings.customerRate = off
        }
    }

    @Test("RFC 8725 §3.10: claims that were changed after signing are refused, whatever they claim")
    func tamperedClaims() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let parts = caller.token.split(separator: ".").map(String.init)
        let claims = try #require(Self.decoded(parts[1]))
        for (was, becomes) in [
            (#""permission":32"#, #""permission":1"#), ("\(caller.agent)", "00000000-0000-7000-8000-000000000001"),
            (#""type":"agent""#, #""type":"direct""#), (#""expire":"2"#, #""expire":"9"#), (#""exp":1"#, #""exp":9"#),
        ] {
            let changed = claims.replacing(was, with: becomes)
            try #require(changed != claims, "the claims have no \(was)")
            let token = "\(parts[0]).\(Self.encoded(changed)).\(parts[2])"
            let answer = try await api.ask(.get, "/v1.0/me", headers: [.authorization: "Bearer \(token)"])
            #expect(answer.status == 401)
            #expect(answer["error"] == "INVALID_CREDENTIALS")
        }
        #expect(try await api.ask(by: caller, .get, "/v1.0/me").status == 200)
    }

    @Test("a deleted customer's access keys and agents are refused from then on")
    func deletedCustomer() async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let caller = try await api.caller()
        let customer = try #require(caller.customer)
        let made = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 86_400])
        let key = try #require(made["token"]?.text)
        #expect(try await api.ask(.get, "/v1.0/me?accesskey=\(key)").status == 200)
        #expect(try await api.ask(by: admin, .delete, "/v1.0/customers/\(customer)").status == 200)
        for path in ["/v1.0/me", "/v1.0/customer", "/v1.0/calls"] {
            #expect(try await api.ask(.get, "\(path)?accesskey=\(key)").status == 401)
            #expect(try await api.ask(by: caller, .get, path).status == 401)
        }
    }

    private static let metacharacters = [
        "'; DROP TABLE customers; --", "\" OR 1=1 --", "x' UNION SELECT password_hash FROM agents --", "%_\\';",
        "') RETURNING *; --",
    ]

    @Test(
        "SQL in any text of any body is only text: no fault, and every table keeps its rows",
        arguments: metacharacters
    )
    func injectedBodies(text: String) async throws {
        let api = try Self.unlimited()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let caller = try await api.caller()
        let before = try await Self.tables(api)
        let operations = ControlAPI.operations.filter { $0.body != nil && $0.method == .put }
        for operation in operations {
            guard case .object(let properties)? = operation.body else { continue }
            let path = operation.path.replacing("{id}", with: "\(caller.agent)")
            for property in properties {
                for asking in [admin, caller] {
                    let answer = try await api.ask(
                        by: asking,
                        operation.method,
                        path,
                        body: .object(JSONObject([(property.key, .string(text))]))
                    )
                    #expect(answer.status < 500, "\(operation.name).\(property.key): \(answer.text)")
                }
            }
        }
        #expect(try await Self.tables(api) == before)
    }

    @Test("SQL in a name is stored and answered as it was sent", arguments: metacharacters)
    func injectedNames(text: String) async throws {
        let api = try Self.unlimited()
        let caller = try await api.caller()
        for path in ["/v1.0/outdials", "/v1.0/flows"] {
            let made = try await api.ask(by: caller, .post, path, body: ["name": .string(text), "actions": []])
            #expect(made.status == 200)
            let id = try #require(made["id"]?.text)
            let read = try await api.ask(by: caller, .get, "\(path)/\(id)")
            #expect(read["name"]?.text == text)
        }
        let login: JSONValue = ["username": .string(text), "password": .string(text)]
        #expect(try await api.ask(.post, "/auth/login", body: login).status == 400)
    }

    @Test("SQL in a query is 400 or finds nothing", arguments: metacharacters)
    func injectedQueries(text: String) async throws {
        let api = try Self.unlimited()
        let caller = try await api.caller()
        let before = try await Self.tables(api)
        let value = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for operation in ControlAPI.operations where operation.method == .get {
            let path = operation.path.replacing("{id}", with: "\(caller.agent)").replacing("{target_id}", with: value)
            let query = operation.query.map { "\($0.name)=\(value)" }.joined(separator: "&")
            let answer = try await api.ask(by: caller, .get, "\(path)?\(query)")
            #expect(answer.status < 500, "\(operation.name): \(answer.text)")
            let isList = operation.query.contains { $0.name == "page_token" } && !operation.path.contains("{")
            if isList {
                #expect(answer.status == 400 || answer.status == 403, "\(operation.name): \(answer.text)")
            }
        }
        #expect(try await Self.tables(api) == before)
    }

    @Test(
        "no spelling of a path leads past the credentials",
        arguments: [
            "/v1.0/../v1.0/me", "/ping/../v1.0/me", "/ping/%2e%2e/v1.0/me", "/auth/login/..%2f..%2fv1.0/me",
            "//v1.0/me", "/v1.0//me", "/./v1.0/me", "/v1.0/me/", "/V1.0/ME", "/v1%2e0/me", "/v1.0%2fme",
            "/openapi.json/../v1.0/me", "/v1.0/me%00", "/v1.0/me;x=1", "/v1.0/me#x", "/v1.0/%6de", "/../../etc/passwd",
            "/v1.0/..%5c..%5cetc%5cpasswd",
        ]
    )
    func paths(path: String) async throws {
        let api = try APIHarness()
        let answer = try await api.ask(.get, path)
        #expect(answer.status == 401 || answer.status == 404, "\(path): \(answer.text)")
    }

    @Test("a path of 8 kB is 404, one with it as an identity 400")
    func longPaths() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let long = String(repeating: "a", count: 8192)
        #expect(try await api.ask(by: caller, .get, "/\(long)").status == 404)
        #expect(try await api.ask(by: caller, .get, "/v1.0/calls/\(long)").status == 400)
        let many = String(repeating: "/..", count: 2700)
        #expect(try await api.ask(by: caller, .get, "/v1.0\(many)").status == 404)
        #expect(try await api.ask(by: caller, .get, "/v1.0/calls?page_token=\(long)").status == 400)
    }

    @Test("RFC 9110 §5.5: no line end of a request gets into a header field of the answer")
    func headerInjection() async throws {
        let api = try Self.unlimited()
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let name = "x\r\nSet-Cookie: token=evil\r\n"
        let creation: JSONValue = ["username": .string(name), "password": "long enough", "permission": 1]
        let made = try await api.ask(by: admin, .post, "/v1.0/agents", body: creation)
        var answers = [made]
        answers.append(
            try await api.ask(.post, "/auth/login", body: ["username": .string(name), "password": "long enough"])
        )
        answers.append(try await api.ask(.get, "/v1.0/me?token=x%0d%0aSet-Cookie:%20a=b"))
        answers.append(try await api.ask(.get, "/v1.0/calls/%0d%0aSet-Cookie:%20a=b", headers: admin.headers))
        for answer in answers {
            for field in answer.headers {
                #expect(!field.value.contains { $0.isNewline }, "\(field.name)")
                #expect(!field.value.contains("evil"))
            }
            #expect(answer.headers[values: .setCookie].count <= 1)
        }
    }

    private static func tables(_ api: APIHarness) async throws -> [String: Int] {
        try await api.services.store.read { database in
            var counts: [String: Int] = [:]
            let names = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            for name in names {
                let sql = "SELECT COUNT(*) FROM \"\(name)\""
                counts[name] = try Int.fetchOne(database, sql: sql) ?? 0
            }
            return counts
        }
    }

    // RFC 7515 §2: base64url without padding.
    private static func decoded(_ part: String) -> String? {
        let plain = part.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func encoded(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
