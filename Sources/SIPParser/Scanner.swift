// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// The strict reader: one pass over the bytes that enforces limits and grammar and leaves an index of offsets.
///
/// It takes what real phones send (compact names, folded lines, datagrams without Content-Length) and refuses what
/// only attackers and bugs send (bare line ends, NUL, signed numbers, second copies of single header fields).
package struct Scanner: Sendable {
    /// The limits in force.
    package let limits: ScannerLimits

    /// Makes a scanner.
    package init(limits: ScannerLimits = ScannerLimits()) {
        self.limits = limits
    }

    /// Reads one message.
    ///
    /// - Parameters:
    ///   - bytes: The datagram or framed stream message.
    ///   - framing: How it arrived.
    /// - Returns: The message, with octets after its declared body cut off.
    /// - Throws: `ParseError` with the answer it deserves.
    package func scan(_ bytes: [UInt8], _ framing: Framing) throws(ParseError) -> SIPMessage {
        try scanCounting(bytes, framing).message
    }

    /// Reads one message and tells how many elements its lists hold, for the second reader to be held against.
    func scanCounting(
        _ bytes: [UInt8],
        _ framing: Framing
    ) throws(ParseError) -> (message: SIPMessage, counts: ElementCounts) {
        guard bytes.count <= limits.messageBytes else {
            throw ParseError(.limit, "the message is longer than \(limits.messageBytes) bytes", at: 0)
        }
        var pass = ScanPass(limits: limits)
        do {
            try pass.readHeaderSection(bytes.span)
            let checked = try FieldChecks.check(bytes.span, pass)
            let body = try pass.findBody(bytes.span, framing, declared: checked.contentLength)
            let end = Int(body.offset) + Int(body.length)
            let message = SIPMessage(
                bytes: end < bytes.count ? Array(bytes[0..<end]) : bytes,
                startLine: pass.startLine,
                fields: pass.fields,
                mandatory: checked.mandatory,
                body: body
            )
            return (message, checked.counts)
        } catch {
            throw pass.refusal(error, bytes)
        }
    }
}

/// An error inside the pass: its kind, and what is wrong where.
struct ScanFault: Error {
    var code: ParseError.Code
    var syntax: SyntaxError
    var status: Int = 400
    var reason: String?

    @inline(never)
    init(_ code: ParseError.Code, _ reason: StaticString, at offset: Int, status: Int = 400) {
        self.code = code
        self.syntax = SyntaxError(reason, at: offset)
        self.status = status
    }

    @inline(never)
    init(_ name: HeaderName, _ error: SyntaxError) {
        self.code = name == .contentLength ? .contentLength : .field
        self.syntax = error
        self.reason = "\(name.wireName): \(error.reason)"
    }
}

/// The state of one pass over a message.
struct ScanPass {
    let limits: ScannerLimits
    var startLine = StartLine.response(status: 0, reason: .none)
    var isRequest = false
    var fields: [HeaderField] = []
    var bodyStart = 0
    private var totalElements = 0
    private var listsLow: UInt64 = 0
    private var listsHigh: UInt64 = 0

    init(limits: ScannerLimits) {
        self.limits = limits
        fields.reserveCapacity(24)
    }

    /// Reads the start line and every header field line.
    mutating func readHeaderSection(_ bytes: Span<UInt8>) throws(ScanFault) {
        var cursor = 0
        // RFC 3261 §7.5: empty lines before the start line are ignored.
        while cursor + 1 < bytes.count, bytes[cursor] == 13, bytes[cursor + 1] == 10 { cursor += 2 }
        let end = try endOfStartLine(bytes, from: cursor)
        let versionFault = try readStartLine(bytes, cursor..<end)
        cursor = end + 2
        while true {
            guard cursor + 1 < bytes.count else {
                throw ScanFault(.structure, "the header section has no empty line at its end", at: bytes.count)
            }
            if bytes[cursor] == 13, bytes[cursor + 1] == 10 { break }
            guard fields.count < limits.headerLines else {
                throw ScanFault(.limit, "too many header field lines", at: cursor)
            }
            cursor = try readField(bytes, from: cursor)
            guard totalElements <= limits.totalElements else {
                throw ScanFault(.limit, "the header fields have too many elements", at: cursor)
            }
            guard cursor <= limits.headerBytes else {
                throw ScanFault(.limit, "the header section is too long", at: cursor, status: 513)
            }
        }
        bodyStart = cursor + 2
        // Told only now, so that the answer can repeat the header fields.
        if let versionFault { throw versionFault }
    }

