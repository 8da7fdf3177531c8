// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Foundation
import FoundationNetworking
import Gateway
import Testing
import TollgateConfiguration

@Suite("The control API of a running gateway", .timeLimit(.minutes(2)))
struct RunningControlAPITests {
    private func deployment() throws -> Deployment {
        var deployment = try Deployment()
        var api = ControlAPIConfiguration()
        api.port = 0
        deployment.configuration.controlAPI = api
        let agents = """

            agents:
              - {username: ops, password: long enough, permission: super_admin}

            """
        let path = try #require(deployment.configuration.provisioning)
        let file = try String(contentsOfFile: path, encoding: .utf8)
        try (file + agents).write(toFile: path, atomically: true, encoding: .utf8)
        return deployment
    }

    @Test("it listens where the greeting says, logs agents in, and stops with the gateway")
    func life() async throws {
        let api = try deployment()
        var port = 0
        try await api.run { running in
            port = try #require(running.server.controlAPIPort)
            #expect(running.server.greeting.contains("API on http://127.0.0.1:\(port)"))
            let base = try #require(URL(string: "http://127.0.0.1:\(port)"))
            var login = URLRequest(url: base.appending(path: "auth/login"))
            login.httpMethod = "POST"
            login.httpBody = Data(#"{"username":"ops","password":"long enough"}"#.utf8)
            let (body, response) = try await URLSession.shared.data(for: login)
            #expect((response as? HTTPURLResponse)?.statusCode == 200)
            let token = try #require(try JSONDecoder().decode([String: String].self, from: body)["token"])
            var list = URLRequest(url: base.appending(path: "v1.0/customers"))
            list.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
            let (customers, _) = try await URLSession.shared.data(for: list)
            #expect(String(decoding: customers, as: UTF8.self).contains("acme"))
        }
        let ping = try #require(URL(string: "http://127.0.0.1:\(port)/ping"))
        await #expect(throws: (any Error).self) { try await URLSession.shared.data(from: ping) }
    }

    @Test("a port that is taken keeps the gateway from starting, and nothing is left running")
    func takenPort() async throws {
        let first = try deployment()
        try await first.run { running in
            var second = try deployment()
            second.configuration.controlAPI?.port = try #require(running.server.controlAPIPort)
            let failure = await #expect(throws: GatewayStartError.self) { try await second.start() }
            #expect(failure?.exitCode == 69)
            #expect(failure?.description.contains("control_api.port") == true)
            #expect(try second.calls().isEmpty)
            second.remove()
        }
    }
}
