// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Where a request really came from, for its topmost Via (RFC 3261 §18.2.1, RFC 3581 §4).
package struct RequestSource: Sendable, Hashable {
    /// The source address, an IPv6 one without brackets.
    package let host: String
    /// The source port.
    package let port: UInt16

    /// Makes a source.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

/// The header fields that every response to one request repeats (RFC 3261 §8.2.6.2), rendered once.
package struct ResponseTemplate: Sendable {
    /// Via, From, Call-ID and CSeq lines, and the To line last and without its end.
    private let lines: [UInt8]
    /// Whether there is a To line; a refused request may have none.
    private let hasTo: Bool
    /// Whether the request's To has a tag, so that none is added.
    package let hasToTag: Bool

    /// Renders the lines of a scanned request.
    ///
    /// - Parameters:
    ///   - request: The request to be answered.
    ///   - source: Where it came from; fills `received` and `rport`.
    package init(_ request: SIPMessage, source: RequestSource) {
        self.init(bytes: request.bytes, fields: request.fields, via: request.mandatory.via, source: source)
    }

    /// Renders what can be rendered of a refused request, whose fields may be malformed.
    package init(bytes: [UInt8], fields: [HeaderField], source: RequestSource) {
        self.init(bytes: bytes, fields: fields, via: nil, source: source)
    }

    private init(bytes: [UInt8], fields: [HeaderField], via: Via?, source: RequestSource) {
        var composer = MessageComposer(capacity: 512)
        var isTopmost = true
        for field in fields where field.name == .via {
            if isTopmost, let via {
                Self.appendTopmost(&composer, bytes, field, via, source)
            } else {
                composer.field("Via", bytes, field.value)
            }
            isTopmost = false
        }
        var to: HeaderField?
        for field in fields {
            switch field.name {
            case .from: composer.field("From", bytes, field.value)
            case .callID: composer.field("Call-ID", bytes, field.value)
            case .cseq: composer.field("CSeq", bytes, field.value)
            case .to where to == nil: to = field
            default: break
            }
        }
        hasTo = to != nil
        if let to {
            composer.append("To: ")
            composer.appendUnfolded(bytes, to.value)
            let address = try? NameAddress.parse(bytes.span, to.value.indices)
            hasToTag = address?.tag(in: bytes.span) != nil
        } else {
            hasToTag = false
        }
        lines = composer.bytes
    }

    /// Adds `received` and fills `rport` in the first element; the field's other elements follow unchanged.
    private static func appendTopmost(
        _ composer: inout MessageComposer,
        _ bytes: [UInt8],
        _ field: HeaderField,
        _ via: Via,
        _ source: RequestSource
    ) {
        let element = via.whole.indices
        composer.append("Via: ")
        let parameters = via.parameters.range.isEmpty ? element.upperBound : Int(via.parameters.range.offset)
        composer.appendUnfolded(bytes, FieldRange(element.lowerBound..<parameters))
        var cursor = ParameterCursor(parameters..<element.upperBound)
        while let parameter = cursor.next(bytes.span) {
            let isRport = bytes.span.equals(parameter.name, ignoringCase: "rport")
            // A received parameter in a request is the sender's claim about itself.
            if isRport || bytes.span.equals(parameter.name, ignoringCase: "received") { continue }
            composer.append(";")
            composer.appendUnfolded(bytes, FieldRange(parameter.name))
            if !parameter.value.isEmpty {
                composer.append("=")
                composer.appendUnfolded(bytes, FieldRange(parameter.value))
            }
        }
        composer.append(";received=")
        composer.append(source.host)
        if via.hasRport {
            composer.append(";rport=")
            composer.append(decimal: Int(source.port))
        }
        let rest = element.upperBound..<max(element.upperBound, field.value.indices.upperBound)
        composer.appendUnfolded(bytes, FieldRange(rest))
        composer.endLine()
    }

    /// Starts a response: status line and the repeated lines.
    ///
    /// - Parameters:
    ///   - status: The status code, 100 to 699.
    ///   - reason: The reason phrase; nil takes the registered one.
    ///   - toTag: The tag to put on To when the request's To has none; nil adds none (only for 100).
    /// - Returns: A composer that the caller adds its own header fields to and finishes.
    package func start(status: Int, reason: String? = nil, toTag: [UInt8]?) -> MessageComposer {
        var composer = MessageComposer(capacity: lines.count + 400)
        composer.append("SIP/2.0 ")
        composer.append(decimal: status)
        composer.append(" ")
        if let reason { composer.append(reason) } else { composer.append(StatusPhrase.of(status)) }
        composer.endLine()
        composer.append(lines)
        // A refused request may have no To at all; then the answer has none to repeat.
        guard hasTo else { return composer }
        if let toTag, !hasToTag {
            composer.append(";tag=")
            composer.append(toTag)
        }
        composer.endLine()
        return composer
    }
}
