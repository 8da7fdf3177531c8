// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DryRun
import Testing
import TraceCapture

@Suite("A dry run holds no more than its limits say")
struct BoundsTests {
    private func run(
        _ count: Int,
        openCalls: Int,
        waiting: Int,
        heldBytes: Int = 64 << 20
    ) -> (DryRun, [JudgedCall]) {
        let snapshot = PolicySnapshot(customers: [], endpoints: [], numbers: [], trunks: [])
        let world = DryRunWorld(snapshot: snapshot, settings: CallSettings(gatewayHost: "x"))
        let options = DryRunOptions(openCalls: openCalls, waitingCalls: waiting, heldBytes: heldBytes)
        var run = DryRun(world, options: options)
        var calls: [JudgedCall] = []
        for place in 0..<count {
            let text = Message(name: "c\(place)").invite().replacing("\n", with: "\r\n")
            run.take(
                CapturedMessage(
                    bytes: Array(text.utf8),
                    time: CaptureTime(seconds: 1_700_000_000, nanoseconds: Int64(place) * 1_000_000),
                    source: CaptureAddress("192.0.2.10:5060"),
                    destination: CaptureAddress("10.0.0.1:5060"),
                    transport: .udp,
                    place: CapturePlace(file: "x", packet: place + 1)
                )
            )
            while let call = run.nextCall() { calls.append(call) }
        }
        run.finish()
        while let call = run.nextCall() { calls.append(call) }
        return (run, calls)
    }

    @Test("The oldest call gives way when too many are open, and every call comes out once, in order")
    func openCalls() {
        let (run, calls) = run(100, openCalls: 10, waiting: 5)
        #expect(calls.map(\.number) == Array(1...100))
        #expect(run.counts.evictedCalls == 90)
        #expect(calls.first?.notes.contains { $0.contains("10 calls were open at once") } == true)
    }

    @Test("The oldest call gives way when the open ones hold too many octets, and every call comes out once, in order")
    func heldBytes() {
        let length = Message(name: "c0").invite().utf8.count
        let (run, calls) = run(100, openCalls: 1_000, waiting: 1_000, heldBytes: 20 * length)
        #expect(calls.map(\.number) == Array(1...100))
        #expect((75...82).contains(run.counts.evictedCalls))
        #expect(calls.first?.notes.contains { $0.contains("held too much") } == true)
    }

    @Test("Calls come out in their order when none is given up")
    func order() {
        let (run, calls) = run(50, openCalls: 1_000, waiting: 5)
        #expect(calls.map(\.number) == Array(1...50))
        #expect(run.counts.evictedCalls == 0)
    }

    @Test("RFC 3261 §21.5.7: a message on a stream that is longer than the gateway takes is a call with 513")
    func tooLong() {
        let snapshot = PolicySnapshot(customers: [], endpoints: [], numbers: [], trunks: [])
        var run = DryRun(DryRunWorld(snapshot: snapshot, settings: CallSettings(gatewayHost: "x")))
        let body = String(repeating: "a=x\n", count: 14_000)
        let text = Message(name: "a").invite(body: body).replacing("\n", with: "\r\n")
        run.take(
            CapturedMessage(
                bytes: Array(text.utf8),
                time: nil,
                source: CaptureAddress("192.0.2.10:5060"),
                destination: CaptureAddress("10.0.0.1:5060"),
                transport: .tcp,
                place: CapturePlace(file: "x", packet: 1)
            )
        )
        run.finish()
        let call = run.nextCall()
        guard case .refused(let refusal)? = call?.verdict else {
            Issue.record("\(String(describing: call?.verdict))")
            return
        }
        #expect(refusal.status == 513)
        #expect(refusal.reason == "the message is longer than 65535 bytes")
        #expect(call?.callID == "a@phone")
    }
}
