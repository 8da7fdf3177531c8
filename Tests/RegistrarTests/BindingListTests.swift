// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import Testing

@testable import Registrar

@Suite("Bindings over time")
struct BindingListTests {
    private func binding(_ user: String, until end: Int64, q quality: Int = 1000, at start: Int64 = 0) -> Binding {
        Binding(
            contact: Array("sip:\(user)@h".utf8),
            callID: [],
            sequenceNumber: 1,
            expires: WallTime(milliseconds: end),
            registered: WallTime(milliseconds: start),
            quality: quality,
            flow: RegistrationFlow(transport: .udp, host: "192.0.2.1", port: 5060)
        )
    }

    @Test("a binding ends at its instant, not before")
    func end() {
        let list = [binding("a", until: 10_000), binding("b", until: 20_000)]
        #expect(list.pruned(at: WallTime(milliseconds: 9_999)) == list)
        #expect(list.pruned(at: WallTime(milliseconds: 10_000)) == [list[1]])
        #expect(list.hasLiveBinding(at: WallTime(milliseconds: 19_999)))
        #expect(!list.hasLiveBinding(at: WallTime(milliseconds: 20_000)))
        #expect(list.nextExpiry == WallTime(milliseconds: 10_000))
        #expect([Binding]().nextExpiry == nil)
    }

    @Test("the seconds left are whole, and 1 at least while the binding lives")
    func secondsLeft() {
        let one = binding("a", until: 10_000)
        #expect(one.secondsLeft(at: WallTime(milliseconds: 0)) == 10)
        #expect(one.secondsLeft(at: WallTime(milliseconds: 1)) == 9)
        #expect(one.secondsLeft(at: WallTime(milliseconds: 9_999)) == 1)
        #expect(one.secondsLeft(at: WallTime(milliseconds: 10_000)) == 0)
        #expect(binding("b", until: .max).secondsLeft(at: WallTime(milliseconds: -1)) == .max)
    }

    @Test("§16.6 forking goes by q, then by the latest refresh")
    func forkingOrder() {
        let list = [
            binding("low", until: 9, q: 100, at: 5), binding("old", until: 9, at: 1), binding("new", until: 9, at: 2),
            binding("gone", until: 3, at: 2),
        ]
        let order = list.inForkingOrder(at: WallTime(milliseconds: 3))
        #expect(order == [list[2], list[1], list[0]])
    }

    @Test("an ended binding neither counts as a CSeq to beat nor fills the list")
    func endedBinding() throws {
        var scene = Scene()
        scene.limits.maxContacts = 1
        try scene.apply(["Contact: <sip:a@h>;expires=60"], cseq: 9)
        scene.pass(seconds: 60)
        #expect(try scene.apply([]) == .answer(bindings: [], changed: false))
        #expect(try scene.apply(["Contact: <sip:b@h>, <sip:a@h>;expires=0"], cseq: 3).isChange)
        #expect(scene.contacts == ["sip:b@h"])
    }

    @Test("a refresh before the end keeps the binding alive")
    func refreshInTime() throws {
        var scene = Scene()
        for round in 1...5 {
            try scene.apply(["Contact: <sip:a@h>;expires=60"], cseq: round)
            scene.pass(seconds: 59)
            #expect(scene.bindings.hasLiveBinding(at: scene.now))
        }
        scene.pass(seconds: 1)
        #expect(!scene.bindings.hasLiveBinding(at: scene.now))
    }
}

@Suite("Flows as text")
struct RegistrationFlowTests {
    @Test("a flow's text reads back without its connection")
    func roundTrip() {
        var flow = RegistrationFlow(transport: .tcp, host: "2001:db8::1", port: 5061, connection: 17, listener: 2)
        #expect(flow.text == "tcp 2001:db8::1 5061 2")
        let read = RegistrationFlow(text: flow.text)
        flow.connection = 0
        #expect(read == flow)
    }

    @Test(
        "anything else is no flow",
        arguments: [
            "", "udp", "udp h 5060", "udp h 65536 0", "udp h -1 0", "udp h 1 -1", "sctp h 1 0", "udp  1 0",
            "udp h 1 0 ",
        ]
    )
    func malformed(_ text: String) {
        #expect(RegistrationFlow(text: text) == nil)
    }
}
