// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// A text with the ranges found in it, read back as text.
struct Subject {
    let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    var all: Range<Int> { 0..<bytes.count }

    func uri() throws -> URIReference { try URIReference.parse(bytes.span, all) }

    func address() throws -> NameAddress { try NameAddress.parse(bytes.span, all) }

    func via() throws -> Via { try Via.parse(bytes.span, all) }

    func hasMagicCookie(_ via: Via) -> Bool { via.hasMagicCookie(bytes.span) }

    func tag(of address: NameAddress) -> String? { address.tag(in: bytes.span).map(text) }

    func equals(_ range: Range<Int>, ignoringCase text: StaticString) -> Bool {
        bytes.span.equals(range, ignoringCase: text)
    }

    func equals(_ range: Range<Int>, _ text: StaticString) -> Bool { bytes.span.equals(range, text) }

    func trimmed(_ range: Range<Int>) -> String { text(bytes.span.trimmed(range)) }

    func value(_ name: StaticString, of parameters: Parameters) -> String? {
        parameters.value(name, in: bytes.span).map(text)
    }

    func text(_ range: FieldRange) -> String { text(range.indices) }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// A hand-made index over a request, as a scanner would leave it.
func message(_ lines: [(HeaderName, String)], method: Method = .invite) throws -> SIPMessage {
    var bytes = Array("\(method) sip:bob@example.com SIP/2.0\r\n".utf8)
    var fields: [HeaderField] = []
    var mandatory = MandatoryFields()
    for (name, value) in lines {
        let nameStart = bytes.count
        name.wireName.withUTF8Buffer { bytes.append(contentsOf: $0) }
        let nameRange = FieldRange(nameStart..<bytes.count)
        bytes += Array(": ".utf8)
        let range = bytes.count..<(bytes.count + value.utf8.count)
        bytes += Array(value.utf8) + [13, 10]
        fields.append(HeaderField(name: name, nameRange: nameRange, value: FieldRange(range)))
        switch name {
        case .via where mandatory.via.whole.isEmpty:
            var cursor = ListCursor(range)
            if let element = cursor.next(bytes.span) { mandatory.via = try Via.parse(bytes.span, element) }
        case .to: mandatory.to = try NameAddress.parse(bytes.span, range)
        case .callID: mandatory.callID = FieldRange(range)
        default: break
        }
    }
    bytes += [13, 10]
    return SIPMessage(
        bytes: bytes,
        startLine: .request(method: method, name: .none, uri: URIReference()),
        fields: fields,
        mandatory: mandatory,
        body: .none
    )
}
