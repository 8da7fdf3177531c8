// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A composed request with the places of the lines that its ACK and its CANCEL repeat.
package struct OutgoingRequest: Sendable {
    /// The whole request.
    package private(set) var bytes: [UInt8]
    /// The method.
    package let method: Method
    /// The sequence number.
    package let sequenceNumber: UInt32
    private var uri = FieldRange.none
    private var via = FieldRange.none
    private var routes = FieldRange.none
    private var from = FieldRange.none
    private var to = FieldRange.none
    private var callID = FieldRange.none

    /// Composes the part of a request that every request begins with.
    ///
    /// - Parameters:
    ///   - method: A method with a wire name.
    ///   - uri: The Request-URI.
    ///   - via: The Via value: transport, sent-by and branch.
    ///   - routes: The route set's lines, each ending in CRLF; may be empty.
    ///   - from: The From value with its tag.
    ///   - to: The To value, with its tag inside a dialog.
    ///   - callID: The Call-ID value.
    ///   - sequenceNumber: The CSeq number.
    ///   - maxForwards: The Max-Forwards value.
    ///   - rest: Appends all further header fields and finishes the message.
    package init(
        method: Method,
        uri: [UInt8],
        via: ViaLine,
        routes: [UInt8],
        from: [UInt8],
        to: [UInt8],
        callID: [UInt8],
        sequenceNumber: UInt32,
        maxForwards: UInt8,
        rest: (inout MessageComposer) -> Void
    ) {
        self.method = method
        self.sequenceNumber = sequenceNumber
        // An INVITE carries a session description; what else is sent is short, and the allocator's fast path ends at
        // one kibibyte.
        var composer = MessageComposer(capacity: method == .invite ? 1400 : 640)
        composer.append(method.wireName)
        composer.append(" ")
        self.uri = composer.appending { $0.append(uri) }
        composer.append(" SIP/2.0\r\n")
        self.via = composer.appending { via.append(to: &$0) }
        composer.append("Max-Forwards: ")
        composer.append(decimal: Int(maxForwards))
        composer.endLine()
        self.routes = composer.appending { $0.append(routes) }
        self.from = composer.appending { $0.line("From: ", from) }
        self.to = composer.appending { $0.line("To: ", to) }
        self.callID = composer.appending { $0.line("Call-ID: ", callID) }
        composer.sequence(sequenceNumber, method.wireName)
        rest(&composer)
        self.bytes = composer.bytes
    }

    /// The ACK for a final response other than 2xx (RFC 3261 §17.1.1.3): the INVITE's own lines, the response's To.
    package func acknowledgement(of response: SIPMessage) -> [UInt8] {
        var composer = MessageComposer(capacity: 512)
        composer.append("ACK ")
        composer.append(bytes, uri)
        composer.append(" SIP/2.0\r\n")
        composer.append(bytes, via)
        composer.append("Max-Forwards: 70\r\n")
        composer.append(bytes, routes)
        composer.append(bytes, from)
        composer.field("To", response.bytes, response.mandatory.to.whole)
        composer.append(bytes, callID)
        composer.sequence(sequenceNumber, "ACK")
        composer.finish()
        return composer.bytes
    }

    /// The CANCEL of this request (RFC 3261 §9.1): same Request-URI, Via, From, To, Call-ID, Route and number.
    package func cancellation(reason: StaticString) -> OutgoingRequest {
        var composer = MessageComposer(capacity: 512)
        composer.append("CANCEL ")
        composer.append(bytes, uri)
        composer.append(" SIP/2.0\r\n")
        let line = composer.appending { $0.append(bytes, via) }
        composer.append("Max-Forwards: 70\r\n")
        composer.append(bytes, routes)
        composer.append(bytes, from)
        composer.append(bytes, to)
        composer.append(bytes, callID)
        composer.sequence(sequenceNumber, "CANCEL")
        composer.field("Reason", reason)
        composer.finish()
        return OutgoingRequest(cancel: composer.bytes, via: line, sequenceNumber: sequenceNumber)
    }

    private init(cancel bytes: [UInt8], via: FieldRange, sequenceNumber: UInt32) {
        self.bytes = bytes
        self.via = via
        self.method = .cancel
        self.sequenceNumber = sequenceNumber
    }

    /// The same request for the other transport: RFC 3261 §18.1.1 wants TCP above 1300 bytes, and UDP again when the
    /// peer refuses the connection. All names have three letters, so no place moves.
    package mutating func setViaTransport(_ transport: ViaTransport) {
        let name: StaticString =
            switch transport {
            case .tcp: "TCP"
            case .tls: "TLS"
            case .udp, .other: "UDP"
            }
        let start = Int(via.offset) + 13
        guard via.length > 16 else { return }
        name.withUTF8Buffer { for position in 0..<3 { bytes[start + position] = $0[position] } }
    }

    /// The same request as a new transaction, for the next server to try (RFC 3263 §4.3). Branches have one length.
    package mutating func setViaBranch(_ branch: UInt64) {
        var composer = MessageComposer(capacity: 16)
        composer.append(hexadecimal: branch)
        let end = Int(via.offset) + Int(via.length) - ViaLine.behindBranch
        guard via.length > 40, composer.bytes.count == 16, end <= bytes.count else { return }
        bytes.replaceSubrange(end - 16..<end, with: composer.bytes)
    }
}

