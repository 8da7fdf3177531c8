// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import Foundation
import SIPMessage
import SIPTransaction
import Testing

/// When a call is anonymous, no byte that names the caller reaches the outside, in any message of the call's life.
///
/// Calls are played at random, whole ones and broken ones, and every byte that goes out is searched. A seed is a call:
/// `TOLLGATE_ANONYMITY_FLOWS=100000 swift test --filter AnonymityInvariantTests` plays more of them.
struct AnonymityInvariantTests {
    private static let blocks: UInt64 = 6

    private static var flowsPerBlock: UInt64 {
        let wished = ProcessInfo.processInfo.environment["TOLLGATE_ANONYMITY_FLOWS"].flatMap(UInt64.init) ?? 3000
        return max(1, wished / blocks)
    }

    @Test("RFC 3323 §4.1 no message of a hidden caller's call names the caller to the outside", arguments: 0..<blocks)
    func invariant(block: UInt64) throws {
        var totals = Totals()
        let seeds = block * Self.flowsPerBlock..<(block + 1) * Self.flowsPerBlock
        for seed in seeds {
            var flow = try HiddenFlow(seed: seed)
            try flow.play()
            if let leak = flow.leak {
                Issue.record("seed \(seed) tells \(leak.secret): \(leak.text)")
                return
            }
            totals.add(flow.harness)
        }
        print("anonymity: seeds \(seeds.lowerBound)–\(seeds.upperBound - 1), \(totals)")
        #expect(
            totals.methods.isSuperset(of: [.invite, .ack, .bye, .cancel, .prack, .update, .info, .refer, .options])
        )
        #expect(totals.messages > Int(Self.flowsPerBlock))
        #expect(totals.answered > 0 && totals.restarts > 0 && totals.asserted > 0)
    }

    @Test("a number that stands in for the caller's own is all that the outside learns", arguments: 0..<blocks)
    func substituted(block: UInt64) throws {
        for seed in block * Self.flowsPerBlock / 4..<(block + 1) * Self.flowsPerBlock / 4 {
            var flow = try HiddenFlow(seed: seed, .substituted)
            try flow.play()
            guard let leak = flow.leak else { continue }
            Issue.record("seed \(seed) tells \(leak.secret): \(leak.text)")
            return
        }
    }

    @Test("the search finds a caller who is not hidden")
    func searchFinds() throws {
        var flow = try HiddenFlow(seed: 1, .shown)
        try flow.play()
        #expect(flow.leak != nil)
    }
}

/// What was searched.
private struct Totals: CustomStringConvertible {
    var flows = 0
    var messages = 0
    var bytes = 0
    var answered = 0
    var restarts = 0
    var asserted = 0
    var methods: Set<Method> = []

    mutating func add(_ harness: Harness) {
        flows += 1
        messages += harness.toOutside.count
        for sent in harness.toOutside {
            bytes += sent.message.bytes.count
            if !sent.isResponse { methods.insert(sent.method) }
            if sent.header(.pAssertedIdentity) != nil { asserted += 1 }
        }
        if harness.records.contains(.answered) { answered += 1 }
        restarts += harness.restarts
    }

    var description: String {
        "\(flows) calls, \(answered) answered, \(restarts) restarts, \(messages) messages and \(bytes) bytes outward, "
            + "\(asserted) with an asserted identity to a trusted trunk"
    }
}
