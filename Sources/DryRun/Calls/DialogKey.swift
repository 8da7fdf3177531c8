// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Names a dialog as its caller began it: Call-ID and the caller's tag, byte for byte.
struct DialogKey: Hashable {
    private let bytes: [UInt8]

    /// How many octets it holds.
    var byteCount: Int { bytes.count }

    private init(_ message: SIPMessage, _ tag: FieldRange) {
        let callID = message.mandatory.callID
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(callID.length + tag.length) + 1)
        bytes.append(contentsOf: message.bytes[callID.indices])
        bytes.append(0)
        bytes.append(contentsOf: message.bytes[tag.indices])
        self.bytes = bytes
    }

    /// The dialog of a message that travels from the caller, or of a response to one.
    init(fromCaller message: SIPMessage) {
        self.init(message, message.mandatory.fromTag)
    }

    /// The dialog of a message that travels from the callee, or of a response to one.
    init(fromCallee message: SIPMessage) {
        self.init(message, message.mandatory.toTag)
    }
}

/// What tells a session description again on another leg: the session's numbers, its address and its first port.
///
/// A gateway may rename the origin, hide its address and drop codecs, but leaves these alone.
struct OfferFingerprint: Hashable {
    private let text: [UInt8]

    /// The fingerprint of a message's body; nil when it has no session description.
    init?(_ message: SIPMessage) {
        guard !message.body.isEmpty else { return nil }
        var text: [UInt8] = []
        var hasOrigin = false
        let lines = message.bytes[message.body.indices].split(maxSplits: 256) { $0 == 0x0A || $0 == 0x0D }
        for line in lines where line.count < 512 {
            let fields = line.split(separator: 0x20)
            if line.starts(with: "o=".utf8) {
                hasOrigin = true
                for field in fields.dropFirst().prefix(2) { text += field + [0x20] }
            } else if line.starts(with: "c=".utf8) {
                text += line + [0x20]
            } else if line.starts(with: "m=".utf8) {
                guard hasOrigin else { return nil }
                for field in fields.prefix(2) { text += field + [0x20] }
                self.text = text
                return
            }
        }
        return nil
    }
}