    private func endOfStartLine(_ bytes: Span<UInt8>, from start: Int) throws(ScanFault) -> Int {
        let bound = min(bytes.count, limits.headerBytes)
        var cursor = bytes.nextWatched(from: start)
        while cursor < bound {
            let byte = bytes[cursor]
            if byte < 32 || byte == 127 {
                if byte == 13, cursor + 1 < bytes.count, bytes[cursor + 1] == 10 { return cursor }
                throw ScanFault(.startLine, "the first line holds a control character or a bare line end", at: cursor)
            }
            cursor = bytes.nextWatched(from: cursor + 1)
        }
        throw ScanFault(.startLine, "the first line does not end", at: bound)
    }

    /// Reads one header field line with its continuations; returns where the next one begins.
    private mutating func readField(_ bytes: Span<UInt8>, from start: Int) throws(ScanFault) -> Int {
        var cursor = bytes.endOfRun(of: ASCII.token, in: start..<bytes.count)
        let name = start..<cursor
        while cursor < bytes.count, bytes[cursor] == 32 || bytes[cursor] == 9 { cursor += 1 }
        guard !name.isEmpty, cursor < bytes.count, bytes[cursor] == UInt8(ascii: ":") else {
            throw ScanFault(.structure, "a header field line does not begin with a name and a colon", at: cursor)
        }
        let valueStart = cursor + 1
        let end = try endOfValue(bytes, from: valueStart)
        fields.append(
            HeaderField(
                name: HeaderName.find(bytes, name),
                nameRange: FieldRange(name),
                value: FieldRange(bytes.trimmed(valueStart..<end))
            )
        )
        return end + 2
    }

    /// Finds the CRLF that no blank follows, counting list elements and parameters on the way.
    private mutating func endOfValue(_ bytes: Span<UInt8>, from start: Int) throws(ScanFault) -> Int {
        var value = ValueScan(start: start)
        var cursor = start
        while cursor < bytes.count {
            var found = bytes.watchedBytes(from: cursor)
            while found != 0 {
                let index = cursor + found.trailingZeroBitCount / 8
                if try value.meets(bytes, index, limits) {
                    totalElements += value.elements
                    if value.elements > 1 { noteList() }
                    return index
                }
                found &= found &- 1
            }
            cursor += 8
        }
        throw ScanFault(.structure, "the header section has no empty line at its end", at: bytes.count)
    }

    /// Remembers that the field about to be added holds a comma.
    private mutating func noteList() {
        let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: fields.count)
        if fields.count < 64 { listsLow |= bit } else { listsHigh |= bit }
    }

    /// Whether the field at this place may hold several elements.
    func mayBeList(_ index: Int) -> Bool {
        let bit = UInt64(1) &<< UInt64(truncatingIfNeeded: index)
        return (index < 64 ? listsLow : listsHigh) & bit != 0 || index >= 128
    }

    /// Finds the body (RFC 3261 §18.3) by the declared length, which `check` has read.
    func findBody(_ bytes: Span<UInt8>, _ framing: Framing, declared: Int?) throws(ScanFault) -> FieldRange {
        let available = bytes.count - bodyStart
        guard let declared else {
            guard framing == .datagram else {
                throw ScanFault(.contentLength, "Content-Length is missing on a stream", at: bodyStart)
            }
            return FieldRange(bodyStart..<bytes.count)
        }
        guard declared <= available else {
            throw ScanFault(.contentLength, "Content-Length is larger than the body", at: bodyStart)
        }
        return FieldRange(bodyStart..<(bodyStart + declared))
    }

    /// The error that leaves the scanner: responses, ACKs and what has no start line get no answer.
    func refusal(_ fault: ScanFault, _ bytes: [UInt8]) -> ParseError {
        var isAnswerable = isRequest
        if case .request(let method, _, _) = startLine, method == .ack { isAnswerable = false }
        return ParseError(
            fault.code,
            fault.reason ?? fault.syntax.reason,
            at: fault.syntax.offset,
            status: isAnswerable ? fault.status : nil,
            bytes: bytes,
            fields: fields
        )
    }
}
