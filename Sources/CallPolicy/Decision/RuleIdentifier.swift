// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The rules of the policy engine, in the order in which they judge a call.
package enum RuleIdentifier: String, Hashable, Sendable, CaseIterable {
    case destinationClassify = "destination.classify"
    case emergencyExempt = "emergency.exempt"
    case customerActive = "customer.active"
    case customerIdentityVerified = "customer.identity_verified"
    case customerBalance = "customer.balance"
    case customerLimits = "customer.limits"
    case destinationWhitelist = "destination.whitelist"
    case destinationClass = "destination.class"
    case destinationLimits = "destination.limits"
    case sourceValidate = "source.validate"
    case privacyResolve = "privacy.resolve"
    case codecsFilter = "codecs.filter"
    case routeSelect = "route.select"

    /// Whether the rule judges calls to destinations of this kind at all.
    func applies(to kind: DestinationKind) -> Bool {
        switch self {
        case .destinationClassify, .emergencyExempt, .customerActive, .customerLimits: true
        case .customerIdentityVerified, .destinationWhitelist, .destinationClass, .destinationLimits, .sourceValidate,
            .privacyResolve, .routeSelect:
            kind == .telephone
        case .customerBalance: kind != .extensions
        case .codecsFilter: kind != .telephone
        }
    }

    /// Whether an emergency call passes the rule by.
    var isWaivedForEmergency: Bool {
        switch self {
        case .destinationClassify, .emergencyExempt, .privacyResolve, .routeSelect: false
        case .customerActive, .customerIdentityVerified, .customerBalance, .customerLimits, .destinationWhitelist,
            .destinationClass, .destinationLimits, .sourceValidate, .codecsFilter:
            true
        }
    }
}

/// What a rule made of a call.
package enum FindingOutcome: String, Hashable, Sendable, CaseIterable {
    /// The rule let the call pass as it was.
    case passed
    /// The rule refused the call; no later rule ran.
    case rejected
    /// The rule does not judge this call.
    case skipped
    /// The rule let the call pass with a change.
    case adjusted
}

/// What one rule found.
package struct Finding: Hashable, Sendable {
    /// The rule.
    package let rule: RuleIdentifier
    /// What it made of the call.
    package let outcome: FindingOutcome
    /// Why, with the values it used.
    package let detail: FindingDetail

    /// The reason in words a voice engineer can act on; made anew at every use.
    package var reason: String { detail.reason }
    /// The values the rule used, as pairs of key and text.
    package var values: [FindingValue] { detail.values }

    /// The soft levels that the call passed by this rule.
    var limitWarnings: [LimitEvent] {
        if case .limitWarnings(let events, _, _) = detail { events } else { [] }
    }
}
