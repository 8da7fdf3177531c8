// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@Suite("Header field names")
struct HeaderNameTests {
    @Test("§7.3.1 every wire name is found, in any case", arguments: HeaderName.allCases.filter { $0 != .other })
    func everyName(name: HeaderName) {
        let wire = "\(name.wireName)"
        #expect(!wire.isEmpty)
        #expect(find(wire) == name)
        #expect(find(wire.lowercased()) == name)
        #expect(find(wire.uppercased()) == name)
        #expect(find(wire + "x") == .other)
        #expect(find("x" + wire) == .other)
    }

    @Test("no two names are written alike")
    func distinct() {
        #expect(Set(HeaderName.allCases.map { "\($0.wireName)".lowercased() }).count == HeaderName.allCases.count)
    }

    @Test(
        "§7.3.3 compact forms of the IANA registry",
        arguments: [
            ("a", HeaderName.acceptContact), ("b", .referredBy), ("c", .contentType), ("d", .requestDisposition),
            ("e", .contentEncoding), ("f", .from), ("i", .callID), ("j", .rejectContact), ("k", .supported),
            ("l", .contentLength), ("m", .contact), ("n", .identityInfo), ("o", .event), ("r", .referTo),
            ("s", .subject), ("t", .to), ("u", .allowEvents), ("v", .via), ("x", .sessionExpires), ("y", .identity),
        ]
    )
    func compactForms(form: String, name: HeaderName) {
        #expect(find(form) == name)
        #expect(find(form.uppercased()) == name)
    }

    @Test(
        "other letters and unknown names are other",
        arguments: ["g", "h", "p", "q", "w", "z", "0", "-", "X-Y", "Tp", "Vib", "Call_ID"]
    )
    func unknown(text: String) {
        #expect(find(text) == .other)
    }

    private func find(_ text: String) -> HeaderName {
        let bytes = Array(text.utf8)
        return HeaderName.find(bytes.span, 0..<bytes.count)
    }
}

@Suite("Methods")
struct MethodTests {
    @Test(
        "§7.1 each method is found by its wire name, and only in capitals",
        arguments: Method.allCases.filter { $0 != .other }
    )
    func everyMethod(method: Method) {
        let wire = "\(method.wireName)"
        #expect(find(wire) == method)
        #expect(find(wire.lowercased()) == .other)
        #expect(find(wire + "S") == .other)
    }

    @Test("another token is another method", arguments: ["", "I", "INVITF", "RE%47IST%45R"])
    func others(text: String) {
        #expect(find(text) == .other)
    }

    private func find(_ text: String) -> Method {
        let bytes = Array(text.utf8)
        return Method.find(bytes.span, 0..<bytes.count)
    }
}
