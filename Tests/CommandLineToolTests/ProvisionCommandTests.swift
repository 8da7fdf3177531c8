// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import CommandLineTool
import Foundation
import Testing

@Suite("tollgate provision")
struct ProvisionCommandTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    @Test("what changed is printed one a line, and a second time there is nothing to change")
    func idempotent() throws {
        let (file, config) = (try bench.provisioning(), try bench.configuration())
        let first = try Tool.run(ProvisionCommand.self, file, "--config", config)
        #expect(first.status == .success)
        let lines = Set(first.output.split(separator: "\n").map(String.init))
        #expect(lines.isSuperset(of: ["customer acme: created", "endpoint alice: created", "trunk spare: created"]))
        #expect(lines.contains("number +15551234567: created"))
        #expect(!first.output.contains("secret-of"))
        let second = try Tool.run(ProvisionCommand.self, file, "--config", config)
        #expect(second == CommandResult(output: "nothing to change\n"))
    }

    @Test("a change is told with what it was and what it is")
    func change() throws {
        let config = try bench.configuration()
        _ = try Tool.run(ProvisionCommand.self, try bench.provisioning(), "--config", config)
        let file = try bench.provisioning(Sample.provisioning.replacing("[us, gb]", with: "[us, gb, fr]"))
        let result = try Tool.run(ProvisionCommand.self, file, "--config", config)
        #expect(result.output.hasPrefix("customer acme: "))
        #expect(result.output.contains("fr"))
        #expect(result.output.split(separator: "\n").count == 1)
    }

    @Test("it works beside a gateway that has the store open")
    func besideGateway() throws {
        let store = try CallStore(path: bench.path("store.db"))
        let file = try bench.provisioning()
        let result = try Tool.run(ProvisionCommand.self, file, "--store", store.path)
        #expect(result.status == .success)
        #expect(try store.loadSnapshot(rules: DeploymentRules()).endpointsByUsername["alice"] != nil)
    }

    @Test("a wrong file changes nothing and ends with 78; a missing one with 66")
    func wrongFile() throws {
        let config = try bench.configuration()
        let file = try bench.provisioning("customers:\n  - name: 7\n    stauts: active\n")
        let result = try Tool.run(ProvisionCommand.self, file, "--config", config)
        #expect(result.status == .configuration)
        #expect(result.diagnostics.contains("\(file):3:5: "))
        #expect(!FileManager.default.fileExists(atPath: bench.path("store.db")))
        let missing = try Tool.run(ProvisionCommand.self, bench.path("none.yaml"), "--config", config)
        #expect(missing.status == .noInput)
        #expect(missing.diagnostics.hasPrefix("tollgate: cannot read `"))
    }

    @Test("a store that cannot be opened ends with 73 and says what to do")
    func unusableStore() throws {
        let file = try bench.provisioning()
        let result = try Tool.run(ProvisionCommand.self, file, "--store", bench.path("no/such/directory/store.db"))
        #expect(result.status == .cannotOpenStore)
        #expect(result.diagnostics.contains("check that its directory exists"))
        #expect(result.diagnostics.split(separator: "\n").count == 1)
    }

    @Test("the store's directory is made, for this user alone, when only itself is missing")
    func newDirectory() throws {
        let path = bench.path("var/store.db")
        let result = try Tool.run(ProvisionCommand.self, try bench.provisioning(), "--store", path)
        #expect(result.status == .success)
        let attributes = try FileManager.default.attributesOfItem(atPath: bench.path("var"))
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test("the realm of the configuration must be the file's")
    func otherRealm() throws {
        let file = try bench.provisioning(Sample.provisioning.replacing("realm: edge", with: "realm: other"))
        let result = try Tool.run(ProvisionCommand.self, file, "--config", try bench.configuration())
        #expect(result.status == .configuration)
    }

    @Test("without a store it is a wrong command line")
    func usage() throws {
        #expect(Tool.refusal(ProvisionCommand.self, try bench.provisioning()) == 64)
        #expect(Tool.refusal(ProvisionCommand.self, "--store", "x.db") == 64)
    }
}
