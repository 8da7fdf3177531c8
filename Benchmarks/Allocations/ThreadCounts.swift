// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Foundation

/// How many allocations the gateway's threads have made; the thread that asks plays both peers and counts for nothing.
struct ThreadCounts {
    /// Those of the shard's event loop.
    var shard: UInt64 = 0
    /// Those of all others: the store's writer, once the gateway is running.
    var writer: UInt64 = 0

    /// The difference of two readings.
    static func - (later: ThreadCounts, earlier: ThreadCounts) -> ThreadCounts {
        ThreadCounts(shard: later.shard &- earlier.shard, writer: later.writer &- earlier.writer)
    }
}

/// Watches the threads of this process from its first one.
struct ThreadWatch {
    /// Readings that must agree before the gateway counts as idle, and how long each is apart in microseconds.
    private static let agreement = 4
    private static let pause: UInt32 = 1500

    /// What the shard's thread is called.
    private static let shardPrefix = "NIO-ELT"

    /// Proves that each kind of allocation is counted, once; anything else would make every figure worthless.
    static func verify() throws {
        let before = allocation_counter_here()
        let made = allocation_counter_exercise()
        let counted = allocation_counter_here() &- before
        guard counted == UInt64(made) else {
            throw BenchmarkError("\(counted) of \(made) allocations were counted; the C library's own are in use")
        }
        // The first time counts more: the runtime prepares what it needs for the types.
        _ = arrays()
        let counts = arrays()
        guard counts.counted == counts.made else {
            throw BenchmarkError("\(counts.counted) allocations were counted for \(counts.made) arrays")
        }
    }

    /// Makes a thousand arrays; one allocation for each.
    private static func arrays() -> (made: UInt64, counted: UInt64) {
        var kept: [[UInt8]] = []
        kept.reserveCapacity(1000)
        let start = allocation_counter_here()
        for size in 1...1000 { kept.append([UInt8](repeating: 1, count: size)) }
        return (UInt64(kept.count), allocation_counter_here() &- start)
    }

    /// The counts once every other thread waits and has stopped allocating.
    func settled() throws -> ThreadCounts {
        var last = ThreadCounts()
        var agreed = 0
        for _ in 0..<4000 {
            usleep(Self.pause)
            let (counts, isIdle) = try read()
            let isSame = counts.shard == last.shard && counts.writer == last.writer
            agreed = isIdle && isSame ? agreed + 1 : 0
            if agreed == Self.agreement { return counts }
            last = counts
        }
        throw BenchmarkError("the gateway does not come to rest")
    }

    private func read() throws -> (ThreadCounts, isIdle: Bool) {
        var counts = ThreadCounts()
        var isIdle = true
        var hasShard = false
        let own = allocation_counter_this_thread()
        for thread in 0..<allocation_counter_threads() where thread != own {
            let number = allocation_counter_thread_id(thread)
            let allocations = allocation_counter_of(thread)
            guard let status = status(of: number) else {
                counts.writer &+= allocations
                continue
            }
            if status.name.hasPrefix(Self.shardPrefix) {
                counts.shard &+= allocations
                hasShard = true
            } else {
                counts.writer &+= allocations
            }
            if status.state != "S" { isIdle = false }
        }
        guard hasShard else { throw BenchmarkError("no thread is called \(Self.shardPrefix)…") }
        return (counts, isIdle)
    }

    /// A thread's name and state; nil when it has ended.
    private func status(of thread: Int32) -> (name: String, state: Character)? {
        guard let text = try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8),
            let start = text.firstIndex(of: "("), let end = text.lastIndex(of: ")"),
            let state = text[end...].dropFirst(2).first
        else { return nil }
        return (String(text[text.index(after: start)..<end]), state)
    }
}
