// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ControlAPI
import Testing

@testable import CommandLineTool

@Suite("Operator commands: what is printed")
struct ResourceTextTests {
    private let route = ResourceObject([
        "id": "11111111-0000-7000-8000-000000000000", "customer_id": "22222222-0000-7000-8000-000000000000",
        "provider_id": "33333333-0000-7000-8000-000000000000", "target": "+44", "priority": 1, "name": "bri\u{1B}tain",
        "tm_create": "2026-11-21T10:00:00.123456Z", "tm_update": nil, "enabled": true, "detail": "",
    ])

    @Test("identities of others are shown as names, what is not known as it is, control characters not at all")
    func table() {
        let names: [ReferencedKind: [String: String]] = [
            .customer: ["22222222-0000-7000-8000-000000000000": "acme"], .trunk: [:],
        ]
        #expect(
            ResourceText.table([route], of: Routes.kind, names: names, width: nil) == """
                TARGET  PRIORITY  TRUNK                                 NAME      CUSTOMER  ID
                +44     1         33333333-0000-7000-8000-000000000000  bri?tain  acme      \
                11111111-0000-7000-8000-000000000000

                """
        )
    }

    @Test("who may not see customers has no column of them")
    func withoutCustomers() {
        let text = ResourceText.table([route], of: Routes.kind, names: [:], width: nil)
        #expect(!text.contains("CUSTOMER"))
    }

    @Test("one thing is shown a value a line, names first, times last, nothing that is empty")
    func whole() {
        let lines = ResourceText.whole(route, of: Routes.kind).split(separator: "\n").map(String.init)
        let keys = lines.dropFirst().compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(keys == ["name", "id", "customer_id", "enabled", "priority", "provider_id", "target", "tm_create"])
        #expect(lines.last == "tm_create    2026-11-21 10:00:00")
    }

    @Test("JSON keeps the API's keys, header field names among them")
    func json() throws {
        let text = try ResourceText.json(["tech_headers": ["X-Account": "4/7"], "id": nil])
        #expect(text == "{\n  \"id\" : null,\n  \"tech_headers\" : {\n    \"X-Account\" : \"4/7\"\n  }\n}\n")
    }

    @Test("a name is looked for under the first key that fits; several of one name are refused")
    func names() throws {
        let rows = [
            ResourceObject(["id": "a", "username": "1001", "extension": "7"]),
            ResourceObject(["id": "b", "username": "bob", "extension": "1001"]),
            ResourceObject(["id": "c", "username": "carol", "extension": "9"]),
            ResourceObject(["id": "d", "username": "dave", "extension": "9"]),
        ]
        #expect(try ResourceLookup.match("1001", among: rows, of: Endpoints.kind) == "a")
        #expect(try ResourceLookup.match("7", among: rows, of: Endpoints.kind) == "a")
        #expect(throws: CommandFailure("2 endpoints are called `9`; give the id of one", status: .unanswerable)) {
            try ResourceLookup.match("9", among: rows, of: Endpoints.kind)
        }
    }

    @Test("a refusal without JSON comes from something else than an API")
    func foreign() throws {
        let address = try #require(APIAddress("http://edge.example"))
        let failure = APIResponse(status: 502, body: Array("<html>".utf8)).failure(of: address)
        #expect(failure.status == .unavailable)
        #expect(failure.message.contains("HTTP status 502"))
    }
}
