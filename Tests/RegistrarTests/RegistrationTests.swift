// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import Testing

@testable import Registrar

@Suite("RFC 3261 §10.3 processing REGISTER requests")
struct RegistrationTests {
    // MARK: - Step 6

    @Test("§10.3 step 6 without Contact the bindings are only told")
    func query() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.7>"])
        let before = scene.bindings
        // The CSeq of a query is compared with nothing.
        let outcome = try scene.apply(["Expires: 0"], cseq: 1)
        #expect(outcome == .answer(bindings: before, changed: false))
    }

    @Test("§10.3 step 6 an asterisk with Expires 0 removes every binding")
    func wildcard() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.7>, <sip:b@192.0.2.8>"])
        let outcome = try scene.apply(["Contact: *", "Expires: 0"], cseq: 2)
        #expect(outcome == .answer(bindings: [], changed: true))
        #expect(try scene.apply(["Contact: *", "Expires: 0"], cseq: 3) == .answer(bindings: [], changed: false))
    }

    @Test(
        "§10.3 step 6 an asterisk with company or another Expires is answered 400",
        arguments: [
            ["Contact: *"], ["Contact: *", "Expires: 1"], ["Contact: *", "Expires: zero"],
            ["Contact: *", "Contact: <sip:a@h>", "Expires: 0"], ["Contact: <sip:a@h>", "Contact: *", "Expires: 0"],
            ["Contact: *", "Contact: *", "Expires: 0"],
        ]
    )
    func misplacedWildcard(_ lines: [String]) throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.7>"])
        #expect(try scene.apply(lines, cseq: 2).refusal?.status == 400)
        #expect(scene.contacts == ["sip:a@192.0.2.7"])
    }

    @Test("§10.3 step 6 an asterisk with the same Call-ID needs a higher CSeq", arguments: [4, 5])
    func wildcardOutOfOrder(_ cseq: Int) throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@192.0.2.7>"], cseq: 5)
        #expect(try scene.apply(["Contact: *", "Expires: 0"], cseq: cseq).refusal?.status == 500)
        #expect(try scene.apply(["Contact: *", "Expires: 0"], callID: "b", cseq: 1).isChange)
    }

    // MARK: - Step 7: intervals

    @Test(
        "§10.3 step 7 the interval comes from the parameter, the header field, or the default",
        arguments: [
            (["Contact: <sip:a@h>;expires=90", "Expires: 600"], 90),
            (["Contact: <sip:a@h>", "Expires: 600"], 600),
            (["Contact: <sip:a@h>"], 1800),
            (["Contact: <sip:a@h>;expires=7201"], 7200),
            (["Contact: <sip:a@h>;expires=4294967295"], 7200),
            (["Contact: <sip:a@h>;EXPIRES=61"], 61),
        ]
    )
    func interval(_ lines: [String], _ seconds: Int) throws {
        var scene = Scene()
        scene.limits.defaultExpires = 1800
        try scene.apply(lines)
        #expect(scene.bindings.map { $0.secondsLeft(at: scene.now) } == [seconds])
    }

    @Test(
        "§10.2.1.1 an interval that is not a number counts as 3600",
        arguments: ["soon", "-1", "4294967296", "\"60\"", "1.5"]
    )
    func malformedInterval(_ text: String) throws {
        var scene = Scene()
        scene.limits.defaultExpires = 120
        try scene.apply(["Contact: <sip:a@h>;expires=\(text)", "Contact: <sip:b@h>;expires"])
        try scene.apply(["Contact: <sip:c@h>", "Expires: \(text)"], cseq: 2)
        #expect(scene.bindings.map { $0.secondsLeft(at: scene.now) } == [3600, 3600, 3600])
    }

    @Test("§10.3 step 7 an interval below the minimum is answered 423 with Min-Expires")
    func tooBrief() throws {
        var scene = Scene()
        let refusal = try scene.apply(["Contact: <sip:a@h>;expires=59"]).refusal
        #expect(refusal?.status == 423)
        #expect(refusal?.minExpires == 60)
        var composer = MessageComposer()
        refusal?.append(to: &composer, agent: "edge")
        let expected = "Min-Expires: 60\r\nWarning: 399 edge \"the shortest interval is 60 seconds\"\r\n"
        #expect(String(decoding: composer.bytes, as: UTF8.self) == expected)
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=60"]).isChange)
    }

    @Test("§10.3 step 7 an interval of an hour is never too brief, nor is a removal")
    func neverTooBrief() throws {
        var scene = Scene()
        scene.limits.minExpires = 5000
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=3599"]).refusal?.status == 423)
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=3600"]).isChange)
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=0"], cseq: 2) == .answer(bindings: [], changed: true))
    }

    // MARK: - Step 7: updates

    @Test("§10.3 step 7 a new contact is added with all that its REGISTER says")
    func addition() throws {
        var scene = Scene()
        let line = "Contact: \"A\" <sip:a@h;x=1?Subject=y>;q=0.25;expires=100"
        let outcome = try scene.apply([line, "User-Agent: Phone/1"], callID: "c1", cseq: 7)
        let expected = Binding(
            contact: Array("sip:a@h;x=1?Subject=y".utf8),
            callID: Array("c1".utf8),
            sequenceNumber: 7,
            expires: WallTime(milliseconds: scene.now.milliseconds + 100_000),
            registered: scene.now,
            quality: 250,
            flow: scene.flow,
            userAgent: Array("Phone/1".utf8)
        )
        #expect(outcome == .answer(bindings: [expected], changed: true))
    }

    @Test("§10.3 step 7 an equal URI updates the binding")
    func refresh() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:%61@EXAMPLE.net;x=1>", "Expires: 100"])
        scene.pass(seconds: 50)
        scene.flow.port = 5099
        try scene.apply(["Contact: <sip:a@example.net>", "Expires: 100"], cseq: 2)
        #expect(scene.contacts == ["sip:a@example.net"])
        #expect(scene.bindings.first?.sequenceNumber == 2)
        #expect(scene.bindings.first?.flow.port == 5099)
        #expect(scene.bindings.first?.secondsLeft(at: scene.now) == 100)
    }

    @Test("§10.3 step 7 the same Call-ID with a CSeq not higher fails the whole request", arguments: [4, 5])
    func outOfOrder(_ cseq: Int) throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>"], cseq: 5)
        let before = scene.bindings
        scene.pass(seconds: 1)
        #expect(try scene.apply(["Contact: <sip:b@h>, <sip:a@h>"], cseq: cseq).refusal?.status == 500)
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=0"], cseq: cseq).refusal?.status == 500)
        #expect(scene.bindings == before)
    }

    @Test("§10.3 step 7 another Call-ID updates or removes whatever its CSeq")
    func otherCallID() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>"], callID: "c1", cseq: 50)
        #expect(try scene.apply(["Contact: <sip:a@h>"], callID: "c2", cseq: 1).isChange)
        #expect(scene.bindings.map(\.callID) == [Array("c2".utf8)])
        #expect(scene.bindings.map(\.sequenceNumber) == [1])
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=0"], callID: "c3", cseq: 1).isChange)
        #expect(scene.bindings.isEmpty)
    }

    @Test("§10.3 step 7 an interval of zero removes one binding and leaves the others")
    func removal() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>, <sip:b@h>"])
        #expect(try scene.apply(["Contact: <sip:a@h>", "Expires: 0"], cseq: 2).isChange)
        #expect(scene.contacts == ["sip:b@h"])
        #expect(try !scene.apply(["Contact: <sip:nobody@h>;expires=0"], cseq: 3).isChange)
        #expect(scene.contacts == ["sip:b@h"])
    }

    @Test("§10.3 step 7 contacts are processed in turn")
    func inTurn() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>;q=0.1, <sip:b@h>, <sip:a@H>;q=0.2"])
        #expect(scene.contacts == ["sip:b@h", "sip:a@H"])
        try scene.apply(["Contact: <sip:c@h>, <sip:c@h>;expires=0"], cseq: 2)
        #expect(scene.contacts == ["sip:b@h", "sip:a@H"])
    }

    @Test("§19.1.4 equality is not transitive: a contact replaces every binding equal to it")
    func replacesAllEqual() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:c@h;security=on>, <sip:c@h;security=off>"])
        #expect(scene.bindings.count == 2)
        try scene.apply(["Contact: <sip:c@h>"], cseq: 2)
        #expect(scene.contacts == ["sip:c@h"])
    }

    @Test(
        "§10.3 step 7 all or none: one invalid contact refuses the request",
        arguments: [
            ("Contact: <name:John_Smith>", 400), ("Contact: <tel:+15551234>", 400), ("Contact: <urn:service:sos>", 400),
            ("Contact: <sip:b@h>;q=2", 400), ("Contact: <sip:b@h>;q=1.001", 400), ("Contact: <sip:b@h>;q=0.1234", 400),
            ("Contact: <sip:b@h>;q=.5", 400), ("Contact: <sip:b@h>;q", 400), ("Contact: <sip:b@h>;q=0.5;q=0.5", 400),
            ("Contact: <sip:b@h>;expires=60;expires=0", 400), ("Contact: <sip:b@h>;expires=1", 423),
            ("Contact: <sip:b@h>;+sip.instance=x", 400), ("Contact: <sip:b@h>;+sip.instance=\"\"", 400),
            ("Contact: <sip:b@h>;reg-id=0;+sip.instance=\"<urn:x:y>\"", 400),
            ("Contact: <sip:b@h>;reg-id=2147483648;+sip.instance=\"<urn:x:y>\"", 400),
        ]
    )
    func allOrNone(_ line: String, _ status: Int) throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>"])
        let before = scene.bindings
        let outcome = try scene.apply(["Contact: <sip:a@h>;expires=0", "Contact: <sip:new@h>", line], cseq: 2)
        #expect(outcome.refusal?.status == status)
        #expect(scene.bindings == before)
    }

    @Test(
        "§20.10 q is kept in thousandths",
        arguments: [("0", 0), ("1", 1000), ("0.", 0), ("1.000", 1000), ("0.07", 70)]
    )
    func quality(_ text: String, _ thousandths: Int) throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>;q=\(text)"])
        #expect(scene.bindings.map(\.quality) == [thousandths])
    }

    // MARK: - Step 8

    @Test("§10.3 step 8 the answer lists every binding with the seconds it has left")
    func answer() throws {
        var scene = Scene()
        let instance = "+sip.instance=\"<urn:uuid:1>\""
        try scene.apply([
            "Contact: <sip:a@h;x=1>;q=0.5;expires=100", "Contact: <sip:b@h>;q=0.07;expires=90;\(instance)",
        ])
        try scene.apply(["Contact: <sip:c@h>;reg-id=3;q=1;\(instance)"], cseq: 2)
        try scene.apply(["Contact: <sip:d@h>;q=0;expires=80"], cseq: 3)
        scene.pass(seconds: 30)
        #expect(
            answerText(scene, to: try message([])) == """
                Contact: <sip:a@h;x=1>;expires=70;q=0.5\r
                Contact: <sip:b@h>;expires=60;q=0.07;+sip.instance="<urn:uuid:1>"\r
                Contact: <sip:c@h>;expires=3570;+sip.instance="<urn:uuid:1>";reg-id=3\r
                Contact: <sip:d@h>;expires=50;q=0\r

                """
        )
    }
}
