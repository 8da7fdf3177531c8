// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Glibc

/// One thing to measure.
struct Microbenchmark {
    /// What is done.
    let name: String
    /// The most that one operation should take, in nanoseconds; nil where the design names no figure.
    let figure: Double?
    /// Makes ready for so many operations, and returns the operation; it is given the operation's number.
    ///
    /// What the operation returns depends on all its work, so that no compiler can leave any of it out.
    let prepare: (Int) throws -> (Int) throws -> Int

    /// Makes a benchmark.
    init(_ name: String, figure: Double? = nil, prepare: @escaping (Int) throws -> (Int) throws -> Int) {
        self.name = name
        self.figure = figure
        self.prepare = prepare
    }
}

/// What was measured.
struct Measurement {
    /// Nanoseconds of the thread's processor time for one operation: the median of all rounds, and the best one.
    let median: Double
    let best: Double
    /// Allocations of one operation.
    let allocations: Double

    private static let rounds = 31
    /// How long one round should take, in nanoseconds: long against the clock's resolution, short against a time slice.
    private static let roundLength = 10_000_000.0

    /// Measures a benchmark; `sink` takes all results.
    init(_ benchmark: Microbenchmark, sink: inout Int) throws {
        let trial = try Self.round(benchmark, 64, &sink)
        let count = min(max(Int(Self.roundLength / max(trial.nanoseconds, 1)), 64), 100_000)
        var times: [Double] = []
        var allocations: [Double] = []
        for _ in 0..<Self.rounds {
            let round = try Self.round(benchmark, count, &sink)
            times.append(round.nanoseconds)
            allocations.append(round.allocations)
        }
        times.sort()
        allocations.sort()
        median = times[times.count / 2]
        best = times[0]
        self.allocations = allocations[allocations.count / 2]
    }

    private static func round(
        _ benchmark: Microbenchmark,
        _ count: Int,
        _ sink: inout Int
    ) throws -> (nanoseconds: Double, allocations: Double) {
        let operation = try benchmark.prepare(count)
        let allocated = allocation_counter_here()
        let start = threadTime()
        for number in 0..<count { sink &+= try operation(number) }
        let time = threadTime() &- start
        let made = allocation_counter_here() &- allocated
        return (Double(time) / Double(count), Double(made) / Double(count))
    }

    /// The processor time that this thread has used, in nanoseconds.
    private static func threadTime() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Why a benchmark could not be run.
struct BenchmarkError: Error, CustomStringConvertible {
    /// What went wrong.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}
