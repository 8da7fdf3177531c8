// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DigestAuthentication
import MonotonicTime
import SIPMessage
import TrunkSupervision

/// A trunk that the first shard asks with OPTIONS, registers at, or both.
final class TrunkWatch {
    /// The trunk as the policy has it.
    var trunk: Trunk
    var health: TrunkHealth?
    var registration: TrunkRegistration?
    /// The OPTIONS under way.
    var asking: ClientTransactionKey?
    /// The REGISTER under way.
    var registering: ClientTransactionKey?
    /// What the trunk last challenged with; its nonce serves as long as the trunk takes it (RFC 7616 §3.4).
    var challenge: TrunkChallenge?
    /// Names the registration's requests, which share one Call-ID (RFC 3261 §10.2).
    let callID: UInt64
    let tag: UInt64
    /// What the log was told last of the registration.
    var toldRegistration = ""

    init(_ trunk: Trunk, health: TrunkHealth?, registration: TrunkRegistration?, callID: UInt64, tag: UInt64) {
        self.trunk = trunk
        self.health = health
        self.registration = registration
        self.callID = callID
        self.tag = tag
    }

    /// When something is due next; a registration that runs out by then is noticed, one that has run out is not again.
    func due(after now: Instant) -> Instant? {
        let end = registration?.registeredUntil.flatMap { $0 > now ? $0 : nil }
        return [health?.due, registration?.due, end].compactMap(\.self).min()
    }

    /// Whether it serves a trunk that may have changed since.
    func mayStay(for other: Trunk) -> Bool {
        trunk.operation.health == other.operation.health && trunk.operation.registration == other.operation.registration
            && isSamePlace(other) && trunk.username == other.username && trunk.password == other.password
    }

    /// Whether the contact registered at a trunk that may have changed is the one registered here.
    func registersTheSame(as other: Trunk) -> Bool {
        guard let own = trunk.operation.registration, let others = other.operation.registration else { return false }
        return isSamePlace(other) && own.domain == others.domain && own.contactUser == others.contactUser
            && (own.username ?? trunk.username) == (others.username ?? other.username)
    }

    private func isSamePlace(_ other: Trunk) -> Bool {
        trunk.host == other.host && trunk.port == other.port && trunk.transport == other.transport
            && trunk.findsTransport == other.findsTransport
    }
}

/// A trunk's digest challenge, and how often it was answered.
struct TrunkChallenge {
    let challenge: DigestChallenge
    let isProxy: Bool
    var answers: UInt32 = 0
}
