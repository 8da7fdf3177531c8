// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// A customer as the control API shows it: what policy reads, and what only people and webhooks do.
package struct StoredCustomer: Hashable, Sendable {
    /// The customer's identity.
    package var id: ResourceIdentifier
    /// A name for people, unique in the deployment, deleted customers included.
    package var name: String
    /// Words for people.
    package var detail = ""
    /// The address for electronic mail.
    package var email = ""
    /// The telephone number to reach people at.
    package var phoneNumber = ""
    /// The postal address.
    package var address = ""
    /// The HTTP method of webhooks; empty for POST.
    package var webhookMethod = ""
    /// Where webhooks go; empty for nowhere.
    package var webhookURI = ""
    /// What webhooks are signed with; empty for no signature.
    package var webhookSecret = Secret("")
    /// Whether RTP is to be looked at closely.
    package var isRTPDebugged = false
    /// Whether the mail address is known to be the customer's.
    package var isEmailVerified = false
    /// Where the customer stands in its life.
    package var status = CustomerStatus.active
    /// What is known of its real identity.
    package var identityVerification = IdentityVerificationStatus.none
    /// Whether its endpoints may call SIP URIs outside the deployment.
    package var mayCallSIPURIs = false
    /// The billing account's identity; nil when the customer is not metered. Read only.
    package internal(set) var billingAccount: ResourceIdentifier?
    /// The default number's identity, which stands in the active outbound configuration; nil for none. Read only.
    package internal(set) var defaultNumber: ResourceIdentifier?
    /// When it was frozen for deletion; nil when it was not.
    package var deletionScheduled: WallTime?
    /// When it was made.
    package var created: WallTime
    /// When it was last changed; nil for never.
    package var updated: WallTime?
    /// When it was deleted; nil while it is not.
    package var deleted: WallTime?

    /// Makes a customer: active, unmetered, nothing known of it.
    package init(id: ResourceIdentifier, name: String, created: WallTime) {
        self.id = id
        self.name = name
        self.created = created
    }
}
