// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallLifecycle
import CallPolicy
import SIPMessage
import SIPTransaction
import Testing

/// Events in any order: whatever the peers do, a call ends once, cleanly.
struct RandomCallTests {
    private struct Run {
        var generator: SeededGenerator
        let harness: Harness
        /// Whether the caller asked to be hidden from a trunk.
        let isHidden: Bool
        private var number = 1

        init(seed: UInt64) throws {
            generator = SeededGenerator(seed: seed)
            var deployment = Deployment()
            let passesREFER = Bool.random(using: &generator)
            deployment.trunks = (1...3).map { number in
                Deployment.trunk(number) {
                    $0.passesREFER = passesREFER
                    $0.redirectHosts = ["gw.carrier.example"]
                }
            }
            let isForked = Bool.random(using: &generator)
            let body = Bool.random(using: &generator) ? Caller.offer : ""
            let choices = [
                [], [], ["Privacy: id"], ["Allow: UPDATE"], ["Replaces: x;to-tag=0700000000000009;from-tag=y"],
            ]
            let headers = choices[Int.random(in: 0..<choices.count, using: &generator)]
            isHidden = !isForked && headers == ["Privacy: id"]
            harness =
                try isForked
                ? Harness(deployment, to: "1002", targets: ForkTests.targets(3), headers: headers, body: body)
                : Harness(deployment, headers: headers, body: body)
            if Bool.random(using: &generator) {
                harness.credentials = { _, _, _, _ in TrunkCredentials(isProxy: true, value: Array("Digest x".utf8)) }
            }
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element? {
            elements.isEmpty ? nil : elements[Int.random(in: 0..<elements.count, using: &generator)]
        }

        /// A message to a trunk that names the hidden caller.
        var secretTold: String? {
            harness.toOutside.map(\.text).first { text in Caller.secrets.contains { text.contains($0) } }
        }

        mutating func step() throws {
            switch Int.random(in: 0..<26, using: &generator) {
            case 0...8: try answer()
            case 9: harness.callerCancels()
            case 10: try acknowledge()
            case 11...13: try callerSends()
            case 14, 15: try outsideSends()
            case 16: try fail()
            case 17...19: harness.advance(milliseconds: Int64.random(in: 0...40_000, using: &generator))
            case 20: fireAnyTimer()
            case 21: try acknowledgeFromOutside()
            case 22 where Int.random(in: 0..<8, using: &generator) == 0:
                harness.event { $0.hangUp(status: 480, text: "test", cause: .normalClearing, &$1) }
            case 22: harness.begin()
            case 23, 24: harness.found(pick([nil, ReplacedDialog(Array("a;to-tag=b;from-tag=c".utf8))]) ?? nil)
            default: harness.event { $0.cancelReceived(for: 3, &$1) }
            }
        }

        private mutating func answer() throws {
            let requests = harness.clients.values.filter { isAnswerable($0) }.sorted {
                $0.sent.transaction < $1.sent.transaction
            }
            guard let client = pick(requests) else { return }
            let statuses = [100, 180, 183, 183, 200, 200, 202, 302, 401, 407, 408, 481, 486, 487, 488, 491, 503, 603]
            guard let status = pick(statuses), let tag = pick(["a", "b"]) else { return }
            var headers = status == 183 ? ["Require: 100rel", "RSeq: \(Int.random(in: 1...9, using: &generator))"] : []
            if status == 302 { headers = [pick(Self.redirections) ?? ""] }
            if status == 200, let timer = pick([nil, nil, "Session-Expires: 90", "Allow: UPDATE"]) ?? nil {
                headers.append(timer)
            }
            let body = pick(["", Caller.offer]) ?? ""
            try harness.answer(client.sent, status, tag: tag, headers, body: body)
        }

        private static let redirections = [
            "Contact: <sip:+13125550123@gw.carrier.example>", "Contact: <sip:+13125550123@192.0.2.1:5070>",
            "Contact: <sip:+13125550123@evil.example>",
        ]
        private static let transfers = [
            "Refer-To: <sip:carol@example.org>", "Refer-To: <sip:>",
            "Refer-To: <sip:carol@example.org?Replaces=x%3Bto-tag%3D0700000000000009%3Bfrom-tag%3Dy>",
            "Refer-To: <sip:carol@example.org?Replaces=x%3Bto-tag%3D9%3Bfrom-tag%3Dy>",
        ]

        /// Header fields that a method needs.
        private mutating func headers(of method: String) -> [String] {
            switch method {
            case "PRACK": ["RAck: 1 1 INVITE"]
            case "REFER": [pick(Self.transfers) ?? ""]
            case "NOTIFY", "SUBSCRIBE":
                [
                    pick([
                        "Event: refer", "Event: refer;id=\(Int.random(in: 1...9, using: &generator))", "Event: dialog",
                    ]) ?? ""
                ]
            default: []
            }
        }

        /// A transaction with a final response delivers no more, but for further 2xx to an INVITE (RFC 6026 §8.4).
        private func isAnswerable(_ client: Client) -> Bool { !client.isDone || client.sent.method == .invite }

        private mutating func callerSends() throws {
            number += 1
            let methods = [
                "BYE", "INVITE", "UPDATE", "INFO", "PRACK", "REFER", "OPTIONS", "INVITE", "UPDATE", "NOTIFY",
                "SUBSCRIBE",
            ]
            let tags = harness.toCaller.filter { $0.isResponse && $0.status > 100 }.map {
                $0.message.text($0.message.mandatory.toTag)
            }
            guard let method = pick(methods), let tag = pick(tags) else { return }
            let headers = headers(of: method)
            try harness.callerSends(method, headers, toTag: tag, body: pick(["", Caller.offer]) ?? "", number: number)
        }

        private mutating func acknowledge() throws {
            guard harness.toCaller.contains(where: { $0.isResponse && $0.transaction == 1 && $0.status > 100 }) else {
                return
            }
            try harness.callerAcknowledges(number: Bool.random(using: &generator) ? 1 : number)
        }

        private mutating func outsideSends() throws {
            let invites = harness.toOutside.filter { $0.method == .invite && !$0.isResponse }
            guard let invite = pick(invites.filter { !($0.header(.to) ?? "").contains("tag=") }),
                let method = pick(["BYE", "INVITE", "UPDATE", "INFO", "REFER", "NOTIFY", "SUBSCRIBE"]),
                let tag = pick(["a", "b"])
            else { return }
            let body = pick(["", Caller.offer]) ?? ""
            try harness.outsideSends(method, in: invite, tag: tag, headers(of: method), body: body)
        }

        private mutating func acknowledgeFromOutside() throws {
            let answers = harness.toOutside.filter { $0.isResponse && $0.method == .invite && $0.status == 200 }
            guard let answer = pick(answers), let invite = harness.toOutside.first(where: { $0.method == .invite })
            else {
                return
            }
            try harness.outsideSends(
                "ACK",
                in: invite,
                tag: pick(["a", "b"]) ?? "a",
                number: Int(answer.message.mandatory.sequenceNumber)
            )
        }

        private mutating func fail() throws {
            let open = harness.clients.filter { !$0.value.isDone }.keys.sorted()
            guard let transaction = pick(open) else { return }
            harness.fail(transaction, Bool.random(using: &generator) ? .timeout : .transport)
        }

        private mutating func fireAnyTimer() {
            let timers = harness.timers.keys.sorted { "\($0)" < "\($1)" }
            guard let timer = pick(timers) else { return }
            harness.timers[timer] = nil
            harness.event { $0.timerFired(timer, &$1) }
        }
    }

