// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@Suite("Addresses (RFC 3261 §20.10)")
struct NameAddressTests {
    @Test("a quoted display name, a URI with its parameters, and the field's own")
    func quoted() throws {
        let subject = Subject("\"A \\\" <x>, ;tag=0\" <sip:a@b;lr;x=1>;tag=88sja8x;q=\"0;1\"")
        let address = try subject.address()
        #expect(subject.text(address.displayName) == "\"A \\\" <x>, ;tag=0\"")
        #expect(subject.text(address.uri.whole) == "sip:a@b;lr;x=1")
        #expect(subject.tag(of: address) == "88sja8x")
        #expect(subject.value("q", of: address.parameters) == "\"0;1\"")
        #expect(subject.value("lr", of: address.parameters) == nil)
    }

    @Test("§20.10 without brackets every parameter belongs to the field")
    func plain() throws {
        let subject = Subject("sip:a@b;lr;tag=1")
        let address = try subject.address()
        #expect(subject.text(address.uri.whole) == "sip:a@b")
        #expect(subject.value("lr", of: address.parameters) != nil)
        #expect(subject.tag(of: address) == "1")
    }

    @Test(
        "display names",
        arguments: [
            ("Bob <sip:a@b>", "Bob"), ("Bob B. <sip:a@b>", "Bob B."), ("Bob<sip:a@b>", "Bob"), ("<sip:a@b>", ""),
            ("\"\"<sip:a@b>", "\"\""),
        ]
    )
    func displayNames(text: String, name: String) throws {
        let subject = Subject(text)
        let address = try subject.address()
        #expect(address.displayName.isEmpty ? name.isEmpty : subject.text(address.displayName) == name)
    }

    @Test("a tag of another case is a tag; a tag without a value is none, and no value after its sign is malformed")
    func tags() throws {
        let upper = Subject("<sip:a@b>;TAG=x")
        #expect(upper.tag(of: try upper.address()) == "x")
        let empty = Subject("<sip:a@b>;tag")
        #expect(empty.tag(of: try empty.address()) == nil)
    }

    @Test(
        "what departs from the grammar is refused",
        arguments: [
            "", " ", "\"Bob <sip:a@b>", "\"Bob\"", "\"Bob\" sip:a@b", "Bob, B <sip:a@b>", "<sip:a@b", "<>",
            "< sip:a@b>",
            "<sip:a@b >", "<sip:a@b>x", "<sip:a@b>;", "<sip:a@b>;=x", "<sip:a@b>;tag=", "<sip:a@b>;x=\"y",
            "sip:a@b?x=y",
            "sip:a,b@c", "<sip:a@b>;tag=a b", "Bob", "\"a\"\"b\" <sip:a@b>", "<sip:a@b>,<sip:c@d>",
        ]
    )
    func refused(text: String) {
        let subject = Subject(text)
        #expect(throws: SyntaxError.self, "\(text)") { try subject.address() }
    }
}

@Suite("Parameters and lists (RFC 3261 §7.3.1)")
struct ParametersTests {
    @Test("parameters are walked in order, quotes and blanks respected")
    func walk() {
        let subject = Subject(";a=1; b ;c = \"x;y=\\\"\" ;d=e=f")
        var cursor = ParameterCursor(subject.all)
        var found: [String] = []
        while let parameter = cursor.next(subject.bytes.span) {
            found.append("\(subject.text(parameter.name))|\(subject.text(parameter.value))")
        }
        #expect(found == ["a|1", "b|", "c|\"x;y=\\\"\"", "d|e=f"])
    }

    @Test("the first of two parameters counts")
    func first() {
        let subject = Subject(";a=1;A=2")
        let parameters = Parameters(FieldRange(subject.all))
        #expect(subject.value("a", of: parameters) == "1")
        #expect(subject.value("b", of: parameters) == nil)
    }

    @Test(
        "commas in quotes and brackets do not end an element",
        arguments: [
            ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b ", ["a", "b"]),
            ("\"x,\\\"y\" <sip:a,b@c>, d", ["\"x,\\\"y\" <sip:a,b@c>", "d"]),
            ("a,", ["a", ""]), (",", ["", ""]), ("", [""]), ("\"open, a", ["\"open, a"]), ("\"x\\", ["\"x\\"]),
            ("<a,b", ["<a,b"]), ("\"<\", b", ["\"<\"", "b"]), ("<\">\">,b", ["<\">\">", "b"]), ("é,ü", ["é", "ü"]),
        ]
    )
    func elements(text: String, expected: [String]) {
        let subject = Subject(text)
        var cursor = ListCursor(subject.all)
        var found: [String] = []
        while let element = cursor.next(subject.bytes.span) { found.append(subject.text(element)) }
        #expect(found == expected)
    }
}
