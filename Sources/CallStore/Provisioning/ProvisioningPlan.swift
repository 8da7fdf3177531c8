// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import NumberingPlan
package import SessionDescription

/// What the store should hold, as a configuration file declares it; everything is named by its natural name.
///
/// Applying the same plan twice changes nothing the second time.
package struct ProvisioningPlan: Hashable, Sendable {
    /// The customers, with what belongs to them.
    package var customers: [ProvisionedCustomer]
    /// The trunks of the deployment.
    package var trunks: [ProvisionedTrunk]
    /// The people who may use the control API.
    package var agents: [ProvisionedAgent]
    /// Whether stored things that the plan does not name are removed; false leaves them alone. Agents stay anyway.
    package var prune: Bool

    /// Makes a plan; by default an empty one that removes nothing.
    package init(
        customers: [ProvisionedCustomer] = [],
        trunks: [ProvisionedTrunk] = [],
        agents: [ProvisionedAgent] = [],
        prune: Bool = false
    ) {
        self.customers = customers
        self.trunks = trunks
        self.agents = agents
        self.prune = prune
    }
}

/// A customer as declared; `name` is its key.
package struct ProvisionedCustomer: Hashable, Sendable {
    /// The customer's name, unique in the deployment.
    package var name: String
    /// Where the customer stands in its life.
    package var status: CustomerStatus
    /// What is known of the customer's real identity.
    package var identityVerification: IdentityVerificationStatus
    /// The billing account; nil when the customer is not metered.
    package var billingAccount: BillingAccount?
    /// How much the customer may do, all its endpoints together.
    package var limits: CallLimits
    /// How its endpoints dial that have no dial plan of their own.
    package var dialPlan: DialPlan?
    /// Whether the customer's endpoints may call SIP URIs outside the deployment.
    package var mayCallSIPURIs: Bool
    /// The rules for calls to the outside; nil leaves stored ones alone, and gives a new customer none.
    package var outbound: ProvisionedOutbound?
    /// The customer's endpoints.
    package var endpoints: [ProvisionedEndpoint]
    /// The customer's numbers.
    package var numbers: [ProvisionedNumber]

    /// Makes a declared customer; by default active, unmetered and without endpoints.
    package init(
        name: String,
        status: CustomerStatus = .active,
        identityVerification: IdentityVerificationStatus = .none,
        billingAccount: BillingAccount? = nil,
        limits: CallLimits = .none,
        dialPlan: DialPlan? = nil,
        mayCallSIPURIs: Bool = false,
        outbound: ProvisionedOutbound? = nil,
        endpoints: [ProvisionedEndpoint] = [],
        numbers: [ProvisionedNumber] = []
    ) {
        self.name = name
        self.status = status
        self.identityVerification = identityVerification
        self.billingAccount = billingAccount
        self.limits = limits
        self.dialPlan = dialPlan
        self.mayCallSIPURIs = mayCallSIPURIs
        self.outbound = outbound
        self.endpoints = endpoints
        self.numbers = numbers
    }
}

/// A customer's outbound rules as declared; the fields are those of `OutboundConfiguration` without its identity.
package struct ProvisionedOutbound: Hashable, Sendable {
    /// A name for people.
    package var name: String
    /// Countries that telephone calls may go to; empty denies them all.
    package var destinationWhitelist: Set<Country>
    /// Codecs kept in offers to SIP and extension legs; empty keeps all.
    package var codecs: CodecList
    /// The number shown when the caller's own is not valid.
    package var defaultOutgoingSourceNumber: E164Number?
    /// What happens when no number is valid.
    package var whenNoValidSource: SourceFallback
    /// What happens when the far end takes no anonymous calls.
    package var whenAnonymityDisallowed: AnonymityFallback
    /// What is blocked unless it is listed here.
    package var allowedSpecial: Set<SpecialDestination>

    /// Makes declared outbound rules; the defaults deny every telephone call.
    package init(
        name: String = "",
        destinationWhitelist: Set<Country> = [],
        codecs: CodecList = CodecList(),
        defaultOutgoingSourceNumber: E164Number? = nil,
        whenNoValidSource: SourceFallback = .anonymous,
        whenAnonymityDisallowed: AnonymityFallback = .refuse,
        allowedSpecial: Set<SpecialDestination> = []
    ) {
        self.name = name
        self.destinationWhitelist = destinationWhitelist
        self.codecs = codecs
        self.defaultOutgoingSourceNumber = defaultOutgoingSourceNumber
        self.whenNoValidSource = whenNoValidSource
        self.whenAnonymityDisallowed = whenAnonymityDisallowed
        self.allowedSpecial = allowedSpecial
    }
}

