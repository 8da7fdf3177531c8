// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// Where approved calls are created.
package enum CallAPIMode: String, Sendable, CaseIterable {
    /// In the gateway's own store.
    case embedded
    /// In the gateway's own store and then at an outside service over HTTP.
    case http
}

/// Where the INVITE of a call goes that an outside service has taken.
package enum CallAPIBridge: String, Sendable, CaseIterable {
    /// To the trunk that policy chose.
    case trunk
    /// To the service itself.
    case ingress
}

/// Where the secret for an outside call API is found; the configuration never holds it itself.
package struct CallAPICredentialSource: Hashable, Sendable {
    /// A place that a secret can be read from.
    package enum Place: Hashable, Sendable, CustomStringConvertible {
        /// A file that holds nothing else; the path is already resolved.
        case file(String)
        /// A variable of the process's environment.
        case environment(String)

        /// The place in words.
        package var description: String {
            switch self {
            case .file(let path): "the file \(path)"
            case .environment(let name): "the environment variable \(name)"
            }
        }
    }

    /// The place.
    package var place: Place
    /// Whether it is shown as a bearer token; otherwise as the query parameter `accesskey`.
    package var isBearer: Bool

    /// Names a place.
    package init(place: Place, isBearer: Bool) {
        self.place = place
        self.isBearer = isBearer
    }
}

/// When an outside call API is left alone because it fails.
package struct CallAPIBreakerSettings: Hashable, Sendable {
    /// Failures in a row that open the breaker.
    package var consecutiveFailures = 10
    /// The share of failures in a window that opens it, in per cent.
    package var failurePercent = 50
    /// Requests that a window needs before its share counts.
    package var minimumRequests = 20
    /// The window's length.
    package var window = Interval.seconds(10)
    /// How long it stays open.
    package var openTime = Interval.seconds(5)
    /// Requests that must succeed before it closes.
    package var probes = 1

    /// Makes the default settings.
    package init() {}
}

/// How approved calls are handed to a call API.
package struct CallAPISettings: Hashable, Sendable {
    /// Where calls are created.
    package var mode = CallAPIMode.embedded
    /// Where the service's API begins, without a slash at its end; empty unless `mode` is `http`.
    package var baseURL = ""
    /// Where its secret is found; nil for none.
    package var credential: CallAPICredentialSource?
    /// A PEM file of the authorities that may vouch for it; nil for those of the system.
    package var authorityFile: String?
    /// How long a connection may take to open.
    package var connectTimeout = Interval.seconds(1)
    /// How long the service may stay silent.
    package var readTimeout = Interval.seconds(2)
    /// How long one hand-off may take, repetitions included.
    package var deadline = Interval.seconds(2)
    /// How often a request is repeated at most.
    package var retries = 2
    /// Hand-offs under way at once.
    package var inFlight = 1000
    /// When the service is left alone.
    package var breaker = CallAPIBreakerSettings()
    /// The header field of the INVITE that carries the service's name of the call; nil for none.
    package var identifierHeader: String?
    /// Whether the service's own words go into Warning.
    package var passesMessage = false
    /// Where the INVITE goes.
    package var bridge = CallAPIBridge.trunk
    /// The service's SIP side, as a trunk that all telephone calls go to; nil unless `bridge` is `ingress`.
    package var ingressTrunk: Trunk?

    /// Makes the default settings: the gateway's own store.
    package init() {}

    /// The identity that the service's SIP side has among the trunks.
    package static let ingressIdentity = ResourceIdentifier(high: 0x8000, low: 0x8000_0000_0000_0001)

    mutating func resolveFiles(_ resolve: (String) -> String) {
        authorityFile = authorityFile.map(resolve)
        if case .file(let path)? = credential?.place { credential?.place = .file(resolve(path)) }
    }
}
