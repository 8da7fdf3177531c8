// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// How TLS connections to a trunk are made; what is nil is as the deployment has it.
package struct TrunkSecurity: Hashable, Sendable {
    /// The file of this side's certificate chain for the trunk; nil together with `key`.
    package var certificate: String?
    /// The file of its private key.
    package var key: String?
    /// The file of the authorities that vouch for the trunk.
    package var authorities: String?
    /// The name that the trunk's certificate must be for; nil for the trunk's host.
    package var verifyName: String?
    /// Whether the trunk's certificate must be good and for its name.
    package var verifies: Bool

    /// Makes settings; by default the trunk is verified for its host.
    package init(
        certificate: String? = nil,
        key: String? = nil,
        authorities: String? = nil,
        verifyName: String? = nil,
        verifies: Bool = true
    ) {
        self.certificate = certificate
        self.key = key
        self.authorities = authorities
        self.verifyName = verifyName
        self.verifies = verifies
    }
}

extension Trunk {
    /// Whether the trunk belongs to the trust domain of RFC 3325: its declaration, and what that rests on.
    ///
    /// A declaration that rests on TLS is void on any other transport and where the trunk is not verified, and one that
    /// rests on mutual TLS also where the trunk has no certificate of ours to see. However such a trunk came into the
    /// store, it is then told no asserted identity and believed none.
    package var isInTrustDomain: Bool {
        switch trust {
        case .untrusted: false
        case .trusted(.privateNetwork, _): true
        case .trusted(.tls, _): transport == .tls && security.verifies
        case .trusted(.mutualTLS, _): transport == .tls && security.verifies && security.certificate != nil
        }
    }

    /// Whether a connection to the trunk must be authenticated on both sides, because the trust in it rests on that.
    package var demandsMutualTLS: Bool {
        if case .trusted(.mutualTLS, _) = trust { true } else { false }
    }
}
