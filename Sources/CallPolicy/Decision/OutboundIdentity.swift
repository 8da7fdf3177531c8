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
    /// Module-private, so that a number can leave only through a proof of trust.
    let usable: UsableNumber?

    init(presented: PresentedIdentity, source: SourceRecord, usable: UsableNumber?) {
        self.presented = presented
        self.source = source
        self.usable = usable
    }

    /// Whether the callee may see nothing.
    package var isAnonymous: Bool { presented == .anonymous }

    /// Exactly what may be shown to a trunk.
    package func identity(for trunk: Trunk) -> LegIdentity {
        let from = PresentedFrom(presented, sendsPlus: trunk.sendsPlus)
        let privacy: PrivacyValue? = isAnonymous ? .id : nil
        guard let peer = TrustedPeer(trunk) else { return .untrusted(from, privacy) }
        // A visible number already stands in From; asserting it as well would tell the trunk nothing.
        guard isAnonymous, let usable else { return .trusted(from, privacy, nil) }
        return .trusted(from, privacy, AssertedIdentity(usable, to: peer))
    }

    /// Exactly what may be shown to a SIP peer that is no trunk; such peers are outside the trust domain.
    package var identityForSIPLeg: LegIdentity {
        .untrusted(PresentedFrom(presented, sendsPlus: true), nil)
    }
}
