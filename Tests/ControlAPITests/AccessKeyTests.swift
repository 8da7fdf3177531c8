// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import HTTPTypes
import MonotonicTime
import Testing

@testable import ControlAPI

@Suite("§6.4 Access keys")
struct AccessKeyTests {
    @Test("a new key's token is shown once, is taken, and has the documented form")
    func creation() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let body: JSONValue = ["name": "ci", "detail": "builds", "expire": 86_400]
        let made = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: body)
        #expect(made.status == 200)
        let token = try #require(made["token"]?.text)
        #expect(token.hasPrefix("vb_"))
        #expect(token.count == 35)
        #expect(made["token_prefix"]?.text == String(token.prefix(11)))
        #expect(made["tm_expire"] == Timestamp.json(WallTime(milliseconds: api.time.now.milliseconds + 86_400_000)))
        let id = try #require(made["id"]?.text)
        for path in ["/v1.0/accesskeys", "/v1.0/accesskeys/\(id)"] {
            let answer = try await api.ask(by: caller, .get, path)
            #expect(answer.status == 200)
            #expect(!answer.text.contains(token))
        }
        let me = try await api.ask(.get, "/v1.0/me?accesskey=\(token)")
        #expect(me.status == 200)
        #expect(me["id"]?.text == id)
        #expect(me["permission"] == 32)
        #expect(me["customer_id"]?.text == caller.customer?.description)
    }

    @Test(
        "an expiry that is missing, too short or no number is 400",
        arguments: ["{}", "86399", "-1", "\"1\"", "1e30"]
    )
    func expiry(value: String) async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let text = value == "{}" ? "{}" : #"{"expire":\#(value)}"#
        let answer = try await api.ask(.post, "/v1.0/accesskeys", headers: caller.headers, text: text)
        #expect(answer.status == 400)
    }

    @Test("a key is refused once it has expired, and once it is deleted")
    func end() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let long = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 864_000])
        let short = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 86_400])
        let (longToken, shortToken) = (try #require(long["token"]?.text), try #require(short["token"]?.text))
        api.time.advance(.seconds(86_400))
        #expect(try await api.ask(.get, "/v1.0/me?accesskey=\(shortToken)").status == 401)
        #expect(try await api.ask(.get, "/v1.0/me?accesskey=\(longToken)").status == 200)
        let path = "/v1.0/accesskeys/\(try #require(long["id"]?.text))"
        let deleted = try await api.ask(by: caller, .delete, path)
        #expect(deleted.status == 200)
        #expect(deleted["tm_delete"]?.text != nil)
        #expect(try await api.ask(.get, "/v1.0/me?accesskey=\(longToken)").status == 401)
        let again = try await api.ask(by: caller, .delete, path)
        #expect(again.status == 404)
        #expect(again["error"] == "ACCESSKEY_NOT_FOUND")
    }

    @Test("a change keeps what it does not name")
    func change() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let body: JSONValue = ["name": "ci", "detail": "builds", "expire": 86_400]
        let id = try #require(try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: body)["id"]?.text)
        let path = "/v1.0/accesskeys/\(id)"
        let changed = try await api.ask(by: caller, .put, path, body: ["name": "cd", "detail": nil])
        #expect(changed["name"] == "cd")
        #expect(changed["detail"] == "builds")
        #expect(changed["tm_update"]?.text != nil)
    }

    @Test("another customer's key does not exist; a manager may not look at all")
    func foreign() async throws {
        let api = try APIHarness()
        let caller = try await api.caller(username: "one")
        let other = try await api.caller(username: "other")
        let made = try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 86_400])
        let path = "/v1.0/accesskeys/\(try #require(made["id"]?.text))"
        #expect(try await api.ask(by: other, .get, path).status == 404)
        #expect(try await api.ask(by: other, .delete, path).status == 404)
        #expect(try await api.ask(by: other, .get, "/v1.0/accesskeys")["result"] == [])
        let manager = try await api.caller(.customerManager, username: "manager", of: caller.customer)
        let answer = try await api.ask(by: manager, .get, path)
        #expect(answer.status == 403)
        #expect(answer["error"] == "PERMISSION_DENIED")
    }

    @Test("§1.3: pages follow each other without gap or repetition, though all keys are of one moment")
    func pages() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        for _ in 0..<7 {
            #expect(try await api.ask(by: caller, .post, "/v1.0/accesskeys", body: ["expire": 86_400]).status == 200)
        }
        var seen: [String] = []
        var token = ""
        for _ in 0..<4 {
            let path = "/v1.0/accesskeys?page_size=2&page_token=\(token)"
            let answer = try await api.ask(by: caller, .get, path)
            seen += (answer["result"]?.elements ?? []).compactMap { $0.members?["id"]?.text }
            token = answer["next_page_token"]?.text ?? ""
            if token.isEmpty { break }
        }
        #expect(seen.count == 7)
        #expect(Set(seen).count == 7)
        #expect(seen == seen.sorted(by: >))
        #expect(token.isEmpty)
    }
}
