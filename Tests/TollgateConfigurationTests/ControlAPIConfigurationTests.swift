// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import MonotonicTime
import Testing
import TollgateConfiguration

@Suite("The control API's configuration, and agents")
struct ControlAPIConfigurationTests {
    @Test("the API runs when its section is there, unless it says otherwise")
    func presence() throws {
        #expect(try gateway("{}").controlAPI == nil)
        #expect(try gateway("control_api: {}").controlAPI == ControlAPIConfiguration())
        #expect(try gateway("control_api: {enabled: false}").controlAPI?.isEnabled == false)
    }

    @Test("every key is read")
    func keys() throws {
        let text = """
            control_api:
              address: "[::1]"
              port: 9090
              token_lifetime_hours: 2
              max_body_bytes: 20000
              allow_private_webhooks: true
              rate_limits:
                auth_per_address: {per_second: 1, burst: 2}
                logins_per_username: {per_minute: 3}
                requests_per_address: {per_second: 0}
                requests_per_customer: {burst: 6}
            """
        let api = try #require(try gateway(text).controlAPI)
        #expect(api.address == "::1")
        #expect(api.isLocal)
        #expect(api.port == 9090)
        #expect(api.tokenLifetime == .seconds(7200))
        #expect(api.maximumBodyBytes == 20_000)
        #expect(api.allowsPrivateWebhooks)
        #expect(api.authenticationsPerAddress == .init(count: 1, burst: 2))
        #expect(api.loginsPerUsername == .init(count: 3, burst: 10))
        #expect(api.requestsPerAddress == .init(count: 0, burst: 400))
        #expect(api.requestsPerCustomer == .init(count: 17, burst: 6))
        #expect(try gateway("control_api: {address: 0.0.0.0}").controlAPI?.isLocal == false)
    }

    @Test("what is wrong is named with its place")
    func problems() {
        #expect(gatewayProblems("control_api: {port: 0}").first?.hasPrefix("gateway.yaml:1:") == true)
        #expect(gatewayProblems("control_api: {prot: 8080}").first?.contains("did you mean `port`?") == true)
        #expect(gatewayProblems("control_api: {rate_limits: {per_day: 1}}").count == 1)
        let clash = gatewayProblems("control_api: {port: 5060}")
        #expect(clash.first?.contains("127.0.0.1 port 5060") == true)
    }

    @Test("agents are read with role, customer and password")
    func agents() throws {
        let text = """
            customers: [{name: acme}]
            agents:
              - {username: ops, permission: super_admin, password: long enough}
              - {username: alice, name: Alice, permission: manager, customer: acme}
            """
        let agents = try provisioning(text).plan.agents
        #expect(agents.map(\.username) == ["ops", "alice"])
        #expect(agents.map(\.role) == [.superAdmin, .manager])
        #expect(agents.map(\.customerName) == [nil, "acme"])
        #expect(agents[0].password == .plain(.init("long enough")))
        #expect(agents[1].password == .keep)
    }

    @Test(
        "agents that cannot be are refused",
        arguments: [
            "{permission: admin, customer: acme}", "{username: a}", "{username: a, permission: admin}",
            "{username: a, permission: root}", "{username: a, permission: admin, customer: none}",
            "{username: a, permission: super_admin, password: short}",
            "{username: a, permission: super_admin, password_hash: x}",
        ]
    )
    func wrongAgents(agent: String) {
        #expect(provisioningProblems("customers: [{name: acme}]\nagents: [\(agent)]").count == 1)
    }

    @Test("one user name is one agent")
    func duplicate() {
        let agent = "{username: a, permission: super_admin}"
        #expect(provisioningProblems("agents: [\(agent), \(agent)]").count == 1)
    }
}
