// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import Testing

@testable import Registrar

@Suite("Limits of the registrar")
struct RegistrarLimitsTests {
    @Test("one contact more than the bound is answered 403, a refresh at the bound is not")
    func contacts() throws {
        var scene = Scene()
        scene.limits.maxContacts = 2
        try scene.apply(["Contact: <sip:a@h>, <sip:b@h>"])
        let refusal = try scene.apply(["Contact: <sip:c@h>"], cseq: 2).refusal
        #expect(refusal?.status == 403)
        #expect(refusal?.reason == "no more than 2 contacts can be registered")
        #expect(try scene.apply(["Contact: <sip:a@h>, <sip:b@h>"], cseq: 3).isChange)
        #expect(try scene.apply(["Contact: <sip:a@h>;expires=0, <sip:c@h>"], cseq: 4).isChange)
        #expect(scene.contacts == ["sip:b@h", "sip:c@h"])
    }

    @Test("a request may remove as many contacts as it adds, and no more than both are read")
    func contactsInOneRequest() throws {
        var scene = Scene()
        scene.limits.maxContacts = 2
        try scene.apply(["Contact: <sip:a@h>, <sip:b@h>"])
        let swap = "Contact: <sip:a@h>;expires=0, <sip:b@h>;expires=0, <sip:c@h>, <sip:d@h>"
        #expect(try scene.apply([swap], cseq: 2).isChange)
        let removals = (0..<5).map { "<sip:x\($0)@h>;expires=0" }.joined(separator: ",")
        #expect(try scene.apply(["Contact: \(removals)"], cseq: 3).refusal?.status == 403)
    }

    @Test("bindings kept from before a bound was lowered can be refreshed and removed")
    func loweredBound() throws {
        var scene = Scene()
        try scene.apply(["Contact: <sip:a@h>, <sip:b@h>, <sip:c@h>"])
        scene.limits.maxContacts = 1
        scene.limits.maxTotalBytes = 1
        #expect(try scene.apply(["Contact: <sip:a@h>"], cseq: 2).isChange)
        #expect(try scene.apply(["Contact: <sip:d@h>"], cseq: 3).refusal?.status == 403)
        #expect(try scene.apply(["Contact: <sip:b@h>;expires=0"], cseq: 4).isChange)
    }

    @Test("contacts, paths and instances together are bounded in bytes")
    func totalBytes() throws {
        var scene = Scene()
        scene.limits.maxTotalBytes = 300
        try scene.apply(["Contact: <sip:a@h>"])
        let long = String(repeating: "x", count: 200)
        #expect(try scene.apply(["Contact: <sip:\(long)@h>"], cseq: 2).isChange)
        #expect(try scene.apply(["Contact: <sip:\(long)b@h>"], cseq: 3).refusal?.status == 403)
        #expect(try scene.apply(["Contact: <sip:a@h>", "Path: <sip:\(long)@p;lr>"], cseq: 4).refusal?.status == 403)
        #expect(scene.bindings.count == 2)
    }

    @Test("the user agent is cut to its bound and its control characters become blanks")
    func userAgent() throws {
        var scene = Scene()
        scene.limits.maxUserAgentBytes = 4
        try scene.apply(["Contact: <sip:a@h>", "User-Agent: a\tb\tc"])
        #expect(scene.bindings.map(\.userAgent) == [Array("a b ".utf8)])
    }
}
