// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SIPMessage

/// Counts the allocations of registrations and calls through a running gateway.
@main
enum Allocations {
    /// Rounds before counting begins, which fill tables and caches, and rounds that count.
    private static let warmUp = 40
    private static let rounds = 100

    static func main() async {
        do {
            let arguments = try Arguments(CommandLine.arguments)
            try ThreadWatch.verify()
            let results = try await count(arguments.folder)
            try report(results, arguments)
        } catch {
            FileHandle.standardError.write(Data("allocations: \(error)\n".utf8))
            exit(2)
        }
    }

    private static func count(_ folder: String) async throws -> [StepResult] {
        let rig = try await Rig.start(folder)
        var run = Run(rig: rig)
        for _ in 0..<warmUp {
            try run.registration()
            try run.call()
        }
        run.forget()
        try run.wholeRegistrations(rounds)
        try run.wholeCalls(rounds)
        try await rig.stop()
        return run.results
    }

    private static func report(_ results: [StepResult], _ arguments: Arguments) throws {
        print("allocations                        shard thread   store writer")
        for result in results {
            let name = result.name.padding(toLength: 34, withPad: " ", startingAt: 0)
            let shard = text(result.shard)
            let writer = result.writer.map(text) ?? ""
            print(name, String(repeating: " ", count: max(0, 12 - shard.count)) + shard, terminator: "")
            print(String(repeating: " ", count: max(0, 15 - writer.count)) + writer)
        }
        switch arguments.mode {
        case .show: return
        case .update:
            var thresholds = (try? Thresholds.load(arguments.thresholds)) ?? Thresholds()
            thresholds.shard = Dictionary(uniqueKeysWithValues: results.map { ($0.name, $0.shard) })
            thresholds.writer = Dictionary(
                uniqueKeysWithValues: results.compactMap { result in
                    result.writer.map { (result.name, ($0 * 10).rounded() / 10) }
                }
            )
            try thresholds.save(arguments.thresholds)
        case .check:
            let problems = try Thresholds.load(arguments.thresholds).exceeded(by: results)
            for problem in problems { print("exceeded: \(problem)") }
            if !problems.isEmpty { exit(1) }
            print("All within the thresholds.")
        }
    }
}

/// What the command was asked to do.
struct Arguments {
    /// What to do with the counts.
    enum Mode {
        /// Print them.
        case show
        /// Print them, and fail when one exceeds its threshold.
        case check
        /// Print them and make them the thresholds.
        case update
    }

    /// What to do.
    var mode = Mode.show
    /// The folder that this command belongs to.
    let folder: String
    /// The file of the thresholds.
    var thresholds: String { folder + "/Thresholds/allocations.json" }

    /// Reads the command line: the folder, then perhaps `--check` or `--update`.
    init(_ words: [String]) throws {
        guard words.count >= 2, words.count <= 3 else {
            throw BenchmarkError("usage: allocations FOLDER [--check | --update]")
        }
        folder = words[1]
        guard words.count == 3 else { return }
        switch words[2] {
        case "--check": mode = .check
        case "--update": mode = .update
        default: throw BenchmarkError("no such option: \(words[2])")
        }
    }
}