    @Test("Any order of events leaves one final answer per transaction and one end", arguments: 0..<6)
    func anyOrder(block: UInt64) throws {
        var statuses: Set<Int> = []
        for seed in (block * 500)..<(block * 500 + 500) {
            var run = try Run(seed: seed)
            if Int.random(in: 0..<20, using: &run.generator) > 0 { run.harness.begin() }
            for _ in 0..<Int.random(in: 1...60, using: &run.generator) { try run.step() }
            run.harness.begin()
            while !run.harness.searches.isEmpty { run.harness.found(nil) }
            run.harness.advance(seconds: 8000)
            let harness = run.harness
            guard harness.isFinished, harness.problems.isEmpty, harness.ends.count == 1,
                harness.served.isSubset(of: harness.finals.keys)
            else {
                Issue.record(
                    "seed \(seed): \(harness.isFinished) \(harness.ends) \(harness.problems) \(harness.served.subtracting(harness.finals.keys))"
                )
                return
            }
            #expect(harness.call.status == .hangup)
            if run.isHidden, let told = run.secretTold {
                Issue.record("seed \(seed): \(told)")
                return
            }
            if case .ended(let status, _)? = harness.ends.first { statuses.insert(status) }
        }
        // The runs reach answers, refusals, give-ups and timeouts alike.
        #expect(statuses.isSuperset(of: [0, 408, 486, 487, 603]))
    }
}
