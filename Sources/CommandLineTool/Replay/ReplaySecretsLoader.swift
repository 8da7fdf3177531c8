// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallPolicy
import DryRun
import Foundation
import NumberingPlan
import Replay

extension ReplaySecrets {
    /// The secrets that a command line names.
    ///
    /// - Throws: `CommandFailure`, `ConfigurationProblems`, `CallStoreError`, or `ValidationError`.
    init(_ command: ReplayCommand) throws {
        self.init()
        if command.customers != nil || command.config != nil || command.store != nil {
            let files = PolicyFiles(config: command.config, provisioning: command.customers, store: command.store)
            add(try files.load())
        }
        if let path = command.passwordFile {
            let text = String(decoding: try InputFile.read(path, limit: 1 << 20), as: UTF8.self)
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                let line = line.trimmingCharacters(in: .whitespaces)
                if line.isEmpty || line.hasPrefix("#") { continue }
                guard add(pair: line) else {
                    throw CommandFailure("\(path), line \(number + 1): write user=password", status: .noInput)
                }
            }
        }
        for pair in command.password { _ = add(pair: pair) }
    }

    private mutating func add(pair: String) -> Bool {
        guard let equals = pair.firstIndex(of: "=") else { return false }
        add(username: String(pair[..<equals]), password: String(pair[pair.index(after: equals)...]))
        return true
    }

    private mutating func add(_ world: JudgingWorld) {
        for (username, hashes) in world.dryRun.credentials {
            add(username: username, hashes: hashes, realm: world.dryRun.realm)
        }
        var owners: [String: Set<String>] = [:]
        for endpoint in world.decision.snapshot.endpoints.values {
            var names = Set(endpoint.extensions)
            if let number = endpoint.number?.description { names.formUnion([number, String(number.dropFirst())]) }
            for name in names { owners[name, default: []].insert(endpoint.username) }
        }
        for (name, usernames) in owners where usernames.count == 1 {
            if let username = usernames.first { add(alias: name, of: username) }
        }
    }
}
