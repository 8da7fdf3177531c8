// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// Proof that a trunk was declared to be inside the trust domain of RFC 3325.
///
/// This is the only way to an `AssertedFields`, and an `AssertedFields` is the only thing in a `LegIdentity` that can
/// hold the number of a hidden caller or a P-Asserted-Identity. A composer takes a `LegIdentity` and nothing else, so a
/// program in which an untrusted peer is told such a number does not compile.
package struct TrustedPeer: Hashable, Sendable {
    /// How the trunk wants numbers written.
    let form: IdentityForm

    /// Takes the trunk's declaration; nil for an untrusted one.
    package init?(_ trunk: Trunk) {
        guard trunk.isInTrustDomain else { return nil }
        form = IdentityForm(trunk)
    }
}

/// A P-Asserted-Identity value (RFC 3325 §9.1): a number its customer owns, for a peer inside the trust domain.
package struct AssertedIdentity: Hashable, Sendable {
    /// The number asserted.
    package let number: E164Number
    let form: IdentityForm

    init(_ usable: UsableNumber, to peer: TrustedPeer) {
        number = usable.number
        form = peer.form
    }

    /// Appends the header field's value; `gatewayHost` is the host of URIs that name the gateway.
    package func append(to bytes: inout [UInt8], gatewayHost: String) {
        form.append(number, to: &bytes, gatewayHost: gatewayHost)
    }

    /// The header field's value; `gatewayHost` is the host of URIs that name the gateway.
    package func headerValue(gatewayHost: String) -> String {
        var bytes: [UInt8] = []
        append(to: &bytes, gatewayHost: gatewayHost)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Header fields beside From that carry a number the callee may see anyway; P-Asserted-Identity is not among them.
package struct ShownFields: Hashable, Sendable {
    let number: E164Number
    let name: DisplayName?
    let form: IdentityForm
    let fields: IdentityFields
    /// Whether the number was found among the customer's own; `screen` says so.
    let isScreened: Bool

    /// Nil when there is no number to be seen, or no header field to carry it.
    init?(_ presented: PresentedIdentity, _ trunk: Trunk, isSubstituted: Bool, isScreened: Bool) {
        guard case .number(let number, let name) = presented else { return nil }
        let fields = IdentityFields(trunk.identity, isAnonymous: false, isSubstituted: isSubstituted)
        self.fields = fields.subtracting(.asserted)
        guard !self.fields.isEmpty else { return nil }
        self.number = number
        self.name = trunk.identity.displayName.name(of: name, number, in: trunk.identity.number)
        self.isScreened = isScreened
        form = IdentityForm(trunk)
    }
}

/// Header fields that only a peer inside the trust domain gets.
package struct AssertedFields: Hashable, Sendable {
    /// The number, as P-Asserted-Identity writes it.
    package let identity: AssertedIdentity
    let fields: IdentityFields

    /// Nil when the trunk's profile names no header field for the call.
    init?(_ usable: UsableNumber, to peer: TrustedPeer, _ fields: IdentityFields) {
        guard !fields.isEmpty else { return nil }
        identity = AssertedIdentity(usable, to: peer)
        self.fields = fields
    }
}

/// The priv-values this gateway sends.
package enum PrivacyValue: String, Hashable, Sendable, CaseIterable {
    /// The asserted identity is to be withheld from the callee (RFC 3325 §9.3).
    case id
    /// The same, and the call is to fail rather than go on without it (RFC 3323 §4.2).
    case idCritical = "id;critical"
    /// User-level privacy is asked for as well (RFC 3323 §4.2).
    case userAndID = "user;id"
    /// The caller wants no privacy, whatever its line has by default (RFC 3323 §4.2); a privacy service leaves it be (§5).
    case unwanted = "none"
}

/// The host in a From header field that this gateway writes.
package enum FromHost: Hashable, Sendable {
    /// `anonymous.invalid` (RFC 3323 §4.1.1.3).
    case anonymousInvalid
    /// The gateway's own host.
    case gateway
    /// Another host, an IPv6 address without brackets.
    case domain(String)
}

/// The parts of a From header field that this gateway writes, without its tag.
package struct PresentedFrom: Hashable, Sendable {
    /// The name between quotation marks; nil for none. It needs no escaping.
    package let displayName: String?
    /// The URI's scheme; a `tel` URI has neither host nor parameters.
    package let scheme: IdentityScheme
    /// The URI's user part, or the number of a `tel` URI.
    package let user: String
    /// The URI's host.
    package let host: FromHost
    /// Whether the URI says `user=phone` (RFC 3261 §19.1.1).
    package let isTelephoneNumber: Bool

    /// What a trunk is shown.
    init(_ presented: PresentedIdentity, to trunk: Trunk) {
        let profile = trunk.identity
        switch presented {
        case .anonymous:
            let host = profile.anonymousHost == .invalid ? .anonymousInvalid : IdentityForm.domain(of: trunk)
            self.init(anonymousAt: host, isNamed: profile.namesAnonymous)
        case .number(let number, let name):
            let name = profile.displayName.name(of: name, number, in: profile.number)
            if profile.from == .username, let username = trunk.username {
                self.init(name: name, user: username, host: IdentityForm.host(of: trunk), isTelephoneNumber: false)
            } else if profile.fromScheme == .tel {
                self.init(name: name, .tel, user: number.description, host: .gateway, isTelephoneNumber: false)
            } else {
                let user = profile.number.text(number)
                let host = IdentityForm.host(of: trunk)
                self.init(name: name, user: user, host: host, isTelephoneNumber: profile.marksTelephone)
            }
        case .user(let user, let name):
            self.init(name: name, user: user, host: IdentityForm.host(of: trunk), isTelephoneNumber: false)
        }
    }

    /// What a peer is shown that is no trunk.
    init(_ presented: PresentedIdentity) {
        switch presented {
        case .anonymous: self.init(anonymousAt: .anonymousInvalid, isNamed: true)
        case .number(let number, let name):
            self.init(name: name, user: number.description, host: .gateway, isTelephoneNumber: true)
        case .user(let user, let name):
            self.init(name: name, user: user, host: .gateway, isTelephoneNumber: false)
        }
    }

    private init(anonymousAt host: FromHost, isNamed: Bool) {
        let name = isNamed ? DisplayName("Anonymous") : nil
        self.init(name: name, user: "anonymous", host: host, isTelephoneNumber: false)
    }

    private init(
        name: DisplayName?,
        _ scheme: IdentityScheme = .sip,
        user: String,
        host: FromHost,
        isTelephoneNumber: Bool
    ) {
        displayName = name?.text
        self.scheme = scheme
        self.user = user
        self.host = host
        self.isTelephoneNumber = isTelephoneNumber
    }
}

/// Exactly what one peer may be told of the caller; an asserted identity exists only where trust is declared.
package enum LegIdentity: Hashable, Sendable {
    /// A peer outside the trust domain: From, Privacy, and what repeats a number that From may show.
    case untrusted(PresentedFrom, PrivacyValue?, ShownFields?)
    /// A peer inside the trust domain: it may get an asserted identity.
    case trusted(PresentedFrom, PrivacyValue?, ShownFields?, AssertedFields?)

    /// What From shows.
    package var from: PresentedFrom {
        switch self {
        case .untrusted(let from, _, _), .trusted(let from, _, _, _): from
        }
    }

    /// What the Privacy header field says; nil sends none.
    package var privacy: PrivacyValue? {
        switch self {
        case .untrusted(_, let privacy, _), .trusted(_, let privacy, _, _): privacy
        }
    }

    /// What P-Asserted-Identity says; nil sends none, always so toward an untrusted peer.
    package var asserted: AssertedIdentity? {
        guard let told, told.fields.contains(.asserted) else { return nil }
        return told.identity
    }

    /// The number that the peer is told in trust, in international form; empty for none.
    package var toldNumber: String { told?.identity.number.description ?? "" }

    var told: AssertedFields? {
        if case .trusted(_, _, _, let told) = self { told } else { nil }
    }

    var shown: ShownFields? {
        switch self {
        case .untrusted(_, _, let shown), .trusted(_, _, let shown, _): shown
        }
    }
}
