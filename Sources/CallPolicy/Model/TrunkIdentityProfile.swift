// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// On which calls a header field carries the caller's number toward a trunk.
package enum IdentityUse: String, Sendable, CaseIterable {
    case never
    /// On calls whose callee may see the caller.
    case visible
    /// On calls whose callee may not.
    case anonymous
    case always

    /// Whether the header field goes with a call.
    func covers(anonymous isAnonymous: Bool) -> Bool {
        switch self {
        case .never: false
        case .visible: !isAnonymous
        case .anonymous: isAnonymous
        case .always: true
        }
    }
}

/// On which calls Diversion carries the number that the call stands under, as carriers bill by it (RFC 5806).
package enum DiversionUse: String, Sendable, CaseIterable {
    case never
    /// When the customer's default number stands in for what the caller asked for.
    case substituted
    case always
}

/// The scheme of a URI that carries a number toward a trunk.
package enum IdentityScheme: String, Sendable, CaseIterable {
    /// `tel:+15551234567`; always international, for RFC 3966 §5.1.5 has no local number without a context.
    case tel
    /// `sip:+15551234567@host`.
    case sip
}

/// The host of the SIP URIs that carry numbers toward a trunk.
package enum IdentityHost: Hashable, Sendable {
    /// The gateway's own.
    case gateway
    /// The trunk's.
    case trunk
    /// This one, a host name or an IP address without brackets.
    case domain(String)
}

/// What stands as the user part of From on a call whose callee may see the caller.
package enum FromUser: String, Sendable, CaseIterable {
    /// The caller's number.
    case number
    /// The user name the gateway has at the trunk; the number stands in another header field.
    case username
}

/// The name beside the caller's number.
package enum DisplayNamePolicy: Hashable, Sendable {
    /// The caller's, as policy resolved it.
    case pass
    /// None.
    case none
    /// The number as it is written to the trunk.
    case number
    /// This one.
    case fixed(String)
}

/// The host of an anonymous From.
package enum AnonymousHost: String, Sendable, CaseIterable {
    /// `anonymous.invalid` (RFC 3323 §4.1.1.3).
    case invalid
    /// The trunk's domain, for carriers that look From up.
    case trunk
}

/// What Privacy says on a call whose callee may not see the caller.
package enum PrivacyForm: String, Sendable, CaseIterable {
    /// The header field is not sent; then no number goes in P-Asserted-Identity or P-Preferred-Identity either, for
    /// nothing would ask the trunk to withhold it.
    case none
    case id
    case idCritical = "id;critical"
    case userAndID = "user;id"

    /// The value sent; nil when none is.
    var value: PrivacyValue? {
        switch self {
        case .none: nil
        case .id: .id
        case .idCritical: .idCritical
        case .userAndID: .userAndID
        }
    }
}

/// What one trunk is told of callers, and in which spelling.
///
/// The profile says what the carrier asks for. Whether a number may be told at all is not the profile's to say: on an
/// anonymous call, and in P-Asserted-Identity on any call, only a trusted trunk gets it.
package struct TrunkIdentityProfile: Hashable, Sendable {
    /// The user part of From on visible calls.
    package var from = FromUser.number
    /// The scheme of From on visible calls.
    package var fromScheme = IdentityScheme.sip
    /// P-Asserted-Identity (RFC 3325 §9.1).
    package var assertedIdentity = IdentityUse.anonymous
    /// P-Preferred-Identity (RFC 3325 §9.2).
    package var preferredIdentity = IdentityUse.never
    /// Remote-Party-ID (draft-ietf-sip-privacy-04 §5).
    package var remotePartyID = IdentityUse.never
    /// Diversion (RFC 5806).
    package var diversion = DiversionUse.never
    /// The scheme of the header fields beside From.
    package var scheme = IdentityScheme.tel
    /// The host of SIP URIs that carry a number.
    package var host = IdentityHost.gateway
    /// Whether those URIs say `user=phone` (RFC 3261 §19.1.1).
    package var marksTelephone = true
    /// How the caller's number is spelled.
    package var number = NumberForm()
    /// How the called number is spelled in Request-URI and To, between tech prefix and postfix.
    package var called = NumberForm()
    /// The name beside the caller's number.
    package var displayName = DisplayNamePolicy.pass
    /// The host of an anonymous From.
    package var anonymousHost = AnonymousHost.invalid
    /// Whether an anonymous From has the name "Anonymous".
    package var namesAnonymous = true
    /// What Privacy says on anonymous calls.
    package var privacy = PrivacyForm.id
    /// Further header fields of every INVITE.
    package var headers: [FixedHeader] = []

    /// Makes the profile of RFC 3325: the number in From on visible calls, and in P-Asserted-Identity as a `tel` URI on
    /// anonymous ones.
    package init() {}
}
