// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SessionDescription

/// What of a hidden caller's bodies may reach its callee.
///
/// A session description crosses without what names a person, alone even when it came as a part among others; the
/// status line of a sipfrag crosses, and the digits of the keypad types. Anything else is dropped. The lines that
/// describe the body are written anew, since a parameter could hold a file's name.
extension CrossingBody {
    /// Media types without a place for a name.
    private static let wordless: [StaticString] = [
        "application/dtmf-relay", "application/dtmf", "application/media_control+xml",
    ]
    private static let dispositions: [StaticString] = ["session", "early-session", "render", "info-package"]
    /// The value of Accept beside a refused body.
    static let accepted = "application/sdp, application/dtmf-relay, application/dtmf, application/media_control+xml"

    /// The body as it may cross.
    ///
    /// - Parameters:
    ///   - passage: The row of the passage table.
    ///   - message: The message that it came in, whose header fields describe it.
    /// - Returns: The same body when the receiver may know the caller.
    func crossing(_ passage: HeaderPassage, of message: SIPMessage) -> CrossingBody {
        guard passage.hidesCaller else { return self }
        guard !range.isEmpty, Self.isPlain(message) else { return CrossingBody([], description: []) }
        let type = message.first(.contentType).map(message.unfolded)
        if let found = SessionDescriptionPart.find(bytes, body: range.indices, contentType: type) {
            return Self.described(HiddenDescription.of(bytes, found), "application/sdp", message)
        }
        guard let type else { return CrossingBody([], description: []) }
        let name = type.span.trimmed(0..<(type.firstIndex(of: UInt8(ascii: ";")) ?? type.count))
        if type.span.equals(name, ignoringCase: "message/sipfrag") {
            guard let line = statusLine else { return CrossingBody([], description: []) }
            return Self.described(line, "message/sipfrag;version=2.0", nil)
        }
        for known in Self.wordless where type.span.equals(name, ignoringCase: known) {
            return Self.described(Array(bytes[range.indices]), known, message)
        }
        return CrossingBody([], description: [])
    }

    /// Whether a body was there and nothing of it is left.
    func isDropped(from message: SIPMessage) -> Bool {
        range.isEmpty && !message.body.isEmpty
    }

    private static func isPlain(_ message: SIPMessage) -> Bool {
        guard let encoding = message.first(.contentEncoding) else { return true }
        let bytes = message.bytes
        return bytes.span.equals(encoding.indices, ignoringCase: "identity")
    }

    private static func described(_ body: [UInt8], _ type: StaticString, _ message: SIPMessage?) -> CrossingBody {
        var composer = MessageComposer(capacity: 80)
        composer.field("Content-Type", type)
        if let message, let value = message.first(.contentDisposition)?.indices {
            let bytes = message.bytes
            let span = bytes.span
            let end = bytes[value].firstIndex(of: UInt8(ascii: ";")) ?? value.upperBound
            let name = span.trimmed(value.lowerBound..<end)
            for known in dispositions where span.equals(name, ignoringCase: known) {
                composer.field("Content-Disposition", known)
            }
        }
        return CrossingBody(body, description: composer.bytes)
    }

    /// The status line of a sipfrag with the status code's own phrase (RFC 3420 §2, RFC 3515 §2.4.5); nil for a
    /// fragment that begins otherwise.
    private var statusLine: [UInt8]? {
        let span = bytes.span
        let start = range.indices.lowerBound
        guard range.length >= 11, span.equals(start..<(start + 8), ignoringCase: "SIP/2.0 "),
            let status = span.decimal((start + 8)..<(start + 11), maximum: 699), status >= 100
        else { return nil }
        var composer = MessageComposer(capacity: 48)
        composer.append("SIP/2.0 ")
        composer.append(decimal: Int(status))
        composer.append(" ")
        composer.append(StatusPhrase.of(Int(status)))
        composer.endLine()
        return composer.bytes
    }
}
