// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SessionDescription

/// A body on its way to the other leg.
struct CrossingBody {
    /// The bytes it stands in.
    let bytes: [UInt8]
    /// Where it stands.
    let range: FieldRange
    /// The lines that describe it in place of the message's own, each ending in CRLF; nil for the message's own.
    private(set) var description: [UInt8]?

    /// A message's own body, untouched.
    init(of message: SIPMessage) {
        bytes = message.bytes
        range = message.body
    }

    /// A body of its own.
    init(_ body: [UInt8]) {
        bytes = body
        range = FieldRange(0..<body.count)
    }

    /// A body of its own with the lines that describe it.
    init(_ body: [UInt8], description: [UInt8]) {
        self.init(body)
        self.description = description
    }
}

/// What a codec list makes of an offer.
enum FilteredOffer {
    /// It may cross in this form.
    case crosses(CrossingBody)
    /// Nothing the other side may use is left; the text is fit for a Warning 305.
    case refused(String)
}

/// Applies a leg's codec list to an offer; without a list the body crosses byte for byte.
func filterOffer(_ message: SIPMessage, by list: CodecList?) -> FilteredOffer {
    guard let list, !list.isEmpty, !message.body.isEmpty else { return .crosses(CrossingBody(of: message)) }
    let type = message.first(.contentType)?.indices
    switch CodecFilter.filter(message.bytes, body: message.body.indices, contentType: type, by: list) {
    case .unchanged: return .crosses(CrossingBody(of: message))
    case .filtered(let body, _): return .crosses(CrossingBody(body))
    case .nothingLeft(let offered):
        return .refused("no codec offered (\(offered.joined(separator: " "))) is in the list \(list.description)")
    case .malformed(let reason, let line):
        return .refused("the session description cannot be read: \(reason) (line \(line))")
    }
}
