// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Foundation
import Testing

@Suite("tollgate provision --dry-run")
struct ProvisionDryRunTests {
    @Test("a dry run tells what would change, as often as it is asked, and changes nothing")
    func dryRun() throws {
        let bench = try Workbench()
        let config = try bench.configuration()
        _ = try Tool.run(ProvisionCommand.self, try bench.provisioning(), "--config", config)
        let file = try bench.provisioning(Sample.provisioning.replacing("[us, gb]", with: "[us, gb, fr]"))
        let first = try Tool.run(ProvisionCommand.self, file, "--config", config, "--dry-run")
        #expect(first.output.hasPrefix("customer acme: "))
        #expect(try Tool.run(ProvisionCommand.self, file, "--config", config, "--dry-run") == first)
        #expect(try Tool.run(ProvisionCommand.self, file, "--config", config) == first)
        let last = try Tool.run(ProvisionCommand.self, file, "--config", config, "--dry-run")
        #expect(last.output == "nothing to change\n")
    }

    @Test("a dry run makes no store")
    func noStore() throws {
        let bench = try Workbench()
        let file = try bench.provisioning()
        let result = try Tool.run(ProvisionCommand.self, file, "--store", bench.path("none.db"), "--dry-run")
        #expect(result.status == .noInput)
        #expect(!FileManager.default.fileExists(atPath: bench.path("none.db")))
    }
}
