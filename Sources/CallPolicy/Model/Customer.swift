// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan
package import SessionDescription

/// Where a customer stands in its life; only an active one may call.
package enum CustomerStatus: String, Sendable, CaseIterable {
    case initial
    case active
    case frozen
    case expired
    case deleted
}

/// What the operator knows of a customer's real identity.
package enum IdentityVerificationStatus: String, Sendable, CaseIterable {
    case none
    case pending
    case verified
    case rejected
}

/// A customer's billing account, as far as the decision to call needs it.
package struct BillingAccount: Hashable, Sendable {
    /// The least credit that admits a call: one minute at one cent, in millionths of a US dollar.
    package static let minimumCredit: Int64 = 10_000

    /// Credit in millionths of a US dollar; may be negative.
    package var creditMicros: Int64
    /// Prepaid tokens; any positive count admits a call.
    package var tokens: Int64
    /// True for a plan that is never metered.
    package var isUnlimited: Bool
    /// False when the account is frozen or deleted.
    package var isActive: Bool

    /// Makes a billing account.
    package init(creditMicros: Int64, tokens: Int64 = 0, isUnlimited: Bool = false, isActive: Bool = true) {
        self.creditMicros = creditMicros
        self.tokens = tokens
        self.isUnlimited = isUnlimited
        self.isActive = isActive
    }

    /// Whether the account can pay for one more call.
    package var admitsCall: Bool {
        isActive && (isUnlimited || tokens > 0 || creditMicros >= Self.minimumCredit)
    }
}

/// What happens to a call whose caller has no number it may show: the end of the source ladder.
package enum SourceFallback: String, Sendable, CaseIterable {
    /// The call goes out with an anonymous From and no asserted identity.
    case anonymous
    /// The call is refused.
    case reject
}

/// What happens when the far end takes no anonymous calls (433, RFC 5079).
package enum AnonymityFallback: String, Sendable, CaseIterable {
    /// The caller is told, and stays hidden.
    case refuse
    /// The call is tried once more with the number shown, unless its caller asked for critical privacy.
    case retryShown = "retry_shown"
}

/// Whether a caller is hidden: forced, forbidden, or as the caller's own Privacy header field says.
package enum AnonymousSetting: String, Sendable, CaseIterable {
    case yes
    case no
    case auto
}

/// A customer's rules for calls to the outside.
package struct OutboundConfiguration: Hashable, Sendable {
    /// The configuration's own identity.
    package var id: ResourceIdentifier
    /// A name for people.
    package var name: String
    /// Countries that telephone calls may go to; empty denies them all.
    package var destinationWhitelist: Set<Country>
    /// Codecs kept in offers to SIP and extension legs, in order of preference; empty keeps all.
    package var codecs: CodecList
    /// The number shown when the caller's own is not valid; checked again at every call.
    package var defaultOutgoingSourceNumber: E164Number?
    /// What happens when neither the caller's number nor the default one is valid.
    package var whenNoValidSource: SourceFallback
    /// What happens when the far end takes no anonymous calls.
    package var whenAnonymityDisallowed: AnonymityFallback
    /// What is blocked unless it is listed here: classes of number inside a whitelisted country (premium and the like),
    /// and calling codes that belong to no country.
    package var allowedSpecial: Set<SpecialDestination>

    /// Makes an outbound configuration; the defaults deny every telephone call.
    package init(
        id: ResourceIdentifier,
        name: String = "",
        destinationWhitelist: Set<Country> = [],
        codecs: CodecList = CodecList(),
        defaultOutgoingSourceNumber: E164Number? = nil,
        whenNoValidSource: SourceFallback = .anonymous,
        whenAnonymityDisallowed: AnonymityFallback = .refuse,
        allowedSpecial: Set<SpecialDestination> = []
    ) {
        self.id = id
        self.name = name
        self.destinationWhitelist = destinationWhitelist
        self.codecs = codecs
        self.defaultOutgoingSourceNumber = defaultOutgoingSourceNumber
        self.whenNoValidSource = whenNoValidSource
        self.whenAnonymityDisallowed = whenAnonymityDisallowed
        self.allowedSpecial = allowedSpecial
    }
}

/// A customer: the owner of endpoints and numbers, and the one whose rules judge a call.
package struct Customer: Hashable, Sendable {
    /// The customer's identity.
    package var id: ResourceIdentifier
    /// A name for people, unique in the deployment.
    package var name: String
    /// Where the customer stands in its life.
    package var status: CustomerStatus
    /// What is known of the customer's real identity.
    package var identityVerification: IdentityVerificationStatus
    /// The billing account; nil when the customer is not metered.
    package var billingAccount: BillingAccount?
    /// How much the customer may do, all its endpoints together.
    package var limits: CallLimits
    /// How its endpoints dial that have no dial plan of their own, and what the control API is told to dial.
    package var dialPlan: DialPlan?
    /// Whether the customer's endpoints may call SIP URIs outside the deployment.
    package var mayCallSIPURIs: Bool
    /// The rules for calls to the outside; nil denies every telephone call.
    package var outbound: OutboundConfiguration?

    /// Makes a customer; by default active, unmetered, unlimited, and without outbound rules.
    package init(
        id: ResourceIdentifier,
        name: String,
        status: CustomerStatus = .active,
        identityVerification: IdentityVerificationStatus = .none,
        billingAccount: BillingAccount? = nil,
        limits: CallLimits = .none,
        dialPlan: DialPlan? = nil,
        mayCallSIPURIs: Bool = false,
        outbound: OutboundConfiguration? = nil
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.identityVerification = identityVerification
        self.billingAccount = billingAccount
        self.limits = limits
        self.dialPlan = dialPlan
        self.mayCallSIPURIs = mayCallSIPURIs
        self.outbound = outbound
    }
}
