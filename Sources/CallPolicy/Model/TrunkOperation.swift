// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// How the gateway finds out whether a trunk works, how much it gives it, and how it makes itself known there.
package struct TrunkOperation: Hashable, Sendable {
    /// The OPTIONS requests that ask whether it is there; nil for none.
    package var health: TrunkHealthSettings?
    /// When calls that came to nothing keep further ones away; nil for never.
    package var breaker: TrunkBreakerSettings?
    /// How much it is given.
    package var limits: TrunkLimits
    /// The registration at it; nil for none.
    package var registration: TrunkRegistrationSettings?

    /// Makes settings; by default only the breaker works.
    package init(
        health: TrunkHealthSettings? = nil,
        breaker: TrunkBreakerSettings? = TrunkBreakerSettings(),
        limits: TrunkLimits = TrunkLimits(),
        registration: TrunkRegistrationSettings? = nil
    ) {
        self.health = health
        self.breaker = breaker
        self.limits = limits
        self.registration = registration
    }
}

/// How a trunk is asked with OPTIONS (RFC 3261 §11) whether it is there.
package struct TrunkHealthSettings: Hashable, Sendable {
    /// Seconds between two requests, 1 to 3600.
    package var interval: Int
    /// Seconds that an answer may take, 1 to 32.
    package var timeout: Int
    /// How many requests in a row must fail before the trunk counts as down, 1 to 100.
    package var failures: Int
    /// How many requests in a row must be answered before it counts as up again, 1 to 100.
    package var successes: Int

    /// Makes settings.
    package init(interval: Int = 30, timeout: Int = 5, failures: Int = 3, successes: Int = 2) {
        self.interval = interval
        self.timeout = timeout
        self.failures = failures
        self.successes = successes
    }
}

/// When calls that came to nothing keep further ones away from a trunk.
package struct TrunkBreakerSettings: Hashable, Sendable {
    /// How many calls in a row must find it unreachable, silent or refusing with 503, 1 to 1000.
    package var failures: Int
    /// For how many seconds no call goes there then, 1 to 3600; after that, one call tries.
    package var seconds: Int

    /// Makes settings.
    package init(failures: Int = 5, seconds: Int = 30) {
        self.failures = failures
        self.seconds = seconds
    }
}

/// How much a trunk is given, over all shards.
package struct TrunkLimits: Hashable, Sendable {
    /// The most calls at a time, 1 to 1000000; nil for any number.
    package var concurrentCalls: Int?
    /// The most new calls a second, 1 to 100000; nil for any number.
    package var callsPerSecond: Int?

    /// Makes limits; by default none.
    package init(concurrentCalls: Int? = nil, callsPerSecond: Int? = nil) {
        self.concurrentCalls = concurrentCalls
        self.callsPerSecond = callsPerSecond
    }

    /// Whether nothing is limited.
    package var isEmpty: Bool { concurrentCalls == nil && callsPerSecond == nil }
}

/// How the gateway registers at a trunk (RFC 3261 §10.2).
package struct TrunkRegistrationSettings: Hashable, Sendable {
    /// The seconds asked for, 60 to 86400.
    package var expires: Int
    /// The user of the address of record, and of the digest answers; nil takes the trunk's `username`.
    package var username: String?
    /// The password for the digest answers, never logged; nil takes the trunk's.
    package var password: Secret?
    /// The domain that the address of record belongs to, and the registrar's name; nil takes the trunk's host.
    package var domain: String?
    /// The user part of the contact that is registered; nil takes the user of the address of record.
    package var contactUser: String?
    /// Whether the trunk gets no calls while there is no registration.
    package var isRequired: Bool

    /// Makes settings.
    package init(
        expires: Int = 3600,
        username: String? = nil,
        password: Secret? = nil,
        domain: String? = nil,
        contactUser: String? = nil,
        isRequired: Bool = false
    ) {
        self.expires = expires
        self.username = username
        self.password = password
        self.domain = domain
        self.contactUser = contactUser
        self.isRequired = isRequired
    }
}
