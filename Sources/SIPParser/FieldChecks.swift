// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Checks the grammar of the header fields that routing, matching and framing rest on, and reads the mandatory ones.
struct FieldChecks {
    var mandatory = MandatoryFields()
    var contentLength: Int?
    var counts = ElementCounts()
    private var seen = SeenFields()
    private let limits: ScannerLimits
    private var isList = false
    private var hasTooManyEmbedded = false

    private init(limits: ScannerLimits) {
        self.limits = limits
    }

    static func check(_ bytes: Span<UInt8>, _ pass: borrowing ScanPass) throws(ScanFault) -> FieldChecks {
        var checks = FieldChecks(limits: pass.limits)
        for (index, field) in pass.fields.enumerated() {
            checks.isList = pass.mayBeList(index)
            if Self.standsOnce(field.name) { try checks.once(field) }
            do throws(SyntaxError) {
                try checks.read(bytes, field)
            } catch {
                throw ScanFault(field.name, error)
            }
            if checks.hasTooManyEmbedded {
                throw ScanFault(.limit, "a URI carries too many header fields", at: Int(field.value.offset))
            }
        }
        try checks.requireMandatory(bytes, pass)
        return checks
    }

    /// Whether a second header field of this name makes a message ambiguous.
    private static func standsOnce(_ name: HeaderName) -> Bool {
        switch name {
        case .from, .to, .callID, .cseq, .maxForwards, .contentLength, .contentType: true
        case .expires, .sessionExpires, .minSE, .event, .rack, .rseq, .referTo, .replaces: true
        default: false
        }
    }

    private mutating func once(_ field: HeaderField) throws(ScanFault) {
        guard seen.contains(field.name) else {
            seen.insert(field.name)
            return
        }
        let offset = Int(field.value.offset)
        if field.name == .contentLength {
            throw ScanFault(.contentLength, "there are two Content-Length header fields", at: offset)
        }
        throw ScanFault(.duplicate, "a header field that may stand once stands twice", at: offset)
    }

    private mutating func read(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        let value = field.value.indices
        switch field.name {
        case .via: try readVia(bytes, value)
        case .from: try readFrom(bytes, field)
        case .to: try readTo(bytes, field)
        case .callID: try readCallID(bytes, field)
        case .cseq: try readCSeq(bytes, field)
        case .maxForwards: try readMaxForwards(bytes, field)
        case .contentLength: try readContentLength(bytes, field)
        case .contact: counts.contact += try checkContact(bytes, value)
        case .route: counts.route += try checkRoute(bytes, value)
        case .recordRoute: counts.recordRoute += try checkRoute(bytes, value)
        case .path: _ = try checkRoute(bytes, value)
        case .authorization: counts.authorization += 1
        case .proxyAuthorization: counts.proxyAuthorization += 1
        case .pAssertedIdentity: counts.assertedIdentity += elements(bytes, value)
        case .pPreferredIdentity: counts.preferredIdentity += elements(bytes, value)
        default: break
        }
    }

