// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The counts that must not be exceeded, as kept beside the sources.
struct Thresholds: Codable {
    /// How far a count may grow: by so many per cent, and by so many allocations beside.
    struct Tolerance: Codable {
        /// Per cent of the threshold.
        var percent: Double
        /// Allocations.
        var allocations: Double

        /// The largest count that passes.
        func limit(_ threshold: Double) -> Double {
            threshold * (1 + percent / 100) + allocations
        }
    }

    /// For the shard's thread, whose counts hardly vary.
    var shardTolerance = Tolerance(percent: 2, allocations: 2)
    /// For the writer's thread, which gathers more or fewer records into one commit as time goes.
    var writerTolerance = Tolerance(percent: 20, allocations: 5)
    /// Allocations of the shard's thread by step.
    var shard: [String: Double] = [:]
    /// Allocations of the writer's thread by step.
    var writer: [String: Double] = [:]

    /// Reads thresholds; throws when the file is missing or not of this form.
    static func load(_ path: String) throws -> Thresholds {
        try JSONDecoder().decode(Thresholds.self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// Writes them, in an order that makes differences easy to read.
    func save(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path))
    }

    /// What was counted beyond these thresholds, or counted without one; empty when all is well.
    func exceeded(by results: [StepResult]) -> [String] {
        results.flatMap { result in
            [
                Self.problem(result.name, "shard", result.shard, shard[result.name], shardTolerance),
                result.writer.flatMap {
                    Self.problem(result.name, "writer", $0, writer[result.name], writerTolerance)
                },
            ].compactMap { $0 }
        }
    }

    private static func problem(
        _ name: String,
        _ thread: String,
        _ count: Double,
        _ threshold: Double?,
        _ tolerance: Tolerance
    ) -> String? {
        guard let threshold else { return "\(name), \(thread): \(text(count)) allocations, and there is no threshold" }
        let limit = tolerance.limit(threshold)
        guard count > limit else { return nil }
        return "\(name), \(thread): \(text(count)) allocations; \(text(threshold)) were recorded, \(text(limit)) may be"
    }
}

/// What was counted for one step.
struct StepResult {
    /// The step.
    let name: String
    /// The median over all rounds, of the shard's thread.
    let shard: Double
    /// The mean over all rounds, of the writer's thread; nil where its work is not over when the step is.
    let writer: Double?
}

/// A count with at most one digit after the point.
func text(_ count: Double) -> String {
    let tenths = Int((count * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
}
