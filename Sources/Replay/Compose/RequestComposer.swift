// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Composes the requests of the replay.
struct RequestComposer {
    /// What one request says beyond what the capture has it say.
    struct Frame {
        var uri: [UInt8]
        var routes: [[UInt8]] = []
        var branch: UInt64
        var callID: [UInt8]
        var localTag: [UInt8]
        /// Nil outside a dialog.
        var remoteTag: [UInt8]?
        var sequenceNumber: UInt32
        /// Whole header field lines of credentials, each ending in CRLF.
        var credentials: [UInt8] = []
        /// The value of RAck.
        var acknowledged: String?
    }

    let rewriter: AddressRewriter
    let local: LocalEndpoint
    let transport: PlannedLine.Transport

    /// The captured request as it goes out: framed anew, all else byte for byte.
    func request(_ captured: SIPMessage, _ frame: Frame) -> [UInt8] {
        var composer = MessageComposer(capacity: captured.bytes.count + 256)
        composer.append(captured.methodText + " ")
        composer.append(frame.uri)
        composer.append(" SIP/2.0\r\n")
        appendVia(&composer, frame)
        for field in captured.fields { append(&composer, field, of: captured, frame) }
        if captured.mandatory.maxForwards == nil { composer.append("Max-Forwards: 70\r\n") }
        if captured.method == .prack, captured.first(.rack) == nil { appendRAck(&composer, frame) }
        composer.append(frame.credentials)
        composer.finish(body: captured.bytes, captured.body)
        return composer.bytes
    }

    /// A request that the capture does not hold, as an ACK that must follow or a BYE that ends what is left.
    func request(_ method: Method, like captured: SIPMessage, swapped: Bool = false, _ frame: Frame) -> [UInt8] {
        var composer = MessageComposer(capacity: 512)
        composer.append(method.wireName)
        composer.append(" ")
        composer.append(frame.uri)
        composer.append(" SIP/2.0\r\n")
        appendVia(&composer, frame)
        let sides = (captured.mandatory.from, captured.mandatory.to)
        appendAddress(&composer, "From", swapped ? sides.1 : sides.0, frame.localTag, captured)
        appendAddress(&composer, "To", swapped ? sides.0 : sides.1, frame.remoteTag, captured)
        composer.line("Call-ID: ", frame.callID)
        composer.append("CSeq: \(frame.sequenceNumber) ")
        composer.append(method.wireName)
        composer.endLine()
        composer.append("Max-Forwards: 70\r\n")
        if method == .prack { appendRAck(&composer, frame) }
        composer.append(frame.credentials)
        composer.finish()
        return composer.bytes
    }

    /// CANCEL (RFC 3261 §9.1), or the ACK of a refusal (§17.1.1.3): the sent INVITE's own lines.
    static func hopByHop(_ method: Method, of invite: SIPMessage, to: SIPMessage, like captured: SIPMessage?) -> [UInt8]
    {
        var composer = MessageComposer(capacity: 512)
        composer.append(method.wireName)
        composer.append(" ")
        composer.append(invite.bytes, invite.requestURI?.whole ?? .none)
        composer.append(" SIP/2.0\r\n")
        composer.field("Via", invite.bytes, invite.mandatory.via.whole)
        composer.copyFields(.route, of: invite)
        composer.append("Max-Forwards: 70\r\n")
        composer.copyFields(.from, of: invite)
        composer.copyFields(.to, of: to)
        composer.copyFields(.callID, of: invite)
        composer.append("CSeq: \(invite.mandatory.sequenceNumber) ")
        composer.append(method.wireName)
        composer.endLine()
        if let captured {
            composer.copyFields(.reason, of: captured)
            composer.copyFields(.userAgent, of: captured)
        }
        composer.finish()
        return composer.bytes
    }

    private func append(
        _ composer: inout MessageComposer,
        _ field: HeaderField,
        of captured: SIPMessage,
        _ frame: Frame
    ) {
        let mandatory = captured.mandatory
        switch field.name {
        case .via, .route, .recordRoute, .authorization, .proxyAuthorization, .contentLength: break
        case .from: appendAddress(&composer, "From", mandatory.from, frame.localTag, captured)
        case .to: appendAddress(&composer, "To", mandatory.to, frame.remoteTag, captured)
        case .callID: composer.line("Call-ID: ", frame.callID)
        case .cseq:
            composer.append("CSeq: \(frame.sequenceNumber) \(captured.methodText)")
            composer.endLine()
        case .contact: appendContact(&composer, field, of: captured)
        case .rack: appendRAck(&composer, frame)
        default: composer.appendRaw(field, of: captured)
        }
    }

    private func appendVia(_ composer: inout MessageComposer, _ frame: Frame) {
        composer.append("Via: SIP/2.0/\(transport == .udp ? "UDP" : "TCP") \(local.sentBy);branch=z9hG4bK")
        composer.append(hexadecimal: frame.branch)
        composer.append(";rport\r\n")
        for route in frame.routes { composer.line("Route: ", route) }
    }

    private func appendAddress(
        _ composer: inout MessageComposer,
        _ name: String,
        _ address: NameAddress,
        _ tag: [UInt8]?,
        _ captured: SIPMessage
    ) {
        composer.append(name + ": ")
        composer.append(rewriter.address(address, tag: tag, captured.bytes))
        composer.endLine()
    }

    func appendContact(_ composer: inout MessageComposer, _ field: HeaderField, of captured: SIPMessage) {
        var cursor = ListCursor(field.value.indices)
        let bytes = captured.bytes
        var elements: [[UInt8]] = []
        while let element = cursor.next(bytes.span) {
            elements.append(AddressRewriter.contact(element, bytes, local: local, transport))
        }
        composer.append("Contact: ")
        composer.append(Array(elements.joined(separator: Array(", ".utf8))))
        composer.endLine()
    }

    private func appendRAck(_ composer: inout MessageComposer, _ frame: Frame) {
        guard let acknowledged = frame.acknowledged else { return }
        composer.append("RAck: \(acknowledged)\r\n")
    }
}

extension MessageComposer {
    /// Appends a header field as it was written, its folds and letters included.
    mutating func appendRaw(_ field: HeaderField, of message: SIPMessage) {
        let range = field.nameRange.indices.lowerBound..<field.value.indices.upperBound
        append(inPlace: { $0.append(contentsOf: message.bytes[range]) })
        endLine()
    }
}
