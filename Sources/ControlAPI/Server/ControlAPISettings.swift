// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import DigestAuthentication
package import MonotonicTime

/// How the control API listens and what it bears.
package struct ControlAPISettings: Hashable, Sendable {
    /// A bucket of requests: so many a second, so many at once; zero or less of either switches it off.
    package struct Rate: Hashable, Sendable {
        /// Requests a second.
        package var perSecond: Double
        /// Requests at once.
        package var burst: Double

        /// Makes a rate.
        package init(perSecond: Double, burst: Double) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    /// The address to listen on.
    package var address = "127.0.0.1"
    /// The port to listen on; 0 for any that is free.
    package var port = 8080
    /// The longest body, in octets.
    package var maximumBodyBytes = 1_048_576
    /// How long a token of `POST /auth/login` holds.
    package var tokenLifetime = Interval.seconds(7 * 86_400)
    /// Requests to `/auth/…`, from each address.
    package var authenticationRate = Rate(perSecond: 10, burst: 20)
    /// Attempts to log in under each user name, from wherever; those that succeed do not count.
    package var usernameRate = Rate(perSecond: 0.1, burst: 10)
    /// Requests to `/v1.0/…`, from each address.
    package var addressRate = Rate(perSecond: 200, burst: 400)
    /// Requests to `/v1.0/…`, of each customer.
    package var customerRate = Rate(perSecond: 17, burst: 33)
    /// Whether webhooks may go to loopback, private and other reserved addresses.
    package var allowsPrivateWebhooks = false

    /// The realm of digest challenges, which passwords of extensions are hashed for.
    package var realm = "tollgate"
    /// The algorithms that passwords of extensions are hashed by, as the gateway offers them; not empty.
    package var digestAlgorithms: [DigestAlgorithm] = [.sha256, .md5]

    /// Makes settings as they are by default.
    package init() {}
}
