// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// A dialog as a Replaces value names it to the one who holds it (RFC 3891 §6.1).
package struct ReplacedDialog: Hashable, Sendable {
    /// The Call-ID.
    package let callID: [UInt8]
    /// The tag of whoever is asked to replace the dialog.
    package let toTag: [UInt8]
    /// The tag of the other end.
    package let fromTag: [UInt8]
    /// Whether only a dialog that is not answered yet may be replaced.
    package let isEarlyOnly: Bool

    /// The tag of whoever is asked, when it has the form of the gateway's own.
    package var ownTag: UInt64? { toTag.span.hexadecimal(0..<toTag.count) }

    init(callID: [UInt8], toTag: [UInt8], fromTag: [UInt8], isEarlyOnly: Bool) {
        self.callID = callID
        self.toTag = toTag
        self.fromTag = fromTag
        self.isEarlyOnly = isEarlyOnly
    }

    /// Reads a Replaces value; nil when it is malformed, or names a tag twice or not at all.
    package init?(_ value: [UInt8]) {
        let span = value.span
        let end = value.firstIndex(of: UInt8(ascii: ";")) ?? value.count
        let callID = span.trimmed(0..<end)
        guard !callID.isEmpty, value[callID].allSatisfy(Self.mayStandInCallID) else { return nil }
        var tags: [[UInt8]?] = [nil, nil]
        var isEarlyOnly = false
        var cursor = ParameterCursor(end..<value.count)
        while let parameter = cursor.next(span) {
            if span.equals(parameter.name, ignoringCase: "early-only") { isEarlyOnly = true }
            let isTo = span.equals(parameter.name, ignoringCase: "to-tag")
            guard isTo || span.equals(parameter.name, ignoringCase: "from-tag") else { continue }
            let tag = Array(value[parameter.value])
            guard !tag.isEmpty, tag.allSatisfy(ASCII.token.contains), tags[isTo ? 0 : 1] == nil else { return nil }
            tags[isTo ? 0 : 1] = tag
        }
        guard let toTag = tags[0], let fromTag = tags[1] else { return nil }
        self.init(callID: Array(value[callID]), toTag: toTag, fromTag: fromTag, isEarlyOnly: isEarlyOnly)
    }

    /// The value of a Replaces header field.
    var value: [UInt8] {
        var composer = MessageComposer(capacity: callID.count + toTag.count + fromTag.count + 32)
        composer.append(callID)
        composer.append(";to-tag=")
        composer.append(toTag)
        composer.append(";from-tag=")
        composer.append(fromTag)
        if isEarlyOnly { composer.append(";early-only") }
        return composer.bytes
    }

    private static func mayStandInCallID(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "@") || ASCII.word.contains(byte)
    }
}

extension SIPMessage {
    /// What Replaces names; nil without the header field.
    ///
    /// - Throws: `SyntaxError` when it is malformed or stands there twice (RFC 3891 §3: 400).
    func replacedDialog() throws(SyntaxError) -> ReplacedDialog? {
        guard let value = first(.replaces) else { return nil }
        guard count(.replaces) == 1, let replaced = ReplacedDialog(unfolded(value)) else {
            throw SyntaxError("Replaces does not name one dialog", at: Int(value.offset))
        }
        return replaced
    }
}

extension Dialog {
    /// Whether a Replaces value names this dialog to the gateway.
    func isNamed(by replaced: ReplacedDialog) -> Bool {
        localTag == replaced.ownTag && remoteTag == replaced.fromTag && callID == replaced.callID
    }
}

/// Percent-escapes inside URIs (RFC 3261 §19.1.2).
enum Escapes {
    /// The bytes without their escapes; nil when a percent sign is not followed by two hexadecimal digits, or when
    /// what comes out could not stand on a line.
    static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "%") {
                guard index + 1 < bytes.endIndex, let high = ASCII.hexValue(bytes[index]),
                    let low = ASCII.hexValue(bytes[index + 1])
                else { return nil }
                byte = high << 4 | low
                index += 2
            }
            guard byte >= 32, byte != 127 else { return nil }
            decoded.append(byte)
        }
        return decoded
    }

    /// The bytes as the value of a header inside a URI.
    static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count + 16)
        for byte in bytes {
            if ASCII.uriHeader.contains(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(digits[Int(byte >> 4)])
                encoded.append(digits[Int(byte & 15)])
            }
        }
        return encoded
    }
}
