// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The method of a request (RFC 3261 §7.1 and its extensions); methods are case-sensitive.
package enum Method: UInt8, Sendable, CaseIterable {
    case invite
    case ack
    case bye
    case cancel
    case register
    case options
    case prack
    case update
    case info
    case message
    case refer
    case notify
    case subscribe
    case publish
    /// A method that this gateway has no name for; its text stands in the message.
    case other

    /// The method as written on the wire; empty for `other`.
    package var wireName: StaticString {
        switch self {
        case .invite: "INVITE"
        case .ack: "ACK"
        case .bye: "BYE"
        case .cancel: "CANCEL"
        case .register: "REGISTER"
        case .options: "OPTIONS"
        case .prack: "PRACK"
        case .update: "UPDATE"
        case .info: "INFO"
        case .message: "MESSAGE"
        case .refer: "REFER"
        case .notify: "NOTIFY"
        case .subscribe: "SUBSCRIBE"
        case .publish: "PUBLISH"
        case .other: ""
        }
    }

    /// Finds a method by its bytes, letter case counting.
    package static func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Method {
        let candidate: Method =
            switch (range.count, range.isEmpty ? 0 : bytes[range.lowerBound]) {
            case (6, UInt8(ascii: "I")): .invite
            case (3, UInt8(ascii: "A")): .ack
            case (3, UInt8(ascii: "B")): .bye
            case (6, UInt8(ascii: "C")): .cancel
            case (8, UInt8(ascii: "R")): .register
            case (7, UInt8(ascii: "O")): .options
            case (5, UInt8(ascii: "P")): .prack
            case (6, UInt8(ascii: "U")): .update
            case (4, UInt8(ascii: "I")): .info
            case (7, UInt8(ascii: "M")): .message
            case (5, UInt8(ascii: "R")): .refer
            case (6, UInt8(ascii: "N")): .notify
            case (9, UInt8(ascii: "S")): .subscribe
            case (7, UInt8(ascii: "P")): .publish
            default: .other
            }
        return candidate != .other && bytes.equals(range, candidate.wireName) ? candidate : .other
    }
}
