// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite(.timeLimit(.minutes(3)))
struct ReplayTests {
    @Test("Each trace is carried as it is written, on both legs, and recorded", arguments: Scenario.all)
    func trace(_ name: String) async throws {
        let scenario = try Scenario(named: name)
        #expect(!scenario.steps.isEmpty)
        var player = Player(scenario)
        let calls = try await player.play().map(\.words)
        try #require(calls.count == scenario.records.count, "\(name).txt: \(calls.count) calls were recorded")
        for (call, expected) in zip(calls, scenario.records) {
            for (key, value) in expected { #expect(call[key] == value, "\(name).txt: record, \(key)") }
        }
    }
}
