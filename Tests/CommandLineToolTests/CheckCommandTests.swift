// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing

@Suite("tollgate check")
struct CheckCommandTests {
    private let bench: Workbench

    init() throws {
        bench = try Workbench()
    }

    @Test("files in order are answered with an ok line each, the provisioning file that is named among them")
    func ok() throws {
        let file = try bench.provisioning()
        let config = try bench.configuration("provisioning: customers.yaml")
        let result = try Tool.run(CheckCommand.self, "--config", config, "--provisioning", file)
        #expect(
            result.output == """
                ok: \(config): 2 listeners, realm edge.example.com, store \(bench.path("store.db"))
                ok: \(file): 1 customer, 2 endpoints, 2 numbers, 2 trunks

                """
        )
        #expect(result.diagnostics.isEmpty)
        #expect(result.status == .success)
        #expect(!FileManager.default.fileExists(atPath: bench.path("store.db")))
    }

    @Test("all problems of all files come at once, with line and column, and the status is 78")
    func problems() throws {
        let config = try bench.configuration("drian_seconds: 5\nshards: many")
        let good = try bench.provisioning()
        let bad = try bench.write("customers:\n  - nmae: acme\n", to: "bad.yaml")
        let result = try Tool.run(
            CheckCommand.self,
            "--config",
            config,
            "--provisioning",
            bad,
            "--provisioning",
            good
        )
        #expect(result.output == "ok: \(good): 1 customer, 2 endpoints, 2 numbers, 2 trunks\n")
        #expect(result.diagnostics.contains("\(config):6:1: "))
        #expect(result.diagnostics.contains("drain_seconds"))
        #expect(result.diagnostics.contains("\(config):7:"))
        #expect(result.diagnostics.contains("\(bad):2:5: "))
        #expect(result.status == .configuration)
    }

    @Test("with a broken configuration, a file that counts on the gateway's realm is not blamed for it")
    func unknownRealm() throws {
        let config = try bench.configuration("shards: many")
        let text = Sample.provisioning.replacing("realm: edge.example.com\n", with: "")
        let file = try bench.provisioning(text)
        let result = try Tool.run(CheckCommand.self, "--config", config, "--provisioning", file)
        #expect(result.output.hasPrefix("ok: \(file)"))
        #expect(result.status == .configuration)
        let alone = try Tool.run(CheckCommand.self, "--provisioning", file)
        #expect(alone.diagnostics.contains("realm"))
        #expect(alone.status == .configuration)
    }

    @Test("a file that is not there is a problem of its own")
    func missing() throws {
        let result = try Tool.run(CheckCommand.self, "--config", bench.path("none.yaml"))
        #expect(result.diagnostics.contains("no such file"))
        #expect(result.status == .configuration)
    }

    @Test("a password is never shown")
    func secrets() throws {
        let file = try bench.provisioning(Sample.provisioning.replacing("username: bob", with: "usrename: bob"))
        let result = try Tool.run(CheckCommand.self, "--provisioning", file)
        #expect(result.status == .configuration)
        #expect(!result.diagnostics.contains("secret-of"))
    }

    @Test("nothing to check is a wrong command line")
    func usage() {
        #expect(Tool.refusal(CheckCommand.self) == 64)
    }
}
