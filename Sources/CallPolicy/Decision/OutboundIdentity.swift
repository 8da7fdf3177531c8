// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// Proof that a number was found among those its customer may show; only the snapshot's check makes one.
package struct UsableNumber: Hashable, Sendable {
    /// The number.
    package let number: E164Number

    fileprivate init(_ number: E164Number) {
        self.number = number
    }
}

/// Why a number may not be shown as the caller's.
package enum SourceDefect: String, Hashable, Sendable, CaseIterable {
    /// The customer does not own it, or owned it once.
    case notOwned = "not_owned"
    /// It is not of type `normal`.
    case notNormal = "not_normal"
    /// It is not active.
    case notActive = "not_active"
}

extension PolicySnapshot {
    /// Looks a number up among those that `customer` may show now.
    package func usableNumber(
        _ number: E164Number,
        by customer: ResourceIdentifier
    ) -> Result<UsableNumber, SourceDefectError> {
        guard let owned = numbers[number], owned.customer == customer else { return .failure(.init(.notOwned)) }
        guard owned.status == .active else { return .failure(.init(.notActive)) }
        guard owned.isUsable(by: customer) else { return .failure(.init(.notNormal)) }
        return .success(UsableNumber(number))
    }
}

/// A defect as an error.
package struct SourceDefectError: Error, Hashable, Sendable {
    /// The defect.
    package let defect: SourceDefect

    init(_ defect: SourceDefect) {
        self.defect = defect
    }
}

/// Where the number that is shown, or was asked for, came from.
package enum SourceOrigin: String, Hashable, Sendable, CaseIterable {
    case preferredIdentity = "p_preferred_identity"
    case from
    case endpointNumber = "endpoint_number"
    case defaultNumber = "default_number"
    case emergencyCallerID = "emergency_caller_id"
    /// The registered name of an endpoint, on legs that show no number.
    case endpointName = "endpoint_name"
    /// Nothing: no number was asked for, or none could be shown.
    case none
}

/// The caller's number as asked for and as resolved, for the call record; anonymity does not change it.
package struct SourceRecord: Hashable, Sendable {
    /// The number asked for; nil when the call asked for none.
    package internal(set) var asked: E164Number?
    /// Where the number asked for stood.
    package internal(set) var askedBy: SourceOrigin = .none
    /// Why the number asked for was not taken; nil when it was, or none was asked for.
    package internal(set) var defect: SourceDefect?
    /// The number the call stands under; nil when there is none.
    package internal(set) var resolved: E164Number?
    /// Where the resolved number came from.
    package internal(set) var resolvedBy: SourceOrigin = .none
}

/// What the callee may see of the caller.
package enum PresentedIdentity: Hashable, Sendable {
    /// Nothing.
    case anonymous
    /// A number the customer owns, and a name.
    case number(E164Number, DisplayName?)
    /// A user part in this deployment's domain, and a name; never shown to a trunk, but on an emergency call of an
    /// endpoint without any number.
    case user(String, DisplayName?)
}

/// Who the caller is to the outside. What a peer may be told comes out of `identity(for:)` alone.
package struct OutboundIdentity: Hashable, Sendable {
    /// What the callee may see.
    package let presented: PresentedIdentity
    /// The caller's number as asked for and as resolved; for the record, never for the wire.
    package let source: SourceRecord
    /// Whether the customer's default number stands in for what the caller asked for.
    package let isSubstituted: Bool
    /// Whether the caller asked for no privacy, whatever it has by default (RFC 3323 §4.2).
    let refusesPrivacy: Bool
    /// Module-private, so that a number can leave only through a proof of trust.
    let usable: UsableNumber?
    /// What may be shown when the callee takes no anonymous calls; nil unless the customer wants that.
    let revealed: PresentedIdentity?

    init(
        presented: PresentedIdentity,
        source: SourceRecord,
        usable: UsableNumber?,
        isSubstituted: Bool = false,
        refusesPrivacy: Bool = false,
        revealed: PresentedIdentity? = nil
    ) {
        self.presented = presented
        self.source = source
        self.usable = usable
        self.isSubstituted = isSubstituted
        self.refusesPrivacy = refusesPrivacy
        self.revealed = revealed
    }

    /// Whether the callee may see nothing.
    package var isAnonymous: Bool { presented == .anonymous }

    /// Whether nothing of the calling telephone's own may reach a trunk: its name, its words, its session's origin. So
    /// it is for a hidden caller, and for one whose number the trunk is not told but another in its place.
    package var concealsTelephone: Bool { isAnonymous || isSubstituted }

    /// Exactly what may be shown to a trunk.
    package func identity(for trunk: Trunk) -> LegIdentity {
        identity(presented, for: trunk)
    }

    /// What may be shown to a trunk that answered 433 (RFC 5079 §4); nil when the caller stays hidden.
    package func revealedIdentity(for trunk: Trunk) -> LegIdentity? {
        revealed.map { identity($0, for: trunk) }
    }

    /// Exactly what may be shown to a SIP peer that is no trunk; such peers are outside the trust domain.
    package var identityForSIPLeg: LegIdentity {
        .untrusted(PresentedFrom(presented), nil, nil)
    }

    private func identity(_ presented: PresentedIdentity, for trunk: Trunk) -> LegIdentity {
        let isAnonymous = presented == .anonymous
        let from = PresentedFrom(presented, to: trunk)
        let privacy = privacy(isAnonymous, trunk.identity.privacy)
        let shown = ShownFields(presented, trunk, isSubstituted: isSubstituted, isScreened: usable != nil)
        guard let peer = TrustedPeer(trunk) else { return .untrusted(from, privacy, shown) }
        var fields = IdentityFields(trunk.identity, isAnonymous: isAnonymous, isSubstituted: isSubstituted)
        if !isAnonymous { fields.formIntersection(.asserted) }
        let told = usable.flatMap { AssertedFields($0, to: peer, fields) }
        return .trusted(from, privacy, shown, told)
    }

    private func privacy(_ isAnonymous: Bool, _ form: PrivacyForm) -> PrivacyValue? {
        if isAnonymous { return form.value }
        // A trunk that takes no Privacy header field takes this one no more than another.
        return refusesPrivacy && form.value != nil ? .unwanted : nil
    }
}
