// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import Logging
import MonotonicTime
import SIPMessage
import SIPTransport
import ServerLocation

extension Shard {
    /// How long an address counts as a trunk's after it was last seen: names with many addresses tell a few at a time.
    private static let addressLifetime = Interval.seconds(86_400)
    /// The most addresses that are kept of one trunk.
    private static let addressLimit = 1024

    /// Whether a request may be sent to an address.
    ///
    /// A carrier bills whatever comes from the gateway's address. So a call to a SIP URI elsewhere must not lead to a
    /// trunk, by whatever name: it would be a telephone call that no rule for telephone calls has judged.
    func mayReach(_ peer: PeerAddress, _ request: OutgoingRequest, _ call: ActiveCall?) -> Bool {
        guard let call, call.goesElsewhere, request.method == .invite else { return true }
        let host = peer.hostText
        guard policy.snapshot.hasTrunk(at: ReceivedText(host)) || isLocatedTrunk(host) else { return true }
        context.logger.warning(
            "a SIP URI leads to a trunk, the call is not sent",
            metadata: ["call": "\(call.id)", "endpoint": "\(call.summary.caller)", "address": "\(host)"]
        )
        return false
    }

    private func isLocatedTrunk(_ host: String) -> Bool {
        trunkAddresses.values.contains { ($0[host] ?? now) > now }
    }

    /// Looks up the trunks that are given by name, every server of every transport and family, whether this gateway
    /// speaks it or not; runs at the start, at every change of the policy and with the sweep.
    func lookUpTrunks() {
        let names = Set(policy.snapshot.trunkNames)
        trunkAddresses = trunkAddresses.filter { names.contains($0.key) }
        for name in names {
            var requests = [LocationRequest(host: name), LocationRequest(host: name, port: 5060)]
            requests += ServerTransport.allCases.map { LocationRequest(host: name, transport: $0) }
            for request in requests {
                locate(request, .all) { shard, outcome in
                    if case .success(let found) = outcome { shard.noteTrunk(name, found.servers) }
                }
            }
        }
    }

    /// Takes over where a name leads when it is a trunk's.
    func noteTrunk(_ name: String, _ servers: [LocatedServer]) {
        guard policy.snapshot.hasTrunk(at: ReceivedText(name)) else { return }
        var known = trunkAddresses[name] ?? [:]
        if known.count > Self.addressLimit { known = known.filter { $0.value > now } }
        for server in servers where known.count < Self.addressLimit {
            known[server.peer.hostText] = now + Self.addressLifetime
        }
        trunkAddresses[name] = known
    }
}
