// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COsip
private import COsipShims
import SIPMessage

/// The second reader: libosip2's tree of one message, made, asked and released inside one call.
struct OsipReader: ~Copyable {
    private let tree: UnsafeMutablePointer<osip_message_t>?
    private let message: SIPMessage
    private let bytes: [UInt8]
    private let counts: ElementCounts

    /// Library start-up, run by the first use: silence, allocator hooks, parser tables.
    private static let isStarted: Bool = COsipShims_start() == 0

    /// Reads the message as the library sees it and names the first fact on which it contradicts the scanner.
    ///
    /// - Returns: What differs, in words; nil when both agree.
    static func difference(from message: SIPMessage, _ counts: ElementCounts) -> StaticString? {
        guard isStarted else { return "everything: the second reader did not start" }
        guard let difference = OsipReader(message, counts).difference() else { return nil }
        // Valid messages hold a few things that the library cannot read; they are read again with those masked.
        guard let masked = OsipMask.masked(message) else { return difference }
        return OsipReader(masked, counts).difference()
    }

    private init(_ message: SIPMessage, _ counts: ElementCounts) {
        self.message = message
        self.counts = counts
        bytes = message.bytes
        tree = message.bytes.withUnsafeBytes { buffer in
            COsipShims_begin(buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        }
    }

    deinit {
        COsipShims_end(tree)
    }

    private borrowing func difference() -> StaticString? {
        guard let tree = tree?.pointee else { return "whether it is a message at all" }
        if let difference = startLineDifference(tree) { return difference }
        if let difference = countDifference(tree) { return difference }
        if let difference = mandatoryDifference(tree) { return difference }
        return bodyDifference(tree)
    }

    private borrowing func startLineDifference(_ tree: osip_message_t) -> StaticString? {
        switch message.startLine {
        case .response(let status, _):
            return tree.status_code == CInt(truncatingIfNeeded: status) && tree.sip_method == nil ? nil : "the status"
        case .request(_, let name, let uri):
            guard isSame(tree.sip_method, name) else { return "the method" }
            guard let read = tree.req_uri?.pointee, isSame(read, uri) else { return "the Request-URI" }
            return nil
        }
    }

    private borrowing func countDifference(_ tree: osip_message_t) -> StaticString? {
        if tree.vias.nb_elt != counts.via { return "the number of Via elements" }
        if tree.routes.nb_elt != counts.route { return "the number of Route elements" }
        if tree.record_routes.nb_elt != counts.recordRoute { return "the number of Record-Route elements" }
        if tree.contacts.nb_elt != counts.contact { return "the number of Contact elements" }
        if tree.authorizations.nb_elt != counts.authorization { return "the number of credentials" }
        if tree.proxy_authorizations.nb_elt != counts.proxyAuthorization { return "the number of proxy credentials" }
        // The library keeps all other header fields in one list, so it is asked only where it matters.
        guard tree.headers.nb_elt > 0 || counts.assertedIdentity + counts.preferredIdentity > 0 else { return nil }
        guard let whole = self.tree else { return nil }
        if COsipShims_count(whole, "p-asserted-identity") != counts.assertedIdentity
            || COsipShims_count(whole, "p-preferred-identity") != counts.preferredIdentity
        {
            return "the number of asserted or preferred identities"
        }
        return nil
    }

    private borrowing func mandatoryDifference(_ tree: osip_message_t) -> StaticString? {
        let mandatory = message.mandatory
        guard let callID = tree.call_id?.pointee, isCallID(callID) else { return "Call-ID" }
        guard let sequence = tree.cseq?.pointee, isSequence(sequence) else { return "CSeq" }
        guard let from = tree.from?.pointee, isSame(from, mandatory.from, tag: mandatory.fromTag) else { return "From" }
        guard let to = tree.to?.pointee, isSame(to, mandatory.to, tag: mandatory.toTag) else { return "To" }
        return nil
    }

    private borrowing func bodyDifference(_ tree: osip_message_t) -> StaticString? {
        if counts.contentLength == 0 {
            // The library fills the field in itself when it is absent.
        } else {
            guard let length = decimal(tree.content_length?.pointee.value), length == UInt64(message.body.length) else {
                return "Content-Length"
            }
        }
        // The library drops a body without Content-Type and takes multipart bodies apart.
        guard let type = tree.content_type?.pointee, !isMultipart(type.type) else { return nil }
        guard tree.bodies.nb_elt == (message.body.isEmpty ? 0 : 1) else { return "the body" }
        guard !message.body.isEmpty else { return nil }
        guard let body = tree.bodies.node?.pointee.element?.assumingMemoryBound(to: osip_body_t.self).pointee,
            let start = body.body, body.length == Int(message.body.length)
        else { return "the length of the body" }
        return hasSameBytes(start, message.body) ? nil : "the body"
    }
}

/// Comparisons of the library's zero-terminated strings with stretches of the message, in place.
extension OsipReader {
    private borrowing func isSame(_ text: UnsafePointer<CChar>?, _ range: FieldRange) -> Bool {
        guard let text else { return range.isEmpty }
        let bytes = self.bytes.span
        var position = 0
        for index in range.indices {
            let byte = UInt8(bitPattern: text[position])
            guard byte != 0, byte == bytes[index] else { return false }
            position += 1
        }
        return text[position] == 0
    }

