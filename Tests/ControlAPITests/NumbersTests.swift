// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import HTTPTypes
import Synchronization
import Testing

@testable import ControlAPI

@Suite("Numbers")
struct NumbersTests {
    @Test("§6.1: a number is added, policy is told, and it is answered with every key")
    func creates() async throws {
        let world = try ResourceWorld()
        let number = try await world.ask(.post, "/v1.0/numbers", ["number": "+15551234567", "name": "main"])
        #expect(number["type"] == "normal" && number["status"] == "active" && number["name"] == "main")
        #expect(number["metadata"] == ["rtp_debug": false])
        #expect(world.api.commands.reloads.withLock { $0 } == 1)
    }

    @Test(
        "§6.1: what is no number of its type is refused",
        arguments: [
            ["number": "5551234567"], ["number": "+1 555 123 4567"], ["number": "+899123456789"],
            ["number": "+899000123456", "type": "virtual"], ["number": "+15551234567", "type": "virtual"],
            ["number": 15_551_234_567], [:],
        ] as [JSONValue]
    )
    func refuses(body: JSONValue) async throws {
        let world = try ResourceWorld()
        #expect(await failure { try await world.ask(.post, "/v1.0/numbers", body) }?.httpStatus == 400)
    }

    @Test("§6.1: a number of anybody is taken, until it is given up")
    func ownership() async throws {
        let world = try ResourceWorld()
        let body: JSONValue = ["number": "+15551234567"]
        let id = try await world.ask(.post, "/v1.0/numbers", body)["id"].text ?? ""
        let taken = await failure { try await world.ask(as: world.other, .post, "/v1.0/numbers", body) }
        #expect(taken?.httpStatus == 409)
        let gone = try await world.ask(.delete, "/v1.0/numbers/\(id)")
        #expect(gone["status"] == "deleted" && gone["tm_delete"] != .null)
        #expect(await failure { try await world.ask(.get, "/v1.0/numbers/\(id)") }?.reason == "NUMBER_NOT_FOUND")
        let new = try await world.ask(as: world.other, .post, "/v1.0/numbers", body)
        #expect(new["customer_id"] == .string(world.other.customer?.description ?? ""))
    }

    @Test("an operator gives a number to a customer, and must name one that is there")
    func operatorGives() async throws {
        let world = try ResourceWorld()
        let customer = world.own.customer?.description ?? ""
        let number = try await world.ask(
            as: world.operatorIdentity,
            .post,
            "/v1.0/numbers",
            ["number": "+15551234567", "customer_id": .string(customer)]
        )
        #expect(number["customer_id"] == .string(customer))
        let nobody = await failure {
            try await world.ask(
                as: world.operatorIdentity,
                .post,
                "/v1.0/numbers",
                ["number": "+15551234568", "customer_id": "11111111-1111-4111-8111-111111111111"]
            )
        }
        #expect(nobody?.reason == "CUSTOMER_NOT_FOUND")
    }

    @Test("flows of a number must be the customer's own; zeros take them away")
    func flows() async throws {
        let world = try ResourceWorld()
        let id = try await world.ask(.post, "/v1.0/numbers", ["number": "+15551234567"])["id"].text ?? ""
        let flow = try await world.ask(.post, "/v1.0/flows", [:])["id"]
        let foreign = try await world.ask(as: world.other, .post, "/v1.0/flows", [:])["id"]
        let path = "/v1.0/numbers/\(id)/flow_ids"
        #expect(try await world.ask(.put, path, ["call_flow_id": flow])["call_flow_id"] == flow)
        #expect(await failure { try await world.ask(.put, path, ["call_flow_id": foreign]) }?.httpStatus == 404)
        let zeros: JSONValue = "00000000-0000-0000-0000-000000000000"
        #expect(try await world.ask(.put, path, ["call_flow_id": zeros])["call_flow_id"] == zeros)
        #expect(
            try await world.ask(.put, "/v1.0/numbers/\(id)/metadata", ["rtp_debug": true])["metadata"]["rtp_debug"]
                == true
        )
    }

    @Test("virtual numbers that are free are offered, and are of the virtual form")
    func available() async throws {
        let world = try ResourceWorld()
        let page = try await world.ask(.get, "/v1.0/available_numbers?type=virtual&page_size=5")
        let numbers = page["result"].elements?.compactMap { $0["number"].text } ?? []
        #expect(Set(numbers).count == 5)
        for number in numbers {
            #expect(
                try await world.ask(.post, "/v1.0/numbers", ["number": .string(number), "type": "virtual"])["type"]
                    == "virtual"
            )
        }
        #expect(try await world.ask(.get, "/v1.0/available_numbers?country_code=us")["result"] == [])
    }
}
