// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool
import Foundation
import Synchronization
import Testing

@Suite("Operator commands on a control API")
struct OperatingLiveTests {
    @Test("login keeps the token for its user alone, and never shows password or token")
    func login() async throws {
        try await OperatedGateway.run { gateway in
            let result = try await gateway.login()
            #expect(result.status == .success)
            #expect(result.output == "logged in to \(gateway.url) as ops; the token is in \(gateway.tokenFile)\n")
            let attributes = try FileManager.default.attributesOfItem(atPath: gateway.tokenFile)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try await gateway.tell(CustomerCommand.self, "list").output == "no customers\n")
            #expect(try await gateway.tell(LoginCommand.self, "--forget").output == "the token is removed\n")
            let after = try await gateway.tell(CustomerCommand.self, "list")
            #expect(after.status == .rejected)
            #expect(after.diagnostics.contains("`tollgate login`"))
        }
    }

    @Test("a wrong password is refused with status 1 and keeps nothing")
    func wrongPassword() async throws {
        try await OperatedGateway.run { gateway in
            let result = try await gateway.login("nobody")
            #expect(result.status == .rejected)
            #expect(result.diagnostics == "tollgate: there is no such user name with this password\n")
            #expect(!FileManager.default.fileExists(atPath: gateway.tokenFile))
        }
    }

    @Test("a kept token goes to the URL that gave it and to no other")
    func tokenStays() async throws {
        try await OperatedGateway.run { gateway in
            _ = try await gateway.login()
            // The same API by another name counts as another place.
            let other = gateway.url.replacing("127.0.0.1", with: "localhost")
            let result = try await gateway.tell(CustomerCommand.self, "list", "--url", other)
            #expect(result.status == .rejected)
            #expect(result.diagnostics.contains("a token or an access key is needed"))
        }
    }

    @Test("customers and numbers are made, listed with names for identities, found by name, changed and deleted")
    func customersAndNumbers() async throws {
        try await OperatedGateway.run { gateway in
            _ = try await gateway.login()
            let made = try await gateway.tell(
                CustomerCommand.self,
                "create",
                "--name",
                "acme",
                "--email",
                "a@b.example"
            )
            #expect(made.output.hasPrefix("customer acme: created, id "))
            let number = try await gateway.tell(
                NumbersCommand.self,
                "create",
                "+15551234567",
                "--customer",
                "acme",
                "--name",
                "desk"
            )
            #expect(number.output.hasPrefix("number +15551234567: created, id "))
            let lines = try await gateway.tell(NumbersCommand.self, "list", "--customer", "acme").output
                .split(separator: "\n")
            #expect(lines.first?.split(separator: " ").first == "NUMBER")
            #expect(lines.last?.hasPrefix("+15551234567  normal  desk  acme") == true)
            let shown = try await gateway.tell(NumbersCommand.self, "show", "+15551234567", "--json")
            #expect(try Tool.object(shown.output)["number"] as? String == "+15551234567")
            let changed = try await gateway.tell(NumbersCommand.self, "update", "+15551234567", "--name", "shop")
            #expect(changed.output.hasPrefix("number +15551234567: changed"))
            #expect(try await gateway.tell(NumbersCommand.self, "show", "+15551234567").output.contains("shop"))
            _ = try await gateway.tell(NumbersCommand.self, "delete", "+15551234567")
            #expect(try await gateway.tell(NumbersCommand.self, "list").output == "no numbers\n")
            let frozen = try await gateway.tell(CustomerCommand.self, "freeze", "acme", "--json")
            #expect(try Tool.object(frozen.output)["status"] as? String == "frozen")
        }
    }

    @Test("config set makes lists out of additions and removals, and shows what holds")
    func config() async throws {
        try await OperatedGateway.run { gateway in
            _ = try await gateway.login()
            _ = try await gateway.tell(CustomerCommand.self, "create", "--name", "acme")
            _ = try await gateway.tell(NumbersCommand.self, "create", "+15551234567", "--customer", "acme")
            func config(_ arguments: String...) async throws -> CommandResult {
                try await gateway.tell(ConfigCommand.self, arguments + ["--customer", "acme"])
            }
            #expect(try await config("show").output.contains("none: every telephone call is refused"))
            let first = try await config("set", "--whitelist", "us,gb", "--default-number", "+15551234567")
            #expect(first.output.contains("countries               us, gb\n"))
            #expect(first.output.contains("default number          +15551234567\n"))
            let second = try await config(
                "set",
                "--add-country",
                "DE",
                "--remove-country",
                "us",
                "--codecs",
                "PCMU,PCMA",
                "--limit",
                "concurrent_calls=8/10"
            )
            #expect(
                second.output == """
                    outbound configuration   acme
                    countries                gb, de
                    codecs                   PCMU,PCMA
                    default number           +15551234567
                    without a valid source   anonymous
                    anonymity not allowed    refuse
                    special numbers          blocked
                    limit: concurrent calls  soft 8, hard 10

                    """
            )
            let missing = try await config("set", "--remove-country", "uk")
            #expect(missing.status == .unanswerable)
            #expect(missing.diagnostics.contains("`uk` is not in the whitelist: it has gb, de; nothing was changed"))
            let list = try await gateway.tell(ConfigCommand.self, "list").output
            #expect(list.contains("acme"))
            #expect(list.contains("+15551234567"))
        }
    }

    @Test("refusals are the API's own words with the field; a name that fits nothing has status 2")
    func refusals() async throws {
        try await OperatedGateway.run { gateway in
            _ = try await gateway.login()
            _ = try await gateway.tell(CustomerCommand.self, "create", "--name", "acme")
            let wrong = try await gateway.tell(NumbersCommand.self, "create", "555", "--customer", "acme")
            #expect(wrong.status == .rejected)
            #expect(wrong.diagnostics.contains("`555` is not an E.164 number"))
            #expect(wrong.diagnostics.contains("(`number`)"))
            let unknown = try await gateway.tell(CustomerCommand.self, "show", "emca")
            #expect(unknown.status == .unanswerable)
            #expect(unknown.diagnostics.contains("there is no customer `emca`; `tollgate customer list` shows"))
            let id = "00000000-0000-7000-8000-000000000000"
            #expect(try await gateway.tell(CustomerCommand.self, "show", id).status == .unanswerable)
            let own = try await gateway.tell(ConfigCommand.self, "show")
            #expect(own.status == .rejected)
            #expect(own.diagnostics.contains("--customer"))
            let hangUp = try await gateway.tell(CallsCommand.self, "hangup", id)
            #expect(hangUp.status == .unanswerable)
        }
    }

    @Test("a customer's admin makes an access key, by which a program works on the own configuration")
    func accessKey() async throws {
        try await OperatedGateway.run { gateway in
            _ = try await gateway.login()
            _ = try await gateway.tell(CustomerCommand.self, "create", "--name", "acme")
            let agent = try await gateway.tell(
                AgentCommand.self,
                "create",
                "--username",
                "jane",
                "--role",
                "admin",
                "--customer",
                "acme",
                "--password-file",
                gateway.passwordFile
            )
            #expect(agent.output.hasPrefix("agent jane: created"))
            #expect(try await gateway.tell(AgentCommand.self, "list").output.contains("super-admin"))
            #expect(try await gateway.login("jane").status == .success)
            let key = try await gateway.tell(AccessKeyCommand.self, "create", "--name", "ci", "--json")
            let token = try #require(try Tool.object(key.output)["token"] as? String)
            let environment = ["TOLLGATE_ACCESSKEY": token, "XDG_CONFIG_HOME": "/nonexistent"]
            let set = try await gateway.tell(ConfigCommand.self, "set", "--whitelist", "kr", environment: environment)
            #expect(set.output.contains("kr"))
            let placed = try await gateway.tell(CallsCommand.self, "place", "--to", "+82212345678")
            #expect(placed.status == .rejected)
            #expect(placed.diagnostics.contains("no telephones here"))
            #expect(gateway.calls.placements.withLock(\.count) == 1)
            let list = try await gateway.tell(NumbersCommand.self, "list")
            #expect(list.output == "no numbers\n")
        }
    }

    @Test("lists go on from page to page up to the limit, and tell when there are more")
    func pages() async throws {
        try await OperatedGateway.run { gateway in
            _ = try await gateway.login()
            for place in 0..<103 {
                _ = try await gateway.tell(CustomerCommand.self, "create", "--name", "customer \(place)")
            }
            let all = try await gateway.tell(CustomerCommand.self, "list", "--limit", "1000")
            #expect(all.output.split(separator: "\n").count == 104)
            #expect(all.diagnostics.isEmpty)
            let some = try await gateway.tell(CustomerCommand.self, "list", "--limit", "101", "--json")
            let rows = try JSONSerialization.jsonObject(with: Data(some.output.utf8)) as? [[String: Any]]
            #expect(rows?.count == 101)
            #expect(some.diagnostics.contains("there are more"))
            let first = try await gateway.tell(CustomerCommand.self, "show", "customer 0")
            #expect(first.output.hasPrefix("customer"))
        }
    }

    @Test("an API that is not there has status 69, and the way to start it is told")
    func unreachable() async throws {
        try await OperatedGateway.run { gateway in
            // Nothing listens on port 1 of the loopback.
            let result = try await gateway.tell(CustomerCommand.self, "list", "--url", "http://127.0.0.1:1")
            #expect(result.status == .unavailable)
            #expect(result.diagnostics.contains("the control API at http://127.0.0.1:1 does not answer"))
            #expect(result.diagnostics.contains("tollgate serve"))
        }
    }
}