/// What our own Via line says.
package struct ViaLine: Sendable, Hashable {
    /// The transport.
    package let transport: ViaTransport
    /// The sent-by: host, brackets included where needed, and port.
    package let sentBy: [UInt8]
    /// The branch after its cookie.
    package let branch: UInt64

    /// Makes a Via line.
    package init(transport: ViaTransport, sentBy: [UInt8], branch: UInt64) {
        self.transport = transport
        self.sentBy = sentBy
        self.branch = branch
    }

    /// How many bytes of the line stand behind its branch.
    fileprivate static let behindBranch = 8

    fileprivate func append(to composer: inout MessageComposer) {
        switch transport {
        case .tcp: composer.append("Via: SIP/2.0/TCP ")
        case .tls: composer.append("Via: SIP/2.0/TLS ")
        case .udp, .other: composer.append("Via: SIP/2.0/UDP ")
        }
        composer.append(sentBy)
        composer.append(";branch=z9hG4bK")
        composer.append(hexadecimal: branch)
        composer.append(";rport\r\n")
    }

    /// Reads the number out of a branch that we minted; nil for any other.
    package static func branchNumber(_ bytes: Span<UInt8>, _ branch: Range<Int>) -> UInt64? {
        guard branch.count == 23, bytes.equals(branch.lowerBound..<(branch.lowerBound + 7), "z9hG4bK") else {
            return nil
        }
        return bytes.hexadecimal((branch.lowerBound + 7)..<branch.upperBound)
    }
}

extension Span<UInt8> {
    /// Sixteen lower-case hexadecimal digits as a number; nil for anything else.
    package func hexadecimal(_ range: Range<Int>) -> UInt64? {
        guard range.count == 16 else { return nil }
        var value: UInt64 = 0
        for index in range {
            guard let digit = ASCII.hexValue(self[index]) else { return nil }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}

extension MessageComposer {
    /// Runs `body` and tells what stretch it appended.
    fileprivate mutating func appending(_ body: (inout MessageComposer) -> Void) -> FieldRange {
        let start = bytes.count
        body(&self)
        return FieldRange(start..<bytes.count)
    }

    /// Appends a header field line with a value of our own making.
    package mutating func line(_ name: StaticString, _ value: [UInt8]) {
        append(name)
        append(value)
        endLine()
    }

    fileprivate mutating func sequence(_ number: UInt32, _ method: StaticString) {
        append("CSeq: ")
        append(decimal: Int(number))
        append(" ")
        append(method)
        endLine()
    }
}