    private borrowing func hasSameBytes(_ start: UnsafePointer<CChar>, _ range: FieldRange) -> Bool {
        let bytes = self.bytes.span
        var position = 0
        for index in range.indices {
            guard UInt8(bitPattern: start[position]) == bytes[index] else { return false }
            position += 1
        }
        return true
    }

    /// Compares a user part, which the library has unescaped; one that holds `%00` it has cut, and is not compared.
    private borrowing func isSameUser(_ text: UnsafePointer<CChar>?, _ range: FieldRange) -> Bool {
        guard let text else { return range.isEmpty }
        let bytes = self.bytes.span
        var position = 0
        var index = range.indices.lowerBound
        let end = range.indices.upperBound
        while index < end {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "%"), index + 1 < end, let high = ASCII.hexValue(bytes[index]),
                let low = ASCII.hexValue(bytes[index + 1])
            {
                byte = high << 4 | low
                index += 2
            }
            // Valid (RFC 4475 §3.1.1.4); whoever reads the user as a number refuses it.
            if byte == 0 { return true }
            guard UInt8(bitPattern: text[position]) == byte else { return false }
            position += 1
        }
        return text[position] == 0
    }

    private borrowing func isSame(_ read: osip_uri_t, _ uri: URIReference) -> Bool {
        let bytes = self.bytes.span
        var colon = uri.whole.indices.lowerBound
        while colon < uri.whole.indices.upperBound, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
        guard isSame(read.scheme, FieldRange(uri.whole.indices.lowerBound..<colon)) else { return false }
        switch uri.scheme {
        case .sip, .sips:
            guard isSameUser(read.username, uri.user), isSame(read.host, uri.host) else { return false }
            guard let port = uri.port else { return read.port == nil }
            return decimal(read.port) == UInt64(port)
        case .tel, .urn, .other:
            return isSame(read.string, uri.user)
        }
    }

    private borrowing func isSame(_ read: osip_from_t, _ address: NameAddress, tag: FieldRange) -> Bool {
        guard let uri = read.url?.pointee, isSame(uri, address.uri) else { return false }
        return withUnsafePointer(to: read.gen_params) { isSame(COsipShims_parameter($0, "tag"), tag) }
    }

    private borrowing func isCallID(_ read: osip_call_id_t) -> Bool {
        let range = message.mandatory.callID.indices
        let bytes = self.bytes.span
        var at = range.lowerBound
        while at < range.upperBound, bytes[at] != UInt8(ascii: "@") { at += 1 }
        guard isSame(read.number, FieldRange(range.lowerBound..<at)) else { return false }
        return at < range.upperBound ? isSame(read.host, FieldRange((at + 1)..<range.upperBound)) : read.host == nil
    }

    private borrowing func isSequence(_ read: osip_cseq_t) -> Bool {
        guard decimal(read.number) == UInt64(message.mandatory.sequenceNumber), let method = read.method else {
            return false
        }
        if case .request(_, let name, _) = message.startLine { return isSame(method, name) }
        let expected = message.mandatory.sequenceMethod
        guard expected != .other else { return true }
        return expected.wireName.withUTF8Buffer { wire in
            for position in 0..<wire.count where UInt8(bitPattern: method[position]) != wire[position] { return false }
            return method[wire.count] == 0
        }
    }

    /// The text as a number of at most 18 digits; nil for anything else.
    private borrowing func decimal(_ text: UnsafePointer<CChar>?) -> UInt64? {
        guard let text, text[0] != 0 else { return nil }
        var value: UInt64 = 0
        var position = 0
        while text[position] != 0 {
            let byte = UInt8(bitPattern: text[position])
            guard ASCII.isDigit(byte), value < 100_000_000_000_000_000 else { return nil }
            value = value * 10 + UInt64(byte - 48)
            position += 1
        }
        return value
    }

    private borrowing func isMultipart(_ type: UnsafePointer<CChar>?) -> Bool {
        guard let type else { return false }
        let expected: StaticString = "multipart"
        return expected.withUTF8Buffer { wire in
            for position in 0..<wire.count
            where ASCII.lowercased(UInt8(bitPattern: type[position])) != wire[position] { return false }
            return type[wire.count] == 0
        }
    }
}
