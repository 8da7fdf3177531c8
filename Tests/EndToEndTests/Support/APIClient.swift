// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationNetworking
import Testing

/// Asks a gateway's control API as one of its agents.
struct APIClient {
    private let port: Int
    private var token = ""

    /// Logs in.
    init(_ port: Int, username: String, password: String) async throws {
        self.port = port
        let answer = try await ask("POST", "/auth/login", ["username": username, "password": password])
        try #require(answer.status == 200)
        token = answer.text("token")
    }

    /// Asks once.
    func ask(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> Answer {
        var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
        request.httpMethod = method
        request.httpBody = try body.map { try JSONSerialization.data(withJSONObject: $0) }
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if !token.isEmpty { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let status = try #require(response as? HTTPURLResponse).statusCode
        let members = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        return Answer(status: status, members: members ?? [:])
    }

    /// All pages of a list of calls.
    func calls(_ query: String = "") async throws -> [Call] {
        var calls: [Call] = []
        var token = ""
        repeat {
            let answer = try await ask("GET", "/v1.0/calls?\(query)&page_token=\(token)")
            try #require(answer.status == 200)
            let rows = try #require(answer.members["result"] as? [[String: Any]])
            calls += try rows.map(Call.init)
            token = answer.text("next_page_token")
        } while !token.isEmpty
        return calls
    }

    /// What was answered.
    struct Answer {
        let status: Int
        let members: [String: Any]

        /// The text under a key; empty when there is none.
        func text(_ key: String) -> String { members[key] as? String ?? "" }
        /// The number under a key; -1 when there is none.
        func number(_ key: String) -> Int { members[key] as? Int ?? -1 }
    }

    /// A call, as much of it as the tests look at.
    struct Call {
        let id: String
        let created: Date

        init(_ members: [String: Any]) throws {
            id = try #require(members["id"] as? String)
            let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            created = try format.parse(try #require(members["tm_create"] as? String))
        }
    }
}
