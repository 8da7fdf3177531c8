// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Garbage in bodies")
struct GarbageTests {
    private static let values: [JSONValue] = [
        nil, true, 0, -1, .integer(.max), .integer(.min), .number(1e308), .number(0.5), "", "\u{0}", "a\r\nX: y",
        "\u{202E}é😀", .string(String(repeating: "9", count: 5000)), "::::", "+", "all", "udp", "private_network", [],
        [[]],
        [nil, 1, ""], ["\u{0}"], [:], ["\u{0}": "\u{0}"], ["": nil], ["X-A": ["X-B": 1]],
    ]

    private static let good: [String: JSONValue] = [
        "extensions": ["username": "desk", "password": "x"], "providers": ["hostname": "carrier.example"],
        "routes": ["target": "all"],
    ]

    @Test(
        "any value under any key is taken or refused, and what is answered has its form",
        arguments: [("extensions", "Extension"), ("providers", "Provider"), ("routes", "Route")]
    )
    func everyKey(tag: String, component: String) async throws {
        let world = try ResourceWorld()
        let provider = try await world.ask(as: world.operatorIdentity, .post, "/v1.0/providers", ["hostname": "first"])
        var body = try #require(Self.good[tag]?.members)
        if tag == "routes" { body["provider_id"] = provider["id"] }
        // The extension's customer is the asker's own, for operators belong to none.
        let asker = tag == "extensions" ? world.own : world.operatorIdentity
        let path = "/v1.0/\(tag)"
        let made = try await world.ask(as: asker, .post, path, .object(body))
        let one = "\(path)/\(made["id"].text ?? "")"
        let operation = try #require(ControlAPI.operations.first { $0.path == path && $0.method == .post })
        guard case .object(let properties)? = operation.body else { throw APIError.fault }
        for property in properties {
            for value in Self.values {
                var garbage = body
                garbage[property.key] = value
                for (method, path, body) in [
                    (HTTPRequest.Method.post, path, garbage), (.put, one, JSONObject([(property.key, value)])),
                ] {
                    let outcome = await outcome(world, asker, method, path, body)
                    switch outcome {
                    case .success(let answer): #expect(mismatches(answer, component: component) == [])
                    case .failure(let error):
                        let known = error as? APIError
                        #expect(known.map { (400...409).contains($0.httpStatus) } == true, "\(body): \(error)")
                    }
                }
            }
        }
    }

    private func outcome(
        _ world: ResourceWorld,
        _ asker: APIIdentity,
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: JSONObject
    ) async -> Result<JSONValue, any Error> {
        do {
            return .success(try await world.ask(as: asker, method, path, .object(body)))
        } catch {
            return .failure(error)
        }
    }
}
