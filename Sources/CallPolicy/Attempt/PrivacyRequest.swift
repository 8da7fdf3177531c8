// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a caller's Privacy header fields ask for (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §10.1).
package struct PrivacyRequest: Hashable, Sendable {
    /// The priv-values this gateway knows.
    package struct Tokens: OptionSet, Hashable, Sendable {
        /// One bit for each priv-value.
        package let rawValue: UInt8

        /// Makes a set out of its bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// `id`: withhold the asserted identity (RFC 3325 §9.3).
        package static let id = Tokens(rawValue: 1)
        /// `header`: obscure the header fields that name the caller's side.
        package static let header = Tokens(rawValue: 2)
        /// `session`: anonymise the media.
        package static let session = Tokens(rawValue: 4)
        /// `user`: user-level privacy.
        package static let user = Tokens(rawValue: 8)
        /// `none`: no privacy function is to be applied.
        package static let none = Tokens(rawValue: 16)
        /// `critical`: fail the request rather than give less than was asked.
        package static let critical = Tokens(rawValue: 32)
        /// `history`: withhold History-Info (RFC 7044 §10.1); it never crosses this gateway.
        package static let history = Tokens(rawValue: 64)
    }

    /// The most unknown priv-values that are kept by name.
    package static let namedUnknownLimit = 8

    /// The priv-values that were recognised.
    package private(set) var tokens: Tokens = []
    /// Priv-values that mean nothing here, made printable, the first few.
    package private(set) var unknown: [String] = []

    /// The request of a call without a Privacy header field.
    package static let absent = PrivacyRequest()

    /// A request that asks for nothing.
    package init() {}

    /// Reads the values of all Privacy header fields of a request, in order.
    package init(values: [String]) {
        for value in values { read(ReceivedText(value)) }
    }

    /// Reads the values of all Privacy header fields of a request, in order.
    package init(values: [ReceivedText]) {
        for value in values { read(value) }
    }

    /// Adds one header field's value; priv-values are separated by semicolons, and by commas as RFC 3325 writes them.
    package mutating func read(_ value: ReceivedText) {
        var start = value.range.lowerBound
        for position in value.range {
            let byte = value.buffer[position]
            guard byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") else { continue }
            add(value.buffer, start..<position)
            start = position + 1
        }
        add(value.buffer, start..<value.range.upperBound)
    }

    /// Whether a token asks that the caller's number stay hidden from the callee.
    package var asksToHideNumber: Bool {
        !tokens.isDisjoint(with: [.id, .user, .header])
    }

    /// Whether nothing less than all that was asked may be given.
    package var isCritical: Bool { tokens.contains(.critical) }

    /// The priv-values that this gateway cannot satisfy, by name: `session`, because media passes it by, and unknown ones.
    package var unsatisfiable: [String] {
        tokens.contains(.session) ? ["session"] + unknown : unknown
    }

    private mutating func add(_ buffer: [UInt8], _ range: Range<Int>) {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, buffer[lower].isLinearWhiteSpace { lower += 1 }
        while lower < upper, buffer[upper - 1].isLinearWhiteSpace { upper -= 1 }
        guard lower < upper else { return }
        let text = ReceivedText(buffer: buffer, range: lower..<upper)
        if let token = Self.token(text) {
            tokens.insert(token)
        } else if unknown.count < Self.namedUnknownLimit {
            unknown.append(text.printable)
        }
    }

    private static func token(_ text: ReceivedText) -> Tokens? {
        switch text.count {
        case 2: text.equalsIgnoringCase("id") ? .id : nil
        case 4:
            text.equalsIgnoringCase("none") ? Tokens.none : text.equalsIgnoringCase("user") ? .user : nil
        case 6: text.equalsIgnoringCase("header") ? .header : nil
        case 7:
            text.equalsIgnoringCase("session") ? .session : text.equalsIgnoringCase("history") ? .history : nil
        case 8: text.equalsIgnoringCase("critical") ? .critical : nil
        default: nil
        }
    }
}

extension UInt8 {
    fileprivate var isLinearWhiteSpace: Bool {
        self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A
    }
}
