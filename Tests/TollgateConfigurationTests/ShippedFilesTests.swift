// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import MonotonicTime
import NumberingPlan
import SessionDescription
import Testing
import TollgateConfiguration

@Suite("The files that come with the gateway")
struct ShippedFilesTests {
    @Test("The demonstration listens on this machine only, on UDP and TCP, and names its provisioning file")
    func demo() throws {
        let gateway = try GatewayConfiguration.load(path: repository + "/config/demo.yaml")
        #expect(gateway.sip.listeners == [ListenerSettings(transport: .udp), ListenerSettings(transport: .tcp)])
        #expect(gateway.sip.realm == "demo.tollgate.example")
        #expect(gateway.sip.localNames == ["127.0.0.1", "demo.tollgate.example", "localhost"])
        #expect(gateway.demoTrunk.isEnabled)
        #expect(gateway.demoTrunk.port == 5070)
        #expect(gateway.store.path == "var/demo.db")
        #expect(gateway.controlAPI == ControlAPIConfiguration())
        #expect(gateway.provisioning == repository + "/config/demo-provisioning.yaml")
    }

    @Test("The demonstration's accounts own their numbers and reach the demo trunk")
    func demoProvisioning() throws {
        let gateway = try GatewayConfiguration.load(path: repository + "/config/demo.yaml")
        let path = try #require(gateway.provisioning)
        let file = try ProvisioningFile.load(path: path, in: ProvisioningFile.Context(gateway))
        let customer = try #require(file.plan.customers.first)
        #expect(customer.endpoints.map(\.username) == ["alice", "bob"])
        #expect(customer.endpoints.map(\.extensions) == [["1001"], ["1002"]])
        #expect(customer.numbers.map { "\($0.number)" } == ["+15551234567", "+15551234568"])
        let outbound = try #require(customer.outbound)
        #expect(Set(outbound.destinationWhitelist.map { "\($0)" }) == ["us", "gb"])
        #expect(outbound.codecs.names == ["PCMU", "PCMA"])
        #expect(customer.dialPlan == DialPlan(country: Country("us")))
        #expect(customer.limits.homeCountries == Set(["us"].compactMap { Country($0) }))
        for limit in [
            customer.limits.concurrentCalls, customer.limits.callsPerSecond, customer.limits.callsPerMinuteToCountry,
            customer.limits.callsPerMinuteToNumber, customer.limits.dailyCallsToCountry,
            customer.limits.dailyMinutesToCountry, customer.limits.maximumDuration,
        ] {
            let soft = try #require(limit.soft)
            let hard = try #require(limit.hard)
            #expect(soft < hard)
        }
        let trunk = try #require(file.plan.trunks.first).trunk
        #expect(trunk.host == gateway.demoTrunk.address)
        #expect(trunk.port == gateway.demoTrunk.port)
        #expect(trunk.trust.isTrusted)
        for endpoint in customer.endpoints {
            guard case .replace(let credentials) = endpoint.credentials else {
                Issue.record("\(endpoint.username) has no credentials")
                continue
            }
            #expect(credentials.map(\.algorithm) == ["MD5"])
        }
    }

    @Test("The demonstration's greeting names numbers that its dial plan reads as national and as international")
    func demoNationalNumber() throws {
        let gateway = try GatewayConfiguration.load(path: repository + "/config/demo.yaml")
        let greeting = try #require(gateway.greeting)
        let region = try #require(Country("us").flatMap { DialledRegion($0) })
        let national = try #require(LocalNumber("5559876543"))
        #expect(greeting.contains("\n  5559876543 "))
        #expect(region.national(national).number == E164Number("+15559876543"))
        let abroad = try #require(LocalNumber("011442079460000"))
        #expect(greeting.contains(" 011442079460000 "))
        #expect(region.internationalPrefixCount(in: abroad) == 3)
        #expect(E164Number("+442079460000").map { NumberingPlan.classify($0).country } == Country("gb"))
    }

    @Test("The demonstration's greeting names both accounts as they are provisioned")
    func demoGreeting() throws {
        let gateway = try GatewayConfiguration.load(path: repository + "/config/demo.yaml")
        let greeting = try #require(gateway.greeting)
        let context = ProvisioningFile.Context(gateway)
        let file = try ProvisioningFile.load(path: try #require(gateway.provisioning), in: context)
        #expect(file.plan.agents.map(\.username) == ["admin", "demo"])
        for agent in file.plan.agents {
            guard case .plain(let password) = agent.password else { continue }
            #expect(greeting.contains("\(agent.username) (password \(password.revealed))"))
        }
        for endpoint in try #require(file.plan.customers.first).endpoints {
            let password = "\(endpoint.username)-demo"
            #expect(greeting.contains("user \(endpoint.username), "))
            #expect(greeting.contains("password \(password), "))
            #expect(greeting.contains(try #require(endpoint.extensions.first)))
            #expect(greeting.contains("\(try #require(endpoint.number))"))
            let name = endpoint.username
            let hash = try HA1.compute(username: name, realm: gateway.sip.realm, password: password, algorithm: .md5)
            let expected = StoredCredential(algorithm: "MD5", ha1: hash.hexadecimal)
            #expect(endpoint.credentials == .replace([expected]))
        }
    }

