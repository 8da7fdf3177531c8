// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Replaces, byte for byte, what is valid and yet unreadable to the second reader, so that all the rest of the
/// message can still be compared.
enum OsipMask {
    /// A copy of the message with the same index over masked bytes; nil when there is nothing to mask.
    static func masked(_ message: SIPMessage) -> SIPMessage? {
        var bytes = message.bytes
        var isChanged = false
        for index in 0..<Int(message.body.offset) where bytes[index] == 0 {
            // Only a quoted-pair can hold it here (RFC 4475 §3.1.1.2); in C it ends the text.
            bytes[index] = UInt8(ascii: "x")
            isChanged = true
        }
        if let uri = message.requestURI { maskScheme(&bytes, uri, &isChanged) }
        maskScheme(&bytes, message.mandatory.from.uri, &isChanged)
        maskScheme(&bytes, message.mandatory.to.uri, &isChanged)
        maskMultipart(&bytes, message, &isChanged)
        guard isChanged else { return nil }
        return SIPMessage(
            bytes: bytes,
            startLine: message.startLine,
            fields: message.fields,
            mandatory: message.mandatory,
            body: message.body
        )
    }

    /// The library knows no periods in a scheme (RFC 4475 §3.3.3), and takes any that begins with `sip` for SIP.
    private static func maskScheme(_ bytes: inout [UInt8], _ uri: URIReference, _ isChanged: inout Bool) {
        guard uri.scheme == .other else { return }
        for index in uri.whole.indices {
            if bytes[index] == UInt8(ascii: ":") { return }
            bytes[index] = UInt8(ascii: "x")
            isChanged = true
        }
    }

    /// The library takes a multipart body apart and refuses the message when it cannot; here a body is opaque.
    private static func maskMultipart(_ bytes: inout [UInt8], _ message: SIPMessage, _ isChanged: inout Bool) {
        guard let type = message.first(.contentType), type.length >= 10 else { return }
        let start = Int(type.offset)
        guard bytes.span.equals(start..<(start + 9), ignoringCase: "multipart") else { return }
        bytes[start] = UInt8(ascii: "x")
        isChanged = true
    }
}
