// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a header field may not be added to every call of a trunk.
package enum FixedHeaderDefect: String, Error, Hashable, Sendable, CaseIterable {
    /// The name is not a token of 2 to 64 characters (RFC 3261 §25.1).
    case name
    /// The field says who calls; the identity profile writes those.
    case identity
    /// The field proves who calls.
    case credentials
    /// The field belongs to a message or a leg, and the gateway writes it or lets it cross.
    case composed
    /// The value is empty, longer than 255 octets, or holds a line end, another control character or broken UTF-8.
    case value
}

/// A header field that every INVITE toward a trunk carries; its value can hold no line end.
package struct FixedHeader: Hashable, Sendable {
    /// The longest value, in octets.
    package static let longestValue = 255

    /// The name.
    package let name: String
    /// The value.
    package let value: String

    /// Takes a name and a value that may go out together.
    package init(name: String, value: String) throws(FixedHeaderDefect) {
        guard (2...64).contains(name.utf8.count), name.utf8.allSatisfy(Self.isToken) else { throw .name }
        if let owner = HeaderOwner.of(name) { throw owner.defect }
        let isPlain = value.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        guard isPlain, (1...Self.longestValue).contains(value.utf8.count) else { throw .value }
        self.name = name
        self.value = value
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-.!%*_+`'~".utf8.contains(byte)
        }
    }
}

/// Whose business a header field is that no configuration may write or let across.
package enum HeaderOwner: Hashable, Sendable {
    /// It says who calls.
    case identity
    /// It proves who calls.
    case credentials
    /// It belongs to a leg or a message.
    case composed

    /// The owner of a header field by its name, in any case; nil for a name that nobody claims.
    package static func of(_ name: String) -> HeaderOwner? {
        let folded = name.lowercased()
        if identityNames.contains(folded) { return .identity }
        if credentialNames.contains(folded) { return .credentials }
        // Every name of one letter is a compact form (RFC 3261 §7.3.3).
        return legs.contains(folded) || endToEnd.contains(folded) || folded.utf8.count < 2 ? .composed : nil
    }

    /// Whether each leg has a header field of this name of its own, whatever comes in.
    package static func isOfLeg(_ name: String) -> Bool {
        legs.contains(name.lowercased())
    }

    var defect: FixedHeaderDefect {
        switch self {
        case .identity: .identity
        case .credentials: .credentials
        case .composed: .composed
        }
    }

    private static let identityNames: Set<String> = [
        "p-asserted-identity", "p-preferred-identity", "remote-party-id", "identity", "identity-info", "diversion",
        "history-info", "referred-by", "privacy", "from", "p-charging-vector", "p-charging-function-addresses",
        "p-called-party-id", "p-associated-uri", "p-served-user", "p-profile-key", "p-access-network-info",
        "p-visited-network-id", "additional-identity", "attestation-info", "origination-id", "p-user-database",
        "p-asserted-service", "p-preferred-service", "p-charge-info", "rpid-privacy",
    ]

    private static let credentialNames: Set<String> = [
        "authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info",
        "www-authenticate", "proxy-authenticate", "security-client", "security-server", "security-verify",
    ]

    private static let legs: Set<String> = [
        "via", "route", "record-route", "path", "service-route", "to", "call-id", "cseq", "contact", "max-forwards",
        "content-length", "content-type", "expires", "min-expires", "max-breadth",
    ]

    private static let endToEnd: Set<String> = [
        "accept", "accept-encoding", "accept-language", "alert-info", "allow", "allow-events", "call-info",
        "content-disposition", "content-encoding", "content-id", "content-language", "event", "in-reply-to",
        "info-package", "join", "mime-version", "min-se", "organization", "proxy-require", "rack", "reason",
        "recv-info", "refer-to", "refer-sub", "replaces", "reply-to", "require", "retry-after", "rseq", "server",
        "session-expires", "subject", "subscription-state", "supported", "target-dialog", "timestamp", "unsupported",
        "user-agent", "warning",
    ]
}
