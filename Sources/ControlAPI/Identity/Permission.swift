// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy

/// What an agent may do, as bits of one number (the reference service's own).
package struct Permission: OptionSet, Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Runs the deployment: every customer, trunks, outbound configurations of others.
    package static let projectSuperAdmin = Permission(rawValue: 1)
    /// An agent of a customer without rights of its own here.
    package static let customerAgent = Permission(rawValue: 16)
    /// Everything of one customer.
    package static let customerAdmin = Permission(rawValue: 32)
    /// Calls, numbers, extensions, flows and outdials of one customer.
    package static let customerManager = Permission(rawValue: 64)
}

/// Who asks.
package struct APIIdentity: Hashable, Sendable {
    /// How it showed who it is.
    package enum Kind: Hashable, Sendable {
        /// A person, by a token.
        case agent(ResourceIdentifier)
        /// A program, by an access key.
        case accessKey(ResourceIdentifier)
    }

    /// How it showed who it is.
    package var kind: Kind
    /// The customer it belongs to; nil for an operator of the deployment who belongs to none.
    package var customer: ResourceIdentifier?
    /// What it may do.
    package var permission: Permission

    /// Makes an identity.
    package init(kind: Kind, customer: ResourceIdentifier?, permission: Permission) {
        self.kind = kind
        self.customer = customer
        self.permission = permission
    }

    /// Whether it runs the deployment.
    package var isSuperAdmin: Bool { permission.contains(.projectSuperAdmin) }

    /// Whether it may see and change what belongs to this customer, rights aside: foreign things do not exist for it.
    package func reaches(_ customer: ResourceIdentifier) -> Bool {
        isSuperAdmin || self.customer == customer
    }
}
