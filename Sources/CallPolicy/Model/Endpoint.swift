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
    /// How its users dial; nil for the customer's dial plan.
    package var dialPlan: DialPlan? {
        get { ownDialPlan?.value }
        set { ownDialPlan = newValue.map(Boxed.init) }
    }
    /// How much it may do by itself; the customer's limits hold beside.
    package var limits: CallLimits {
        get { ownLimits?.value ?? .none }
        set { ownLimits = newValue == .none ? nil : Boxed(newValue) }
    }

    // Most endpoints have neither, and there are a hundred thousand of them in several tables.
    private var ownDialPlan: Boxed<DialPlan>?
    private var ownLimits: Boxed<CallLimits>?

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
        dialPlan: DialPlan? = nil,
        limits: CallLimits = .none
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
        ownDialPlan = dialPlan.map(Boxed.init)
        ownLimits = limits == .none ? nil : Boxed(limits)
    }
}

/// A value behind a reference.
private final class Boxed<Value: Hashable & Sendable>: Hashable, Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }

    static func == (left: Boxed, right: Boxed) -> Bool {
        left.value == right.value
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(value)
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
