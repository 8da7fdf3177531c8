// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// What a call API is shown to prove who asks.
package enum CallAPICredential: Hashable, Sendable {
    /// `Authorization: Bearer …`.
    case bearer(Secret)
    /// The query parameter `accesskey`.
    case accessKey(Secret)

    /// The secret, whichever way it is shown.
    var secret: Secret {
        switch self {
        case .bearer(let secret), .accessKey(let secret): secret
        }
    }
}

/// How calls are handed to an outside call API, and how much of that there may be.
package struct HTTPCallAPIOptions: Hashable, Sendable {
    /// Where the API begins, without a slash at its end: calls are created at `{baseURL}/calls`.
    package var baseURL: String
    /// What proves who asks; nil for nothing.
    package var credential: CallAPICredential?
    /// The User-Agent header field; empty for none.
    package var userAgent = "Tollgate"
    /// A PEM file of the authorities that may vouch for the service; nil for those of the system.
    package var authorityFile: String?
    /// How long a connection may take to open.
    package var connectTimeout = Interval.seconds(1)
    /// How long the service may stay silent.
    package var readTimeout = Interval.seconds(2)
    /// How long one hand-off may take, repetitions and pauses included.
    package var deadline = Interval.seconds(2)
    /// How often a request is repeated at most.
    package var retries = 2
    /// Hand-offs under way at once, and as many reports and hang-ups beside them.
    package var inFlight = 1000
    /// When the service is left alone.
    package var breaker = CircuitBreaker.Limits()
    /// Whether the service's own words go into Warning.
    package var passesMessage = false
    /// Whether the service is told of every end, as where nobody else tells it; otherwise only of those from this side.
    package var reportsEveryEnd = true

    /// Makes options of defaults for a service.
    package init(baseURL: String) {
        self.baseURL = baseURL
    }
}