/// What a plan says of an endpoint's credentials.
package enum ProvisionedCredentials: Hashable, Sendable {
    /// Stored credentials stay as they are; a new endpoint has none and cannot authenticate.
    case keep
    /// Exactly these replace what is stored.
    case replace([StoredCredential])
}

/// An endpoint as declared; `username` is its key.
package struct ProvisionedEndpoint: Hashable, Sendable {
    /// The digest user name, unique in the deployment.
    package var username: String
    /// The credentials, already hashed.
    package var credentials: ProvisionedCredentials
    /// Names under which others of the same customer dial it, besides the user name.
    package var extensions: [String]
    /// The endpoint's own number.
    package var number: E164Number?
    /// The name shown with its number.
    package var displayName: String?
    /// Whether an INVITE needs a live binding as well as credentials.
    package var requiresRegistration: Bool
    /// Source addresses that stand for credentials.
    package var sourceAddresses: [AddressRange]
    /// The number emergency services see.
    package var emergencyCallerID: E164Number?
    /// False switches the endpoint off.
    package var isEnabled: Bool
    /// How its users dial; nil for the customer's dial plan.
    package var dialPlan: DialPlan?
    /// How much it may do by itself; the customer's limits hold beside.
    package var limits: CallLimits

    /// Makes a declared endpoint; by default enabled, registering, with its stored credentials kept.
    package init(
        username: String,
        credentials: ProvisionedCredentials = .keep,
        extensions: [String] = [],
        number: E164Number? = nil,
        displayName: String? = nil,
        requiresRegistration: Bool = true,
        sourceAddresses: [AddressRange] = [],
        emergencyCallerID: E164Number? = nil,
        isEnabled: Bool = true,
        dialPlan: DialPlan? = nil,
        limits: CallLimits = .none
    ) {
        self.username = username
        self.credentials = credentials
        self.extensions = extensions
        self.number = number
        self.displayName = displayName
        self.requiresRegistration = requiresRegistration
        self.sourceAddresses = sourceAddresses
        self.emergencyCallerID = emergencyCallerID
        self.isEnabled = isEnabled
        self.dialPlan = dialPlan
        self.limits = limits
    }
}

/// A customer's number as declared; the number is its key.
package struct ProvisionedNumber: Hashable, Sendable {
    /// The number.
    package var number: E164Number
    /// Normal or virtual.
    package var type: OwnedNumberType
    /// Active or deleted.
    package var status: OwnedNumberStatus

    /// Makes a declared number; by default normal and active.
    package init(number: E164Number, type: OwnedNumberType = .normal, status: OwnedNumberStatus = .active) {
        self.number = number
        self.type = type
        self.status = status
    }
}

/// A trunk as declared; its name is its key.
package struct ProvisionedTrunk: Hashable, Sendable {
    /// The name of the customer it is reserved for; nil serves all.
    package var customerName: String?
    /// The trunk. Its `id` and `customer` are ignored: the store fills them in.
    package var trunk: Trunk

    /// Makes a declared trunk; give the trunk `ResourceIdentifier.zero` for its identity.
    package init(customerName: String? = nil, trunk: Trunk) {
        self.customerName = customerName
        self.trunk = trunk
    }
}
