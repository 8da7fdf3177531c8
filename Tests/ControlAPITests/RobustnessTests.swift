// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MonotonicTime
import Testing

@testable import ControlAPI

@Suite("§1.1, §1.4 Requests of any form")
struct RobustnessTests {
    private static let bodies = [
        "", "null", "[]", "5", "\"text\"", "{", #"{"name":"#, "{\"name\":\"\u{0}\"}", #"{"name":"\u0000"}"#,
        #"{"name":1e999}"#, #"{"name":123456789012345678901234567890}"#, #"{"name":"\ud800"}"#, #"{"name":[[[[]]]]}"#,
        #"{"expire":9223372036854775807,"permission":-9223372036854775808,"limits":{"calls_per_second":{"hard":1e18}}}"#,
        #"{"destination_whitelist":{},"dial_plan":"","codecs":[],"customer_id":{},"status":[],"webhook_uri":1}"#,
        String(repeating: "[", count: 10_000), String(repeating: #"{"a":"#, count: 500),
        #"{"name":"\#(String(repeating: "x", count: 10_000))","username":"\#(String(repeating: "y", count: 5000))"}"#,
    ]

    @Test("no body of any operation is answered with a fault, and every refusal is described")
    func garbage() async throws {
        let api = try APIHarness { settings in
            settings.addressRate = .init(perSecond: 0, burst: 0)
            settings.authenticationRate = .init(perSecond: 0, burst: 0)
            settings.customerRate = .init(perSecond: 0, burst: 0)
        }
        let admin = try await api.caller(.projectSuperAdmin, username: "admin")
        let caller = try await api.caller()
        for operation in Self.ownOperations where operation.body != nil {
            let path = operation.path.replacing("{id}", with: "\(caller.agent)")
            for body in Self.bodies {
                for asking in [admin, caller] {
                    let answer = try await api.ask(operation.method, path, headers: asking.headers, text: body)
                    #expect(answer.status < 500, "\(operation.name) \(body.prefix(60)): \(answer.text)")
                }
            }
        }
    }

    @Test(
        "no path or query is answered with a fault",
        arguments: [
            "/v1.0/customers/%00", "/v1.0/customers/%ff%fe", "/v1.0/customers/..%2f..%2fetc", "/v1.0//customers",
            "/v1.0/customers/", "/v1.0/customers?page_size=99999999999999999999999", "/v1.0/customers?page_token=%00",
            "/v1.0/customers?page_size=-1&page_size=x", "/v1.0/agents?customer_id=%", "/v1.0/agents?customer_id=%zz",
            "/v1.0/customers?page_token=9999-99-99T99:99:99Z", "/v1.0/customers/1;DROP TABLE customers",
            "/v1.0/customers?page_token=2026-05-07T10:00:00Z_'", "/", "//", "/v1.0", "/v1.0/customers/{id}", "/%",
        ]
    )
    func paths(path: String) async throws {
        let api = try APIHarness()
        let admin = try await api.caller(.projectSuperAdmin)
        #expect(try await api.ask(by: admin, .get, path).status < 500)
    }

    private static var ownOperations: [ControlAPIOperation] {
        let tags: Set = [
            "authentication", "agents", "accesskeys", "customer", "customers", "outbound_config", "outbound_configs",
        ]
        return ControlAPI.operations.filter { tags.contains($0.tag) }
    }

    @Test("a body is read whatever its content type says; one that is too long is 413")
    func contentTypeAndLength() async throws {
        let api = try APIHarness { $0.maximumBodyBytes = 1000 }
        let caller = try await api.caller()
        var headers = caller.headers
        headers[.contentType] = "text/plain"
        let answer = try await api.ask(.put, "/v1.0/customer", headers: headers, text: #"{"detail":"d"}"#)
        #expect(answer["detail"] == "d")
        let long = #"{"detail":"\#(String(repeating: "x", count: 1000))"}"#
        let refused = try await api.ask(.put, "/v1.0/customer", headers: caller.headers, text: long)
        #expect(refused.status == 413)
        #expect(refused["error"] == "BODY_TOO_LARGE")
    }

    @Test("a text nested 64 deep is read, a deeper one is not")
    func depth() {
        func nested(_ count: Int) -> [UInt8] {
            Array((String(repeating: "[", count: count) + String(repeating: "]", count: count)).utf8)
        }
        #expect(JSONValue(parsing: nested(64)) != nil)
        #expect(JSONValue(parsing: nested(65)) == nil)
        #expect(JSONValue(parsing: Array(#"{"a":"[[[\"{{{["}"#.utf8)) != nil)
    }

    @Test("a big object is read in a time that grows with its size")
    func manyMembers() throws {
        let members = (0..<50_000).map { #""k\#($0)":0"# }.joined(separator: ",")
        let value = try #require(JSONValue(parsing: Array("{\(members)}".utf8)))
        #expect(value.members?.members.count == 50_000)
    }

    @Test("the request's id is taken over when it is harmless, else a new one is given")
    func requestIdentifier() async throws {
        let api = try APIHarness()
        for (offered, isTaken) in [
            ("abc_DEF-123", true), (String(repeating: "a", count: 64), true),
            (String(repeating: "a", count: 65), false),
            ("a b", false), ("<x>", false), ("é", false),
        ] {
            let answer = try await api.ask(.get, "/v1.0/me", headers: [.xRequestID: offered])
            let id = try #require(answer.headers[.xRequestID])
            #expect((id == offered) == isTaken)
            #expect(answer["request_id"]?.text == id)
            if !isTaken { #expect(id.hasPrefix("req_") && id.utf8.count == 30) }
        }
    }

    @Test("§1.1: any origin may ask, without credentials; a HEAD is a GET without its body")
    func crossOrigin() async throws {
        let api = try APIHarness()
        let preflight = try await api.ask(.options, "/v1.0/me", headers: [.origin: "https://app.example"])
        #expect(preflight.status == 204)
        #expect(preflight.headers[.accessControlAllowOrigin] == "*")
        #expect(preflight.headers[.accessControlMaxAge] == "43200")
        #expect(preflight.headers[.accessControlAllowCredentials] == nil)
        #expect(preflight.headers[.accessControlAllowMethods] == "POST, GET, PUT, DELETE, PATCH, HEAD, OPTIONS")
        let refused = try await api.ask(.get, "/v1.0/me", headers: [.origin: "https://app.example"])
        #expect(refused.status == 401)
        #expect(refused.headers[.accessControlAllowOrigin] == "*")
        let head = try await api.ask(.head, "/ping")
        #expect(head.status == 200)
        #expect(head.text.isEmpty)
    }
}
