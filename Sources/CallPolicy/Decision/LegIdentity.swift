// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// Proof that a trunk was declared to be inside the trust domain of RFC 3325.
package struct TrustedPeer: Hashable, Sendable {
    /// How the trunk wants asserted numbers written.
    let form: AssertedIdentityForm
    let sendsPlus: Bool

    /// Takes the trunk's declaration; nil for an untrusted one.
    package init?(_ trunk: Trunk) {
        guard trunk.trust.isTrusted else { return nil }
        form = trunk.assertedIdentityForm
        sendsPlus = trunk.sendsPlus
    }
}

/// A P-Asserted-Identity value (RFC 3325 §9.1): a number its customer owns, for a peer inside the trust domain.
package struct AssertedIdentity: Hashable, Sendable {
    /// The number asserted.
    package let number: E164Number
    /// The form of its URI.
    package let form: AssertedIdentityForm
    /// Whether the number carries its leading `+`.
    package let sendsPlus: Bool

    init(_ usable: UsableNumber, to peer: TrustedPeer) {
        number = usable.number
        form = peer.form
        sendsPlus = peer.sendsPlus
    }

    /// Appends the header field's value; `gatewayHost` is the host of the `sip` form.
    package func append(to bytes: inout [UInt8], gatewayHost: String) {
        bytes.append(contentsOf: form == .tel ? "<tel:".utf8 : "<sip:".utf8)
        if sendsPlus {
            number.append(to: &bytes)
        } else {
            bytes.append(contentsOf: number.description.utf8.dropFirst())
        }
        if form == .sip {
            bytes.append(UInt8(ascii: "@"))
            bytes.append(contentsOf: gatewayHost.utf8)
            bytes.append(contentsOf: ";user=phone".utf8)
        }
        bytes.append(UInt8(ascii: ">"))
    }

    /// The header field's value; `gatewayHost` is the host of the `sip` form.
    package func headerValue(gatewayHost: String) -> String {
        var bytes: [UInt8] = []
        append(to: &bytes, gatewayHost: gatewayHost)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The priv-values this gateway sends.
package enum PrivacyValue: String, Hashable, Sendable, CaseIterable {
    /// The asserted identity is to be withheld from the callee (RFC 3325 §9.3).
    case id
}

/// The host in a From header field that this gateway writes.
package enum FromHost: Hashable, Sendable {
    /// `anonymous.invalid` (RFC 3323 §4.1.1.3).
    case anonymousInvalid
    /// The gateway's own host.
    case gateway
}

/// The parts of a From header field that this gateway writes, without its tag.
package struct PresentedFrom: Hashable, Sendable {
    /// The name between quotation marks; nil for none. It needs no escaping.
    package let displayName: String?
    /// The URI's user part.
    package let user: String
    /// The URI's host.
    package let host: FromHost
    /// Whether the user part is a telephone number (`user=phone`, RFC 3261 §19.1.1).
    package let isTelephoneNumber: Bool

    init(_ presented: PresentedIdentity, sendsPlus: Bool) {
        switch presented {
        case .anonymous:
            displayName = "Anonymous"
            user = "anonymous"
            host = .anonymousInvalid
            isTelephoneNumber = false
        case .number(let number, let name):
            displayName = name?.text
            user = sendsPlus ? number.description : String(number.description.dropFirst())
            host = .gateway
            isTelephoneNumber = true
        case .user(let name, let displayName):
            self.displayName = displayName?.text
            user = name
            host = .gateway
            isTelephoneNumber = false
        }
    }
}

/// Exactly what one peer may be told of the caller; an asserted identity exists only where trust is declared.
package enum LegIdentity: Hashable, Sendable {
    /// A peer outside the trust domain: From and Privacy are all it gets.
    case untrusted(PresentedFrom, PrivacyValue?)
    /// A peer inside the trust domain: it may get an asserted identity.
    case trusted(PresentedFrom, PrivacyValue?, AssertedIdentity?)

    /// What From shows.
    package var from: PresentedFrom {
        switch self {
        case .untrusted(let from, _), .trusted(let from, _, _): from
        }
    }

    /// What the Privacy header field says; nil sends none.
    package var privacy: PrivacyValue? {
        switch self {
        case .untrusted(_, let privacy), .trusted(_, let privacy, _): privacy
        }
    }

    /// What P-Asserted-Identity says; nil sends none, always so toward an untrusted peer.
    package var asserted: AssertedIdentity? {
        if case .trusted(_, _, let asserted) = self { asserted } else { nil }
    }
}
