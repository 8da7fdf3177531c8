// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// A registered SIP endpoint (phone, softphone, PBX) of a customer.
package struct Endpoint: Hashable, Sendable {
    /// The endpoint's identity.
    package var id: ResourceIdentifier
    /// The customer it belongs to.
    package var customer: ResourceIdentifier
    /// The digest user name, unique in the realm, and the user part of its address of record.
    package var username: String
    /// Names under which others of the same customer dial it; the user name always is one of them.
    package var extensions: [String]
    /// The endpoint's own number, shown when the call asks for none.
    package var number: E164Number?
    /// The name shown with its number; nil shows the number alone.
    package var displayName: String?
    /// Whether an INVITE needs a live binding as well as credentials (false for PBXs that do not register).
    package var requiresRegistration: Bool
    /// Source addresses that stand for credentials when the endpoint does not register; empty for none.
    package var sourceAddresses: [AddressRange]
    /// The number emergency services see; nil falls back to `number`.
    package var emergencyCallerID: E164Number?
    /// False switches the endpoint off without removing it.
    package var isEnabled: Bool
    /// How its users dial.
    package var dialPlan: DialPlan

    /// Makes an endpoint; by default enabled, registering, without a number of its own.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        username: String,
        extensions: [String] = [],
        number: E164Number? = nil,
        displayName: String? = nil,
        requiresRegistration: Bool = true,
        sourceAddresses: [AddressRange] = [],
        emergencyCallerID: E164Number? = nil,
        isEnabled: Bool = true,
        dialPlan: DialPlan = DialPlan()
    ) {
        self.id = id
        self.customer = customer
        self.username = username
        self.extensions = extensions
        self.number = number
        self.displayName = displayName
        self.requiresRegistration = requiresRegistration
        self.sourceAddresses = sourceAddresses
        self.emergencyCallerID = emergencyCallerID
        self.isEnabled = isEnabled
        self.dialPlan = dialPlan
    }
}

/// What kind of number a customer owns; only a normal one may be shown to the telephone network.
package enum OwnedNumberType: String, Sendable, CaseIterable {
    case normal
    case virtual
}

/// Whether an owned number is in use.
package enum OwnedNumberStatus: String, Sendable, CaseIterable {
    case active
    case deleted
}

/// A telephone number that belongs to a customer.
package struct OwnedNumber: Hashable, Sendable {
    /// The number's identity in the store.
    package var id: ResourceIdentifier
    /// The customer it belongs to.
    package var customer: ResourceIdentifier
    /// The number itself.
    package var number: E164Number
    /// Normal or virtual.
    package var type: OwnedNumberType
    /// Active or deleted.
    package var status: OwnedNumberStatus

    /// Makes an owned number; by default normal and active.
    package init(
        id: ResourceIdentifier,
        customer: ResourceIdentifier,
        number: E164Number,
        type: OwnedNumberType = .normal,
        status: OwnedNumberStatus = .active
    ) {
        self.id = id
        self.customer = customer
        self.number = number
        self.type = type
        self.status = status
    }

    /// Whether this number may be shown as the caller's by `customer`.
    package func isUsable(by customer: ResourceIdentifier) -> Bool {
        self.customer == customer && type == .normal && status == .active
    }
}