    private mutating func readVia(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(SyntaxError) {
        guard isList else {
            counts.via += 1
            let via = try Via.parse(bytes, value)
            if mandatory.via.whole.isEmpty { mandatory.via = via }
            return
        }
        var cursor = ListCursor(value)
        while let element = cursor.next(bytes) {
            let via = try Via.parse(bytes, element)
            counts.via += 1
            if mandatory.via.whole.isEmpty { mandatory.via = via }
        }
    }

    private mutating func readFrom(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        mandatory.from = try address(bytes, field.value.indices)
        if let tag = mandatory.from.tag(in: bytes) { mandatory.fromTag = FieldRange(tag) }
    }

    private mutating func address(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(SyntaxError) -> NameAddress {
        let address = try NameAddress.parse(bytes, range)
        guard !address.uri.headers.isEmpty else { return address }
        var headers = 1
        for index in address.uri.headers.indices where bytes[index] == UInt8(ascii: "&") { headers += 1 }
        if headers > limits.parameters { hasTooManyEmbedded = true }
        return address
    }

    private mutating func readTo(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        mandatory.to = try address(bytes, field.value.indices)
        if let tag = mandatory.to.tag(in: bytes) { mandatory.toTag = FieldRange(tag) }
    }

    private mutating func readCallID(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        var ats = 0
        for index in field.value.indices {
            if bytes[index] == UInt8(ascii: "@") { ats += 1 } else if !ASCII.word.contains(bytes[index]) { ats = 2 }
            if ats > 1 { throw SyntaxError("it is not one or two words joined by an at sign", at: index) }
        }
        mandatory.callID = field.value
    }

    private mutating func readCSeq(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        let value = field.value.indices
        var cursor = value.lowerBound
        while cursor < value.upperBound, ASCII.isDigit(bytes[cursor]) { cursor += 1 }
        // RFC 3261 §8.1.1.5: the number is less than 2^31.
        guard let number = bytes.decimal(value.lowerBound..<cursor, maximum: 0x7FFF_FFFF),
            cursor < value.upperBound, ASCII.isLinearWhitespace(bytes[cursor])
        else { throw SyntaxError("the sequence number is not below 2^31", at: value.lowerBound) }
        let method = bytes.trimmed(cursor..<value.upperBound)
        for index in method where !ASCII.token.contains(bytes[index]) {
            throw SyntaxError("the method is not a token", at: index)
        }
        guard !method.isEmpty else { throw SyntaxError("the method is missing", at: cursor) }
        mandatory.sequenceNumber = UInt32(truncatingIfNeeded: number)
        mandatory.sequenceMethod = Method.find(bytes, method)
        sequenceMethodRange = method
    }

    private var sequenceMethodRange = 0..<0

    private mutating func readMaxForwards(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        guard let value = bytes.decimal(field.value.indices, maximum: 255) else {
            throw SyntaxError("it is not a number from 0 to 255", at: Int(field.value.offset))
        }
        mandatory.maxForwards = UInt8(truncatingIfNeeded: value)
    }

    private mutating func readContentLength(_ bytes: Span<UInt8>, _ field: HeaderField) throws(SyntaxError) {
        guard let value = bytes.decimal(field.value.indices, maximum: 0x7FFF_FFFF) else {
            throw SyntaxError("it is not a number", at: Int(field.value.offset))
        }
        contentLength = Int(value)
        counts.contentLength = 1
    }

    private mutating func checkContact(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(SyntaxError) -> CInt {
        if value.count == 1, bytes[value.lowerBound] == UInt8(ascii: "*") { return 1 }
        guard isList else {
            _ = try address(bytes, value)
            return 1
        }
        var count: CInt = 0
        var cursor = ListCursor(value)
        while let element = cursor.next(bytes) {
            _ = try address(bytes, element)
            count += 1
        }
        return count
    }

    private func elements(_ bytes: Span<UInt8>, _ value: Range<Int>) -> CInt {
        var count: CInt = 0
        var cursor = ListCursor(value)
        while let element = cursor.next(bytes) { count += element.isEmpty ? 0 : 1 }
        return count
    }

    private mutating func checkRoute(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(SyntaxError) -> CInt {
        var count: CInt = 0
        var cursor = ListCursor(value)
        while let element = cursor.next(bytes) {
            let address = try address(bytes, element)
            // RFC 3261 §20.30, §20.34: routes are name-addr, so the brackets are not optional.
            guard address.uri.whole.offset > 0, bytes[Int(address.uri.whole.offset) - 1] == UInt8(ascii: "<") else {
                throw SyntaxError("the address is not in angle brackets", at: element.lowerBound)
            }
            count += 1
        }
        return count
    }

    private func requireMandatory(_ bytes: Span<UInt8>, _ pass: borrowing ScanPass) throws(ScanFault) {
        guard !mandatory.via.whole.isEmpty else { throw ScanFault(.missing, "Via is missing", at: pass.bodyStart) }
        guard seen.contains(.from) else { throw ScanFault(.missing, "From is missing", at: pass.bodyStart) }
        guard seen.contains(.to) else { throw ScanFault(.missing, "To is missing", at: pass.bodyStart) }
        guard !mandatory.callID.isEmpty else { throw ScanFault(.missing, "Call-ID is missing", at: pass.bodyStart) }
        guard seen.contains(.cseq) else { throw ScanFault(.missing, "CSeq is missing", at: pass.bodyStart) }
        guard case .request(let method, let name, _) = pass.startLine else { return }
        let matches =
            method == mandatory.sequenceMethod
            && (method != .other || bytes.sameBytes(name.indices, sequenceMethodRange))
        guard matches else {
            throw ScanFault(
                .field,
                "CSeq names another method than the request line",
                at: sequenceMethodRange.lowerBound
            )
        }
        let branch = mandatory.via.branch.indices
        if branch.count == 7, bytes.equals(branch, ignoringCase: "z9hG4bK") {
            throw ScanFault(.field, "the Via's branch has nothing after its magic cookie", at: branch.lowerBound)
        }
    }
}

/// How many elements the lists hold that two readers might count differently.
struct ElementCounts {
    var via: CInt = 0
    var route: CInt = 0
    var recordRoute: CInt = 0
    var contact: CInt = 0
    var authorization: CInt = 0
    var proxyAuthorization: CInt = 0
    var assertedIdentity: CInt = 0
    var preferredIdentity: CInt = 0
    /// One when Content-Length is present.
    var contentLength: CInt = 0
}

/// Which header fields have been met, one bit for each name.
private struct SeenFields {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    func contains(_ name: HeaderName) -> Bool {
        let bit = UInt64(1) << UInt64(name.rawValue & 63)
        return (name.rawValue < 64 ? low : high) & bit != 0
    }

    mutating func insert(_ name: HeaderName) {
        let bit = UInt64(1) << UInt64(name.rawValue & 63)
        if name.rawValue < 64 { low |= bit } else { high |= bit }
    }
}

extension Span<UInt8> {
    /// Whether two ranges hold the same bytes.
    func sameBytes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for position in 0..<left.count where self[left.lowerBound + position] != self[right.lowerBound + position] {
            return false
        }
        return true
    }
}