    @Test("The example of a gateway shows the defaults")
    func gatewayExample() throws {
        var example = try GatewayConfiguration.load(path: repository + "/config/gateway.example.yaml")
        #expect(example.sip.domains == ["edge.example.com"])
        #expect(example.sip.listeners.first?.advertisedAddress == "127.0.0.1")
        #expect(example.limits.maximumConcurrentCalls == 10_000)
        #expect(example.policy.passHeaders == ["X-Ticket-Id"])
        #expect(example.timers.sessionInterval == .seconds(1800))
        #expect(example.greeting == "Questions to operations@example.com.")
        #expect(example.provisioning == repository + "/config/provisioning.example.yaml")
        #expect(example.callAPI.baseURL == "https://api.example.com/v1.0")
        let token = CallAPICredentialSource.Place.file(repository + "/config/call-api.token")
        #expect(example.callAPI.credential == CallAPICredentialSource(place: token, isBearer: true))
        #expect(example.callAPI.authorityFile == repository + "/config/call-api-ca.pem")
        #expect(example.callAPI.identifierHeader == "X-Call-API-ID")
        example.callAPI.baseURL = ""
        example.callAPI.credential = nil
        example.callAPI.authorityFile = nil
        example.callAPI.identifierHeader = nil
        #expect(example.dns.servers == ["127.0.0.1:53"])
        example.dns.servers = []
        #expect(example.security.authorities == repository + "/config/carriers-ca.pem" && example.security.verifies)
        example.security = SecuritySettings()
        example.sip = SIPSettings()
        example.limits.maximumConcurrentCalls = nil
        example.policy.passHeaders = []
        example.provisioning = nil
        example.greeting = nil
        #expect(example.controlAPI == ControlAPIConfiguration())
        example.controlAPI = nil
        #expect(example == GatewayConfiguration())
    }

    @Test("The example of provisioning is valid beside the example of a gateway")
    func provisioningExample() throws {
        let gateway = try GatewayConfiguration.load(path: repository + "/config/gateway.example.yaml")
        let path = try #require(gateway.provisioning)
        let file = try ProvisioningFile.load(path: path, in: ProvisioningFile.Context(gateway))
        let customer = try #require(file.plan.customers.first)
        #expect(customer.billingAccount?.creditMicros == 25_000_000)
        #expect(customer.limits.concurrentCalls == LimitLevels(soft: 24, hard: 30))
        #expect(customer.limits.callsPerSecond == LimitLevels(hard: 5))
        #expect(customer.dialPlan?.country == Country("us"))
        #expect(customer.outbound?.destinationWhitelist.contains(try #require(Country("no"))) == true)
        let special: Set<SpecialDestination> = [.numberClass(.premium), .callingCode(870), .callingCode(881)]
        #expect(customer.outbound?.allowedSpecial == special)
        #expect(customer.endpoints.last?.sourceAddresses.count == 2)
        #expect(customer.endpoints.map(\.dialPlan?.country) == [nil, Country("kr")])
        #expect(customer.endpoints.first?.limits.callsPerMinuteToNumber == LimitLevels(soft: 3))
        #expect(file.plan.trunks.map(\.customerName) == [nil, nil, "acme"])
        #expect(file.plan.trunks.map(\.trunk.emergency) == [.also, .never, .never])
        #expect(file.plan.trunks.map(\.trunk.passesREFER) == [false, false, false])
        #expect(file.plan.trunks.map(\.trunk.redirectHosts) == [["gw2.carrier.example", "192.0.2.9"], [], []])
    }

    @Test("The benchmarks' gateway offers MD5 only, on one shard")
    func benchmarks() throws {
        let gateway = try GatewayConfiguration.load(path: repository + "/Benchmarks/gateway.yaml")
        #expect(gateway.digest.algorithms == [.md5])
        #expect(gateway.shards == .exactly(1))
        #expect(gateway.store.path == "var/benchmark.db")
        #expect(gateway.logging.level == .warning)
        let path = try #require(gateway.provisioning)
        let file = try ProvisioningFile.load(path: path, in: ProvisioningFile.Context(gateway))
        let endpoint = try #require(file.plan.customers.first?.endpoints.first)
        // The hash of alice:edge.example.com:secret.
        let expected = StoredCredential(algorithm: "MD5", ha1: "305469b7df37447fde6003aeaee05195")
        #expect(endpoint.credentials == .replace([expected]))
        #expect(file.plan.trunks.first?.trunk.port == 5070)
    }
}
