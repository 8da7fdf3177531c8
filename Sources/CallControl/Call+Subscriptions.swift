// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The subscription that a REFER made, as an Event value names it (RFC 3515 §2.4.6).
struct ReferEvent {
    /// The number of the REFER; nil for the first one of the dialog.
    let identifier: UInt32?

    /// Reads Event; nil for another package.
    init?(_ message: SIPMessage) {
        guard let value = message.first(.event)?.indices else { return nil }
        let bytes = message.bytes
        let span = bytes.span
        let end = bytes[value].firstIndex(of: UInt8(ascii: ";")) ?? value.upperBound
        guard span.equals(span.trimmed(value.lowerBound..<end), ignoringCase: "refer") else { return nil }
        let number = Parameters(FieldRange(end..<value.upperBound)).value("id", in: span)
        identifier = number.flatMap { span.decimal($0, maximum: UInt64(UInt32.max)) }.map(
            UInt32.init(truncatingIfNeeded:)
        )
        // An identifier that is no number names no REFER.
        if number != nil, identifier == nil { return nil }
    }

    /// The header field line that names a subscription.
    static func line(_ identifier: UInt32?) -> [UInt8] {
        Array((identifier.map { "Event: refer;id=\($0)\r\n" } ?? "Event: refer\r\n").utf8)
    }
}

extension Call {
    /// A NOTIFY came inside a dialog: how a transfer goes on crosses under the number that the REFER had on its own
    /// side. A subscription that crosses ends with its dialog: after the BYE a NOTIFY is answered 481.
    mutating func notifyReceived(_ incoming: IncomingRequest, _ context: inout CallContext) {
        guard let number = ReferEvent(incoming.request)?.identifier else { return relay(incoming, &context) }
        let referral = referrals.first {
            $0.requester == incoming.leg.other && $0.pair == incoming.pair && $0.outSequence == number
        }
        guard let referral else { return respond(incoming.template, incoming.transaction, 481, &context) }
        relay(incoming, lines: ReferEvent.line(referral.inSequence), composed: .event, &context)
    }

    /// A SUBSCRIBE came inside a dialog: it may prolong or end what a REFER made (RFC 3515 §2.4.4), no more.
    mutating func subscribeReceived(_ incoming: IncomingRequest, _ context: inout CallContext) {
        guard let event = ReferEvent(incoming.request) else {
            let text = "this gateway passes no subscription but a transfer's"
            return respond(incoming.template, incoming.transaction, 489, warning: text, &context)
        }
        let referral = referrals.first {
            $0.requester == incoming.leg && $0.pair == incoming.pair
                && (event.identifier == nil || event.identifier == $0.inSequence)
        }
        guard let referral else {
            let text = "a subscription to a transfer is made by REFER alone"
            return respond(incoming.template, incoming.transaction, 403, warning: text, &context)
        }
        var lines = ReferEvent.line(event.identifier == nil ? nil : referral.outSequence)
        lines += Self.expires(incoming.request)
        relay(incoming, lines: lines, composed: .event, &context)
    }

    /// The line that says how long a subscription lasts; nothing without a number.
    static func expires(_ message: SIPMessage) -> [UInt8] {
        message.number(.expires).map { Array("Expires: \($0)\r\n".utf8) } ?? []
    }
}
