// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallControl
package import CallPolicy
package import DigestAuthentication
package import SIPParser

/// What the calls of a capture are judged by: a policy, and the gateway that would apply it.
package struct DryRunWorld: Sendable {
    /// What decisions are made under.
    package var snapshot: PolicySnapshot
    /// Digest hashes by user name, made for `realm`.
    package var credentials: [String: HA1Set]
    /// The realm of the hashes; nil when it is not known, and then no response can be checked.
    package var realm: String?
    /// Host names and addresses that mean the gateway, in lower case.
    package var localNames: Set<String>
    /// Clocks and manners of calls.
    package var settings: CallSettings
    /// How messages are read.
    package var reader: MessageReader
    /// How the gateway names itself toward peers of each transport.
    package var localAddresses: [SIPTransportProtocol: LocalAddress]

    /// Makes a world.
    package init(
        snapshot: PolicySnapshot,
        credentials: [String: HA1Set] = [:],
        realm: String? = nil,
        localNames: Set<String> = [],
        settings: CallSettings,
        reader: MessageReader = MessageReader(),
        localAddresses: [SIPTransportProtocol: LocalAddress] = [:]
    ) {
        self.snapshot = snapshot
        self.credentials = credentials
        self.realm = realm
        self.localNames = localNames
        self.settings = settings
        self.reader = reader
        self.localAddresses = localAddresses
    }

    /// How the gateway names itself toward peers of a transport.
    func localAddress(for transport: SIPTransportProtocol) -> LocalAddress {
        localAddresses[transport] ?? LocalAddress(host: settings.gatewayHost, port: 5060)
    }
}

/// How a capture is read.
package struct DryRunOptions: Sendable {
    /// The user name of the endpoint that every call is taken to come from; nil finds each call's own.
    package var caller: String?
    /// Whether INVITEs of other legs are judged too.
    package var judgesEveryInvite: Bool
    /// How many calls are followed at once; the oldest is given up for one more.
    package var openCalls: Int
    /// How many finished calls wait for an earlier one to finish, so that calls come in the order they began.
    package var waitingCalls: Int
    /// Octets of messages that followed calls may hold; the oldest is given up for one more. Finished calls that wait
    /// may hold as many again.
    package var heldBytes: Int
    /// How many messages of one call are kept for its ladder; later ones are counted.
    package var steps: Int

    /// Makes options; by default 20 000 calls are followed, 2000 wait, each of both hold 64 MiB, and 64 messages of
    /// each call are kept.
    package init(
        caller: String? = nil,
        judgesEveryInvite: Bool = false,
        openCalls: Int = 20_000,
        waitingCalls: Int = 2_000,
        heldBytes: Int = 64 << 20,
        steps: Int = 64
    ) {
        self.caller = caller
        self.judgesEveryInvite = judgesEveryInvite
        self.openCalls = openCalls
        self.waitingCalls = waitingCalls
        self.heldBytes = heldBytes
        self.steps = steps
    }
}
