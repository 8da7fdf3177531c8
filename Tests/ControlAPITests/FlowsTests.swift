// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Flows")
struct FlowsTests {
    @Test("S3: a flow needs name and actions only; actions without an identity get one, others keep theirs")
    func creates() async throws {
        let world = try ResourceWorld()
        let flow = try await world.ask(
            .post,
            "/v1.0/flows",
            [
                "name": "Notify",
                "actions": [
                    ["type": "answer"],
                    ["id": "b8781e56-c524-11ec-889f-d37b0dbb7eb8", "type": "talk", "option": ["text": "hello"]],
                ],
            ]
        )
        let actions = try #require(flow["actions"].elements)
        #expect(actions[0]["id"].text?.count == 36)
        #expect(actions[1]["id"] == "b8781e56-c524-11ec-889f-d37b0dbb7eb8")
        #expect(flow["detail"] == "" && flow["tm_update"] == .null && flow["type"] == "flow")
        let id = try #require(flow["id"].text)
        #expect(try await world.ask(.get, "/v1.0/flows/\(id)") == flow)
    }

    @Test("§6.5: a PUT changes what it names and leaves the rest")
    func updates() async throws {
        let world = try ResourceWorld()
        let flow = try await world.ask(.post, "/v1.0/flows", ["name": "a", "actions": [["type": "hangup"]]])
        let id = try #require(flow["id"].text)
        let changed = try await world.ask(.put, "/v1.0/flows/\(id)", ["detail": "new", "name": nil])
        #expect(changed["name"] == "a" && changed["detail"] == "new" && changed["actions"] == flow["actions"])
        #expect(changed["tm_update"] != .null)
    }

    @Test(
        "§6.5: what no action may be is refused by name",
        arguments: [
            ("[{\"type\":\"fly\"}]", "INVALID_ACTION_TYPE", "actions[0].type"),
            (
                "[{\"type\":\"connect\",\"option\":{\"anonymous\":\"maybe\"}}]", "INVALID_ANONYMOUS_VALUE",
                "actions[0].option.anonymous"
            ),
            (
                "[{\"type\":\"call\",\"option\":{\"actions\":[{\"type\":\"fly\"}]}}]", "INVALID_ACTION_TYPE",
                "actions[0].option.actions[0].type"
            ),
            ("[{\"type\":\"hangup\",\"id\":\"x\"}]", "INVALID_ID", "actions[0].id"),
            ("[7]", "INVALID_ARGUMENT", "actions[0]"),
        ]
    )
    func refuses(actions: String, reason: String, field: String) async throws {
        let world = try ResourceWorld()
        let body = try #require(JSONValue(parsing: Array(actions.utf8)))
        let error = await failure { try await world.ask(.post, "/v1.0/flows", ["actions": body]) }
        #expect(error?.httpStatus == 400)
        #expect(error?.reason == reason)
        #expect(error?.details == [["field": .string(field)]])
    }

    @Test("a foreign or deleted flow is 404, and out of the list")
    func hides() async throws {
        let world = try ResourceWorld()
        let flow = try await world.ask(.post, "/v1.0/flows", ["name": "a"])
        let path = "/v1.0/flows/\(flow["id"].text ?? "")"
        let foreign = await failure { try await world.ask(as: world.other, .get, path) }
        #expect(foreign?.reason == "FLOW_NOT_FOUND")
        #expect(try await world.ask(.delete, path)["tm_delete"] != .null)
        #expect(await failure { try await world.ask(.delete, path) }?.httpStatus == 404)
        #expect(try await world.ask(.get, "/v1.0/flows")["result"] == [])
    }
}
