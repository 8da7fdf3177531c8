// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import Logging
import MonotonicTime
import SIPMessage
import SIPTransport

extension Shard {
    /// Whether a request may be sent to an address.
    ///
    /// A carrier bills whatever comes from the gateway's address. So a call to a SIP URI elsewhere must not lead to a
    /// trunk, by whatever name: it would be a telephone call that no rule for telephone calls has judged.
    func mayReach(_ peer: PeerAddress, _ request: OutgoingRequest, _ call: ActiveCall?) -> Bool {
        guard let call, call.goesElsewhere, request.method == .invite else { return true }
        let host = peer.hostText
        guard policy.snapshot.hasTrunk(at: ReceivedText(host)) || trunkAddresses.values.contains(host) else {
            return true
        }
        context.logger.warning(
            "a SIP URI leads to a trunk, the call is not sent",
            metadata: ["call": "\(call.id)", "endpoint": "\(call.summary.caller)", "address": "\(host)"]
        )
        return false
    }

    /// Looks up the trunks that are given by name; runs at the start, at every change of the policy and with the sweep.
    func lookUpTrunks() {
        let names = Set(policy.snapshot.trunkNames)
        trunkAddresses = trunkAddresses.filter { names.contains($0.key) }
        for name in names {
            let hop = NextHop(transport: .udp, host: name, port: 5060, listener: listener(for: .udp, nil))
            lookUp(hop) { shard, found in
                if let found { shard.trunkAddresses[name] = found.hostText }
            }
        }
    }
}
