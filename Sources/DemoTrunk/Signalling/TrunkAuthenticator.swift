// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import MonotonicTime
import SIPMessage

/// The 407 challenge of the script and what is accepted in answer to it.
final class TrunkAuthenticator {
    private let verifier: DigestVerifier
    private let stored: [String: HA1Set]

    /// Hashes the configured accounts.
    ///
    /// Throws when the cryptographic library or the realm is unusable.
    init(_ configuration: DemoTrunkConfiguration) throws {
        let settings = DigestVerifier.Configuration(realm: configuration.realm, allowsLegacyResponses: true)
        let nonces = try NonceAuthority(key: .random(), shard: 0, limits: NonceAuthority.Limits(capacity: 1024))
        verifier = try DigestVerifier(settings, nonces: nonces)
        var stored: [String: HA1Set] = [:]
        for (user, password) in configuration.accounts {
            stored[user] = try HA1Set.compute(
                username: user,
                realm: settings.realm,
                password: password,
                algorithms: settings.algorithms
            )
        }
        self.stored = stored
    }

    /// Whether the request carries credentials that are accepted.
    func accepts(_ request: SIPMessage, at now: Instant) -> Bool {
        let bytes = request.bytes
        let uri = request.requestURI?.whole.indices ?? 0..<0
        for field in request.fields where field.name == .proxyAuthorization {
            guard let credentials = try? DigestCredentials(parsing: bytes, in: field.value.indices) else { continue }
            let outcome = verifier.verify(
                credentials,
                method: Array("INVITE".utf8).span,
                requestURI: bytes.span.extracting(uri),
                stored: stored[credentials.usernameText],
                at: now
            )
            switch outcome {
            case .accepted: return true
            // The user is looked at only after realm, algorithm and form have been found right.
            case .unknownUser where stored.isEmpty: return true
            default: continue
            }
        }
        return false
    }

    /// The challenge's header field lines.
    func challenge(at now: Instant) -> [UInt8] {
        var lines: [UInt8] = []
        verifier.appendChallengeFields("Proxy-Authenticate", stale: false, at: now, to: &lines)
        return lines
    }
}
