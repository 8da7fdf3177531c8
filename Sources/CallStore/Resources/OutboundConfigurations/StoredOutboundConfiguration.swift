// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime
package import NumberingPlan
package import SessionDescription

/// A customer's outbound rules as the control API shows them, with the dial plan and the limits of its customer.
package struct StoredOutboundConfiguration: Hashable, Sendable {
    /// The configuration's identity.
    package var id: ResourceIdentifier
    /// Whose rules they are.
    package var customer: ResourceIdentifier
    /// A name for people.
    package var name = ""
    /// Words for people.
    package var detail = ""
    /// Countries that telephone calls may go to, each once, in the order they were given; empty denies them all.
    package var destinationWhitelist: [Country] = []
    /// Codecs kept in offers to SIP and extension legs; empty keeps all.
    package var codecs = CodecList()
    /// The number shown when the caller's own is not valid.
    package var defaultNumber: E164Number?
    /// That number's identity; nil when it is none of the customer's. Read only.
    package internal(set) var defaultNumberIdentifier: ResourceIdentifier?
    /// What happens when no number is valid.
    package var whenNoValidSource = SourceFallback.anonymous
    /// What happens when the far end takes no anonymous calls.
    package var whenAnonymityDisallowed = AnonymityFallback.refuse
    /// What is blocked unless it is listed here.
    package var allowedSpecial: Set<SpecialDestination> = []
    /// How the customer's endpoints dial; nil for international numbers only.
    package var dialPlan: DialPlan?
    /// How much the customer may do.
    package var limits = CallLimits.none
    /// When it was made.
    package var created: WallTime
    /// When it was last changed; nil for never.
    package var updated: WallTime?
    /// When it was deleted; nil while it is not.
    package var deleted: WallTime?

    /// Makes rules that deny every telephone call.
    package init(id: ResourceIdentifier, customer: ResourceIdentifier, created: WallTime) {
        self.id = id
        self.customer = customer
        self.created = created
    }
}
