// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import GRDB
import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Outdials")
struct OutdialsTests {
    @Test("S2: an outdial is answered in the form of the document")
    func form() async throws {
        let world = try ResourceWorld()
        let outdial = try await world.ask(
            .post,
            "/v1.0/outdials",
            ["name": "test outdial", "detail": "outdial for test use.", "data": "test data"]
        )
        #expect(
            outdial.members?.members.map(\.key) == [
                "id", "customer_id", "campaign_id", "name", "detail", "data", "tm_create", "tm_update", "tm_delete",
            ]
        )
        #expect(outdial["campaign_id"] == "00000000-0000-0000-0000-000000000000")
        #expect(outdial["tm_update"] == "9999-01-01 00:00:00.000000")
        let created = try #require(outdial["tm_create"].text)
        #expect(created.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}/) != nil)
    }

    @Test("S2: a target has five destinations, null where there is none, and counts of tries")
    func target() async throws {
        let world = try ResourceWorld()
        let outdial = try await world.ask(.post, "/v1.0/outdials", [:])
        let target = try await world.ask(
            .post,
            "/v1.0/outdials/\(outdial["id"].text ?? "")/targets",
            ["name": "a", "destination_0": ["type": "tel", "target": "+15559876543"], "destination_1": [:]]
        )
        #expect(target["status"] == "idle")
        #expect(
            target["destination_0"]
                == ["type": "tel", "target": "+15559876543", "target_name": "", "name": "", "detail": ""]
        )
        #expect(target["destination_1"] == .null && target["destination_4"] == .null && target["try_count_4"] == 0)
        #expect(target["tm_update"] == target["tm_create"])
    }

    @Test(
        "§5: a target needs a destination, and a telephone number must be E.164",
        arguments: [[:], ["destination_0": ["type": "tel", "target": "555-1234"]]] as [JSONValue]
    )
    func refuses(body: JSONValue) async throws {
        let world = try ResourceWorld()
        let outdial = try await world.ask(.post, "/v1.0/outdials", [:])
        let path = "/v1.0/outdials/\(outdial["id"].text ?? "")/targets"
        #expect(await failure { try await world.ask(.post, path, body) }?.httpStatus == 400)
    }

    @Test("a target of another outdial is 404 OUTDIAL_TARGET_NOT_FOUND")
    func foreignTarget() async throws {
        let world = try ResourceWorld()
        let first = try await world.ask(.post, "/v1.0/outdials", [:])["id"].text ?? ""
        let second = try await world.ask(.post, "/v1.0/outdials", [:])["id"].text ?? ""
        let destination: JSONValue = ["destination_2": ["type": "sip", "target": "bob@example.com"]]
        let target = try await world.ask(.post, "/v1.0/outdials/\(first)/targets", destination)["id"].text ?? ""
        #expect(
            await failure { try await world.ask(.get, "/v1.0/outdials/\(second)/targets/\(target)") }?.reason
                == "OUTDIAL_TARGET_NOT_FOUND"
        )
        #expect(try await world.ask(.delete, "/v1.0/outdials/\(first)/targets/\(target)")["id"] == .string(target))
    }

    @Test("§1.3: every row comes once over the pages, rows of the same moment, too")
    func pages() async throws {
        let world = try ResourceWorld()
        for _ in 0..<7 { _ = try await world.ask(.post, "/v1.0/outdials", [:]) }
        let ids = try await world.ask(.get, "/v1.0/outdials")["result"].elements?.compactMap { $0["id"].text } ?? []
        try await world.api.services.store.write { try $0.execute(sql: "UPDATE outdials SET tm_create = 1000") }
        var seen: [String] = []
        var token = ""
        repeat {
            let page = try await world.ask(
                .get,
                "/v1.0/outdials?page_size=2" + (token.isEmpty ? "" : "&page_token=\(token)")
            )
            seen += page["result"].elements?.compactMap { $0["id"].text } ?? []
            token = page["next_page_token"].text ?? ""
        } while !token.isEmpty
        #expect(seen.count == 7 && Set(seen) == Set(ids))
    }
}
