// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlAPI
import Testing

@testable import CommandLineTool

@Suite("Operator commands: arguments and bodies")
struct OperatorArgumentsTests {
    @Test(
        "URLs are taken without their last slash, with scheme and host in lower case",
        arguments: [
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", true),
            ("HTTPS://Edge.Example", "https://edge.example", true),
            ("http://edge.example/api//", "http://edge.example/api", false),
            ("http://[::1]:8080", "http://[::1]:8080", true),
        ]
    )
    func addresses(url: String, text: String, isPrivate: Bool) throws {
        let address = try #require(APIAddress(url))
        #expect(address.text == text)
        #expect(address.isPrivate == isPrivate)
    }

    @Test(
        "what is no URL of an API is none",
        arguments: ["127.0.0.1:8080", "ftp://a", "http://", "http://u:p@a", "http://a?x=1", "http://a b", "http://a:0"]
    )
    func wrongAddresses(url: String) {
        #expect(APIAddress(url) == nil)
    }

    @Test("a wrong command line ends with status 64 before anything is asked")
    func usage() async {
        #expect(await status(ConfigCommand.self, ["set"]) == 64)
        #expect(await status(CustomerCommand.self, ["update", "acme"]) == 64)
        #expect(await status(CustomerCommand.self, ["list", "--limit", "0"]) == 64)
        #expect(await status(CustomerCommand.self, ["list", "--url", "nowhere"]) == 64)
        #expect(await status(CustomerCommand.self, ["list", "--token", "a b"]) == 64)
        #expect(await status(CustomerCommand.self, ["list", "--token", "a", "--accesskey", "b"]) == 64)
        #expect(await status(ConfigCommand.self, ["set", "--whitelist", "us", "--add-country", "de"]) == 64)
        #expect(await status(ConfigCommand.self, ["set", "--limit", "concurrent_calls"]) == 64)
        #expect(await status(CallsCommand.self, ["hangup", "7"]) == 64)
        #expect(await status(TrunkCommand.self, ["update", "carrier", "--header", "X-Account"]) == 64)
    }

    private func status<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) async -> Int32 {
        do {
            let parsed = try Command.parseAsRoot(arguments)
            let command = try #require(parsed as? any AsyncReportingCommand)
            return try await OperatorEnvironment.$variables.withValue(["TOLLGATE_URL": "http://127.0.0.1:1"]) {
                try await command.reportedResult().status.rawValue
            }
        } catch {
            return Command.exitCode(for: error).rawValue
        }
    }

    @Test("a token goes into the Authorization field, an access key into a cookie; neither is in a description")
    func credentials() throws {
        let connection = try ConnectionArguments.parse(["--accesskey", "vb_secret", "--url", "http://edge.example"])
        let credential = try #require(try connection.connection().credential)
        #expect(credential.header.name == "Cookie")
        #expect(credential.header.value == "accesskey=vb_secret")
        #expect(!"\(credential)".contains("secret"))
        let token = try ConnectionArguments.parse(["--token", "abc"]).connection().credential
        #expect(token?.header.value == "Bearer abc")
        #expect(!APICredential.isWellFormed("a\r\nX: y"))
    }

    @Test("only what was said stands in a body; lists are split, `none` and `all` are empty")
    func trunkBody() throws {
        let arguments = [
            "--host", "sip.carrier.example", "--header", "X-Account: 4711", "--header", "X-Site:a", "--codecs", "all",
            "--priority", "3", "--no-enabled", "--customer", "none",
        ]
        let fields = try TrunkCreation.parse(arguments).fields().compactMap { $0 }
        #expect(fields.map(\.key) == ["hostname", "tech_headers", "codecs", "priority", "customer_id", "enabled"])
        #expect(fields[1].value == .json(["X-Account": "4711", "X-Site": "a"]))
        #expect(fields[2].value == .json(""))
        #expect(fields[4].value == .reference("none", .customer))
        #expect(fields[5].value == .json(false))
    }

    @Test("endpoints, routes and agents make the API's keys")
    func bodies() throws {
        let bench = try Workbench()
        let file = try bench.write("long enough\n", to: "password")
        let endpoint = try EndpointCreation.parse([
            "--username", "alice", "--password-file", file, "--extension", "1001", "--extensions", "1001, 1002",
            "--no-require-registration", "--source-addresses", "192.0.2.0/24",
        ]).fields().compactMap { $0 }
        #expect(
            endpoint == [
                BodyField(key: "username", value: .json("alice")),
                BodyField(key: "password", value: .json("long enough")),
                BodyField(key: "extension", value: .json("1001")),
                BodyField(key: "extensions", value: .json(["1001", "1002"])),
                BodyField(key: "require_registration", value: .json(false)),
                BodyField(key: "source_addresses", value: .json(["192.0.2.0/24"])),
            ]
        )
        let route = try RouteCreation.parse(["--target", "+44", "--trunk", "carrier"]).fields().compactMap { $0 }
        #expect(route.last == BodyField(key: "provider_id", value: .reference("carrier", .trunk)))
        let agent = try AgentChangeArguments.parse(["--role", "admin", "--role", "manager"]).fields().compactMap { $0 }
        #expect(agent == [BodyField(key: "permission", value: .json(96))])
        #expect(AgentRoleWord.words(of: 97) == "super-admin, admin, manager")
    }

    @Test(
        "limits have a soft level, a hard level, both or none",
        arguments: [
            ("concurrent_calls=10", ["hard": 10]), ("concurrent_calls=8/10", ["soft": 8, "hard": 10]),
            ("concurrent_calls=8/", ["soft": 8]), ("concurrent_calls=none", [:]),
        ] as [(String, JSONValue)]
    )
    func limits(text: String, levels: JSONValue) throws {
        let limit = try ConfigChanges.limit(text)
        #expect(limit.0 == "concurrent_calls")
        #expect(limit.1 == levels)
    }

    @Test("a dial plan's country is changed, what else the plan says is kept")
    func dialPlan() throws {
        let current = ResourceObject([
            "dial_plan": ["country": "us", "national_prefix": "1", "extension_patterns": ["1xxx"]]
        ])
        let fields = try ConfigChanges.parse(["--dial-country", "kr"]).fields(over: current).compactMap { $0 }
        let plan: JSONValue = ["extension_patterns": ["1xxx"], "country": "kr"]
        #expect(fields == [BodyField(key: "dial_plan", value: .json(plan))])
    }
}
