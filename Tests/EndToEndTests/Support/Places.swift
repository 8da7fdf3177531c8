// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Where what the tests run is found.
enum Places {
    /// The repository's directory.
    static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// SIPp scenarios of these tests.
    static let scenarios = repository.appendingPathComponent("Tests/EndToEndTests/scenarios")

    /// The scenarios of the benchmarks where they are at hand, else the ones of these tests, which say the same.
    static var benchmarkScenarios: URL {
        let environment = ProcessInfo.processInfo.environment
        let shared =
            environment["TOLLGATE_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? repository.deletingLastPathComponent().appendingPathComponent("shared")
        let bench = shared.appendingPathComponent("bench")
        let call = bench.appendingPathComponent("call.xml")
        return FileManager.default.fileExists(atPath: call.path) ? bench : scenarios
    }

    /// The built gateway: beside the test bundle.
    static func tollgate() throws -> String {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let candidates = [
            URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("tollgate"),
            repository.appendingPathComponent(".build/debug/tollgate"),
        ]
        let found = candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
        return try #require(found, "the gateway is not built; run `swift build --build-tests`").path
    }

    /// A program on the search path.
    static func tool(_ name: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let found = path.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        return try #require(found, "`\(name)` is not installed; run `Scripts/install-dependencies --test`")
    }
}
