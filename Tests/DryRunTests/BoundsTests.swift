// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DryRun
import Testing
import TraceCapture

@Suite("A dry run holds no more than its limits say")
struct BoundsTests {
    private func run(_ count: Int, openCalls: Int, waiting: Int) -> (DryRun, [JudgedCall]) {
        let snapshot = PolicySnapshot(customers: [], endpoints: [], numbers: [], trunks: [])
        let world = DryRunWorld(snapshot: snapshot, settings: CallSettings(gatewayHost: "x"))
        var run = DryRun(world, options: DryRunOptions(openCalls: openCalls, waitingCalls: waiting))
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

    @Test("Calls come out in their order when none is given up")
    func order() {
        let (run, calls) = run(50, openCalls: 1_000, waiting: 5)
        #expect(calls.map(\.number) == Array(1...50))
        #expect(run.counts.evictedCalls == 0)
    }
}
