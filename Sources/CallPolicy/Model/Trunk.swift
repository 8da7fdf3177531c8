// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SessionDescription

/// What the trust in a trunk rests on (RFC 3324 §2.3: a trust domain needs a stated specification).
package enum TrustBasis: String, Sendable, CaseIterable {
    /// The connection is TLS with the trunk's certificate verified.
    case tls
    /// The connection is TLS with both certificates verified.
    case mutualTLS = "mutual_tls"
    /// The path is a network that only the two parties reach.
    case privateNetwork = "private_network"
}

/// Whether a trunk belongs to the trust domain of RFC 3325; the default is that it does not.
package enum TrunkTrust: Hashable, Sendable {
    /// Asserted identities never go there and are never believed from there.
    case untrusted
    /// Asserted identities may cross; `note` says in the operator's words why.
    case trusted(basis: TrustBasis, note: String)

    /// Whether asserted identities may cross.
    package var isTrusted: Bool {
        if case .trusted = self { true } else { false }
    }
}

/// Whether a trunk carries emergency calls.
package enum EmergencyUse: String, Sendable, CaseIterable {
    /// Only when no trunk that is meant for them can be tried.
    case never = "no"
    /// Before trunks that are not meant for them, beside other calls.
    case also
    /// Before trunks that are not meant for them, and no other calls.
    case only
}

/// The transport protocols SIP messages travel on here.
package enum SIPTransportProtocol: String, Sendable, CaseIterable {
    case udp
    case tcp
    case tls

    /// The port where none is written (RFC 3261 §19.1.2).
    package var defaultPort: Int { self == .tls ? 5061 : 5060 }
}

/// A connection to a carrier or another switch that takes telephone calls.
package struct Trunk: Hashable, Sendable {
    /// The trunk's identity.
    package var id: ResourceIdentifier
    /// A name for people, unique in the deployment.
    package var name: String
    /// The customer it is reserved for; nil serves all.
    package var customer: ResourceIdentifier?
    /// The host's name or IP address, without brackets.
    package var host: String
    /// The port, 1 to 65535; 0 leaves it to the host's SRV records (RFC 3263 §4.2).
    package var port: Int
    /// The transport protocol requests to it travel on.
    package var transport: SIPTransportProtocol
    /// Whether the host's NAPTR and SRV records choose the transport, where no port is named (RFC 3263 §4.1).
    package var findsTransport: Bool
    /// Lower is tried first.
    package var priority: Int
    /// The share among trunks of one priority, 0 to 65535 (as in RFC 2782).
    package var weight: Int
    /// False takes the trunk out of route selection.
    package var isEnabled: Bool
    /// Whether it is declared to belong to the trust domain; `isInTrustDomain` says whether that holds.
    package var trust: TrunkTrust
    /// How its TLS connections are made; without effect on other transports.
    package var security: TrunkSecurity
    /// What it is told of callers, and how numbers toward it are spelled.
    package var identity: TrunkIdentityProfile
    /// Digits put before the number in the Request-URI.
    package var techPrefix: String
    /// Digits put after the number in the Request-URI.
    package var techPostfix: String
    /// Whether the endpoint's User-Agent is passed on calls that are not anonymous.
    package var passesUserAgent: Bool
    /// The trunk's own codec list; empty keeps all. A customer's list is never applied to a trunk.
    package var codecs: CodecList
    /// Whether it carries emergency calls.
    package var emergency: EmergencyUse
    /// Whether it is sent service URNs (RFC 5031) as they are; otherwise the number of the caller's country stands in.
    package var takesServiceURNs: Bool
    /// The user name for the trunk's digest challenges; nil when it has none.
    package var username: String?
    /// The password for the trunk's digest challenges, kept because the answer needs it; never logged.
    package var password: Secret?
    /// Whether REFER and Replaces cross to and from it: whoever may transfer a call makes the other end dial.
    package var passesREFER: Bool
    /// Hosts that belong to the trunk beside `host`, names or IP addresses without brackets: where its redirections may
    /// lead and its challenges are answered.
    package var redirectHosts: [String]
    /// How it is watched over, limited and registered at.
    package var operation: TrunkOperation

    /// Makes a trunk; by default an untrusted one on UDP port 5060.
    package init(
        id: ResourceIdentifier,
        name: String,
        customer: ResourceIdentifier? = nil,
        host: String,
        port: Int = 5060,
        transport: SIPTransportProtocol = .udp,
        findsTransport: Bool = false,
        priority: Int = 0,
        weight: Int = 1,
        isEnabled: Bool = true,
        trust: TrunkTrust = .untrusted,
        identity: TrunkIdentityProfile = TrunkIdentityProfile(),
        techPrefix: String = "",
        techPostfix: String = "",
        passesUserAgent: Bool = false,
        codecs: CodecList = CodecList(),
        emergency: EmergencyUse = .never,
        takesServiceURNs: Bool = false,
        username: String? = nil,
        password: Secret? = nil,
        passesREFER: Bool = false,
        redirectHosts: [String] = [],
        security: TrunkSecurity = TrunkSecurity(),
        operation: TrunkOperation = TrunkOperation()
    ) {
        self.id = id
        self.name = name
        self.customer = customer
        self.host = host
        self.port = port
        self.transport = transport
        self.findsTransport = findsTransport
        self.priority = priority
        self.weight = weight
        self.isEnabled = isEnabled
        self.trust = trust
        self.identity = identity
        self.techPrefix = techPrefix
        self.techPostfix = techPostfix
        self.passesUserAgent = passesUserAgent
        self.codecs = codecs
        self.emergency = emergency
        self.takesServiceURNs = takesServiceURNs
        self.username = username
        self.password = password
        self.passesREFER = passesREFER
        self.redirectHosts = redirectHosts
        self.security = security
        self.operation = operation
    }
}

extension Trunk {
    /// Whether a host, a name or an address in any spelling, is one of the trunk's. Names are not looked up.
    package func owns(host: String) -> Bool {
        let key = HostKey(host.utf8)
        return key == HostKey(self.host.utf8) || redirectHosts.contains { HostKey($0.utf8) == key }
    }
}

/// A text that no log, description or interpolation ever shows.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The secret itself; name this property only where it is used.
    package let revealed: String

    /// Wraps a secret.
    package init(_ secret: String) {
        self.revealed = secret
    }

    /// Always the same word.
    package var description: String { "<redacted>" }
    /// Always the same word.
    package var debugDescription: String { "<redacted>" }
    /// Nothing: reflection sees no children.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
