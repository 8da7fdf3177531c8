// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import Testing

@testable import Registrar

@Suite("RFC 5626 instances and flows, RFC 3327 Path")
struct OutboundTests {
    private static let one = "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\""
    private static let two = "+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000002>\""

    @Test("RFC 5626 §6 the same instance and reg-id replace the binding whatever its URI")
    func sameFlow() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.1>;reg-id=1;\(Self.one)"], callID: "c1")
        try scene.apply(["Contact: <sip:a@198.51.100.1>;reg-id=1;\(Self.one)"], callID: "c2")
        #expect(scene.contacts == ["sip:a@198.51.100.1"])
        #expect(scene.bindings.first?.registrationID == 1)
        #expect(scene.bindings.first?.instance == Array("<urn:uuid:00000000-0000-1000-8000-000a95a0e128>".utf8))
    }

    @Test("RFC 5626 §6 another reg-id or instance is another binding even with an equal URI")
    func otherFlow() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.1>;reg-id=1;\(Self.one)"])
        try scene.apply(["Contact: <sip:a@192.0.2.1>;reg-id=2;\(Self.one)"], cseq: 2)
        try scene.apply(["Contact: <sip:a@192.0.2.1>;reg-id=1;\(Self.two)"], cseq: 3)
        #expect(scene.bindings.count == 3)
        try scene.apply(["Contact: <sip:a@192.0.2.1>;reg-id=2;\(Self.one);expires=0"], cseq: 4)
        #expect(scene.bindings.map(\.registrationID) == [1, 1])
    }

    @Test("RFC 5626 §6 the CSeq rule holds for a flow too")
    func flowOutOfOrder() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.1>;reg-id=1;\(Self.one)"], cseq: 9)
        let outcome = try scene.apply(["Contact: <sip:a@192.0.2.9>;reg-id=1;\(Self.one)"], cseq: 9)
        #expect(outcome.refusal?.status == 500)
    }

    @Test("without reg-id a new contact of the same instance supersedes the old one")
    func sameInstance() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.1:1024>;\(Self.one)"], callID: "c1")
        try scene.apply(["Contact: <sip:a@192.0.2.1:2048>;\(Self.one)"], callID: "c2")
        #expect(scene.contacts == ["sip:a@192.0.2.1:2048"])
        try scene.apply(["Contact: <sip:b@192.0.2.1>;\(Self.two)"], callID: "c3")
        #expect(scene.bindings.count == 2)
    }

    @Test("without reg-id a late removal of the old address leaves the new one")
    func lateRemoval() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.1:1024>;\(Self.one)"], callID: "c1")
        try scene.apply(["Contact: <sip:a@192.0.2.1:2048>;\(Self.one)"], callID: "c2")
        let late = ["Contact: <sip:a@192.0.2.1:1024>;expires=0;\(Self.one)"]
        #expect(try !scene.apply(late, callID: "c1", cseq: 2).isChange)
        #expect(scene.contacts == ["sip:a@192.0.2.1:2048"])
    }

    @Test("two contacts of one instance in one REGISTER both stand and are refreshed together")
    func sameInstanceInOneRequest() throws {
        var scene = Scene()
        let line = "Contact: <sip:a@h>;\(Self.one), <sip:a@h;transport=tcp>;\(Self.one)"
        try scene.apply([line])
        try scene.apply([line], cseq: 2)
        #expect(scene.contacts == ["sip:a@h", "sip:a@h;transport=tcp"])
        #expect(scene.bindings.map(\.sequenceNumber) == [2, 2])
    }

    @Test("RFC 5626 §4.2 a reg-id without an instance says nothing")
    func registrationIDAlone() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>;reg-id=1"])
        #expect(scene.bindings.map(\.registrationID) == [nil])
        try scene.apply(["Contact: <sip:b@h>;reg-id=1"], cseq: 2)
        #expect(scene.bindings.count == 2)
    }

    @Test("RFC 5626 §6 a reg-id beside another contact to be bound is answered 400, beside a removal it is not")
    func secondContact() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:old@h>"])
        let line = "Contact: <sip:a@h>;reg-id=1;\(Self.one)"
        #expect(try scene.apply([line, "Contact: <sip:b@h>"], cseq: 2).refusal?.status == 400)
        #expect(try scene.apply([line, "Contact: <sip:old@h>;expires=0"], cseq: 2).isChange)
        #expect(scene.contacts == ["sip:a@h"])
    }

    @Test("RFC 3327 §5.3 the Path values are kept with the binding, topmost first, and go with a refresh without them")
    func path() throws {
        var scene = Scene()
        let lines = ["Path: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>", "Path: <sip:p0.example.com;lr>"]
        try scene.apply(["Contact: <sip:a@h>"] + lines)
        let expected = ["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>", "<sip:p0.example.com;lr>"]
        #expect(scene.bindings.map(\.path) == [expected.map { Array($0.utf8) }])
        try scene.apply(["Contact: <sip:a@h>"], cseq: 2)
        #expect(scene.bindings.map(\.path) == [[]])
    }

    @Test("RFC 3327 §5.3 the answer repeats Path to those alone who support it")
    func pathInAnswer() throws {
        let path = "Path: <sip:p1.example.com;lr>"
        let scene = Scene()
        #expect(answerText(scene, to: try message([path])).isEmpty)
        #expect(answerText(scene, to: try message([path, "Supported: gruu, PATH"])) == path + "\r\n")
    }
}
