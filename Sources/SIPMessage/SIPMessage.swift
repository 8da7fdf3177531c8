// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The first line of a message (RFC 3261 §7.1, §7.2).
package enum StartLine: Sendable, Hashable {
    /// A request: its method, the method's text, and the Request-URI.
    case request(method: Method, name: FieldRange, uri: URIReference)
    /// A response: its status code, 100 to 699, and its reason phrase.
    case response(status: Int, reason: FieldRange)
}

/// One header field: its name and where its name and value stand.
package struct HeaderField: Sendable, Hashable {
    /// The name, folded from every spelling.
    package let name: HeaderName
    /// The name as received.
    package let nameRange: FieldRange
    /// The value without surrounding blanks; folded lines stand as received.
    package let value: FieldRange

    /// Makes an index entry.
    package init(name: HeaderName, nameRange: FieldRange, value: FieldRange) {
        self.name = name
        self.nameRange = nameRange
        self.value = value
    }
}

/// The header fields that every message must carry (RFC 3261 §8.1.1), read once.
package struct MandatoryFields: Sendable, Hashable {
    /// The topmost Via.
    package var via = Via()
    /// From.
    package var from = NameAddress()
    /// From's tag; empty when absent (RFC 2543 peers).
    package var fromTag = FieldRange.none
    /// To.
    package var to = NameAddress()
    /// To's tag; empty when absent.
    package var toTag = FieldRange.none
    /// Call-ID.
    package var callID = FieldRange.none
    /// The sequence number of CSeq, 0 to 2^31 - 1.
    package var sequenceNumber: UInt32 = 0
    /// The method of CSeq.
    package var sequenceMethod = Method.other
    /// Max-Forwards, 0 to 255; nil when absent.
    package var maxForwards: UInt8?

    /// Makes an empty set, for a scanner to fill.
    package init() {}
}

/// A received message: immutable bytes and an index of offsets over them.
///
/// Nothing is copied out of the bytes and nothing can be edited; what is sent on is composed anew.
package final class SIPMessage: Sendable {
    /// The message, start line to body; octets after the declared body are cut off.
    package let bytes: [UInt8]
    /// The first line.
    package let startLine: StartLine
    /// The header fields in the order received.
    package let fields: [HeaderField]
    /// The header fields that every message carries.
    package let mandatory: MandatoryFields
    /// The body; empty when there is none.
    package let body: FieldRange

    /// Makes a message out of a scanner's findings.
    package init(
        bytes: [UInt8],
        startLine: StartLine,
        fields: [HeaderField],
        mandatory: MandatoryFields,
        body: FieldRange
    ) {
        self.bytes = bytes
        self.startLine = startLine
        self.fields = fields
        self.mandatory = mandatory
        self.body = body
    }

    /// Whether this is a request.
    package var isRequest: Bool {
        if case .request = startLine { true } else { false }
    }

    /// The method of a request, or the method that a response answers (its CSeq's).
    package var method: Method {
        if case .request(let method, _, _) = startLine { method } else { mandatory.sequenceMethod }
    }

    /// The Request-URI; nil in a response.
    package var requestURI: URIReference? {
        if case .request(_, _, let uri) = startLine { uri } else { nil }
    }

    /// The status code of a response; 0 in a request.
    package var status: Int {
        if case .response(let status, _) = startLine { status } else { 0 }
    }

    /// The value of the first header field of this name; nil when there is none.
    package func first(_ name: HeaderName) -> FieldRange? {
        for field in fields where field.name == name { return field.value }
        return nil
    }

    /// How many header field lines have this name.
    package func count(_ name: HeaderName) -> Int {
        var count = 0
        for field in fields where field.name == name { count += 1 }
        return count
    }

    /// A range of the message as text; bytes that are not UTF-8 become replacement characters.
    package func text(_ range: FieldRange) -> String {
        let bytes = self.bytes
        return bytes.span.text(range.indices)
    }

    /// A range of the message as an array of its own.
    package func copy(_ range: FieldRange) -> [UInt8] {
        Array(bytes[range.indices])
    }

    /// The value of the first header field of this name as a number; nil when absent or not digits up to `maximum`.
    package func number(_ name: HeaderName, maximum: UInt64 = UInt64(UInt32.max)) -> UInt64? {
        guard let range = first(name) else { return nil }
        let bytes = self.bytes
        return bytes.span.decimal(range.indices, maximum: maximum)
    }

    /// Every comma-separated element of every header field of this name, in order.
    package func elements(_ name: HeaderName) -> [FieldRange] {
        var found: [FieldRange] = []
        let bytes = self.bytes
        for field in fields where field.name == name {
            var cursor = ListCursor(field.value.indices)
            while let element = cursor.next(bytes.span) {
                if !element.isEmpty { found.append(FieldRange(element)) }
            }
        }
        return found
    }

    /// Whether a header field of this name lists the token, letters of either case (for Supported, Require, Allow).
    package func lists(_ token: StaticString, in name: HeaderName) -> Bool {
        let bytes = self.bytes
        for field in fields where field.name == name {
            var cursor = ListCursor(field.value.indices)
            while let element = cursor.next(bytes.span) {
                if bytes.span.equals(element, ignoringCase: token) { return true }
            }
        }
        return false
    }

    /// The first element of the first header field of this name, read as an address.
    ///
    /// - Throws: `SyntaxError` when it is malformed.
    package func address(_ name: HeaderName) throws(SyntaxError) -> NameAddress? {
        guard let value = first(name) else { return nil }
        let bytes = self.bytes
        var cursor = ListCursor(value.indices)
        guard let element = cursor.next(bytes.span) else { return nil }
        return try NameAddress.parse(bytes.span, element)
    }
}
