// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SIPMessage

/// Registers and calls, one at a time, and keeps what each step cost.
///
/// Each step waits until the gateway is at rest, so that no datagram is ever read together with the next one: how many
/// of them share one system call would otherwise decide the count.
struct Run {
    private static let register = "REGISTER (401 and 200)"
    private static let challenge = "INVITE challenged (407, ACK)"
    private static let relay = "INVITE relayed"
    private static let answer = "call answered (180, 200, ACK)"
    private static let end = "call ended (BYE, 200)"
    private static let whole = "complete call"

    private let rig: Rig
    private let watch = ThreadWatch()
    private var shard: [String: [UInt64]] = [:]
    private var writer: [String: Double] = [:]

    /// Makes a run over a started gateway.
    init(rig: Rig) {
        self.rig = rig
    }

    /// Drops what was counted so far.
    mutating func forget() {
        shard = [:]
        writer = [:]
    }

    /// One registration: the REGISTER without credentials and its 401, the REGISTER with them and its 200.
    mutating func registration() throws {
        try step(Self.register) { try $0.telephone.registerOnce() }
    }

    /// One call through all its steps.
    mutating func call() throws {
        let start = try watch.settled()
        let challenge = try step(Self.challenge) { try $0.telephone.openCall() }
        let invite = try step(Self.relay) { rig in
            try rig.telephone.offerCall(challenge)
            return try rig.farEnd.awaitRequest(.invite)
        }
        let watch = watch
        let success = try step(Self.answer) { rig in
            try rig.farEnd.ring(invite, gateway: rig.gateway)
            try rig.telephone.awaitRinging()
            _ = try watch.settled()
            try rig.farEnd.accept(invite, gateway: rig.gateway)
            let success = try rig.telephone.acknowledge()
            _ = try rig.farEnd.awaitRequest(.ack)
            return success
        }
        try step(Self.end) { rig in
            try rig.telephone.hangUp(success)
            let bye = try rig.farEnd.awaitRequest(.bye)
            _ = try watch.settled()
            try rig.farEnd.confirm(bye, gateway: rig.gateway)
        }
        shard[Self.whole, default: []].append((try watch.settled() - start).shard)
    }

    /// Registers so many times, and notes what the writer's thread did for each.
    mutating func wholeRegistrations(_ rounds: Int) throws {
        try writing(Self.register, rounds) { try $0.registration() }
    }

    /// Calls so many times, and notes what the writer's thread did for each.
    mutating func wholeCalls(_ rounds: Int) throws {
        try writing(Self.whole, rounds) { try $0.call() }
    }

    /// The counts of every step.
    var results: [StepResult] {
        [Self.register, Self.challenge, Self.relay, Self.answer, Self.end, Self.whole].compactMap { name in
            guard let counts = shard[name]?.sorted(), !counts.isEmpty else { return nil }
            return StepResult(name: name, shard: Double(counts[counts.count / 2]), writer: writer[name])
        }
    }

    @discardableResult
    private mutating func step<Value>(_ name: String, _ body: (Rig) throws -> Value) throws -> Value {
        let before = try watch.settled()
        let value = try body(rig)
        shard[name, default: []].append((try watch.settled() - before).shard)
        return value
    }

    private mutating func writing(_ name: String, _ rounds: Int, _ body: (inout Run) throws -> Void) throws {
        flushed()
        let before = try watch.settled()
        for _ in 0..<rounds { try body(&self) }
        flushed()
        writer[name] = Double((try watch.settled() - before).writer) / Double(rounds)
    }

    /// Lets the writer's thread write what it holds back.
    private func flushed() {
        usleep(1_500_000)
    }
}
