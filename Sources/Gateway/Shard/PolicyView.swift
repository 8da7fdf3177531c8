// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import DigestAuthentication

/// What a shard knows of customers and endpoints: the policy's snapshot, the credentials, and the running counts.
///
/// Built once, shared by reference, replaced whole.
package final class PolicyView: Sendable {
    /// What decisions are made under.
    package let snapshot: PolicySnapshot
    /// Hashes by digest user name.
    package let credentials: [String: HA1Set]
    /// What each customer is doing; the counts outlive the view.
    package let ledgers: [ResourceIdentifier: CustomerLedger]
    /// Endpoints that are known by where they call from.
    let endpointsByAddress: [Endpoint]

    /// Builds a view, taking over the counters of the one before it.
    package init(
        snapshot: PolicySnapshot,
        credentials: [String: HA1Set],
        previous: PolicyView? = nil
    ) {
        self.snapshot = snapshot
        self.credentials = credentials
        var found: [ResourceIdentifier: CustomerLedger] = [:]
        for id in snapshot.customers.keys { found[id] = previous?.ledgers[id] ?? CustomerLedger() }
        ledgers = found
        endpointsByAddress = snapshot.endpoints.values.filter {
            !$0.sourceAddresses.isEmpty && !$0.requiresRegistration && $0.isEnabled
        }
    }

    /// The one endpoint that an address stands for; nil for none or several.
    func endpoint(at address: IPAddressBits) -> Endpoint? {
        guard !endpointsByAddress.isEmpty else { return nil }
        var found: Endpoint?
        for endpoint in endpointsByAddress where endpoint.sourceAddresses.contains(where: { $0.contains(address) }) {
            guard found == nil else { return nil }
            found = endpoint
        }
        return found
    }
}
