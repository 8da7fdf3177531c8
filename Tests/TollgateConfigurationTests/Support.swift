// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TollgateConfiguration

/// The repository's directory.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

func gateway(_ text: String) throws(ConfigurationProblems) -> GatewayConfiguration {
    try GatewayConfiguration.decode(ConfigurationFile(name: "gateway.yaml", text: text))
}

func provisioning(
    _ text: String,
    in context: ProvisioningFile.Context? = nil
) throws(ConfigurationProblems) -> ProvisioningFile {
    try ProvisioningFile.decode(ConfigurationFile(name: "p.yaml", text: text), in: context)
}

/// The lines of what was thrown; empty when nothing was.
func problems<Value>(_ body: () throws(ConfigurationProblems) -> Value) -> [String] {
    do throws(ConfigurationProblems) {
        _ = try body()
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}

func gatewayProblems(_ text: String) -> [String] {
    problems { () throws(ConfigurationProblems) in try gateway(text) }
}

func provisioningProblems(_ text: String, in context: ProvisioningFile.Context? = nil) -> [String] {
    problems { () throws(ConfigurationProblems) in try provisioning(text, in: context) }
}
