// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import MonotonicTime
import SIPMessage
import TraceCapture

/// Checks the digest credentials of captured INVITEs against the policy's hashes.
struct DigestCheck {
    private let credentials: [String: HA1Set]
    private let realm: String?
    private let verifier: DigestVerifier?

    init(_ world: DryRunWorld) {
        credentials = world.credentials
        realm = world.realm
        verifier = world.realm.flatMap(Self.verifier)
    }

    private static func verifier(_ realm: String) -> DigestVerifier? {
        // The nonces of a capture are never this verifier's own, so their key does not matter.
        guard let key = SecretKey(bytes: [UInt8](repeating: 0, count: SecretKey.byteCount)),
            let nonces = try? NonceAuthority(key: key, shard: 0)
        else { return nil }
        let configuration = DigestVerifier.Configuration(
            realm: realm,
            algorithms: DigestAlgorithm.allCases,
            allowsLegacyResponses: true
        )
        return try? DigestVerifier(configuration, nonces: nonces)
    }

    /// The digest credentials of an INVITE, those for the policy's realm before others.
    func credentials(of invite: SIPMessage) -> DigestCredentials? {
        var found: DigestCredentials?
        for field in invite.fields where field.name == .proxyAuthorization || field.name == .authorization {
            guard let read = try? DigestCredentials(parsing: invite.bytes, in: field.value.indices) else { continue }
            if String(decoding: read.bytes[read.realm.range], as: UTF8.self) == realm { return read }
            found = found ?? read
        }
        return found
    }

    /// Why the first digest credentials of an INVITE cannot be read; nil when it has none, or they can.
    func fault(of invite: SIPMessage) -> String? {
        for field in invite.fields where field.name == .proxyAuthorization || field.name == .authorization {
            do {
                _ = try DigestCredentials(parsing: invite.bytes, in: field.value.indices)
                return nil
            } catch {
                if error.code != .unknownScheme { return "\(error.reason) (\(error.clause))" }
            }
        }
        return nil
    }

    /// Whether credentials prove an endpoint; `challenges` are the nonces that the capture holds, with their places.
    func finding(
        _ credentials: DigestCredentials,
        of endpoint: Endpoint,
        challenges: [[UInt8]: CapturePlace]
    ) -> DigestFinding {
        let named = String(decoding: credentials.bytes[credentials.realm.range], as: UTF8.self)
        guard credentials.usernameText == endpoint.username else {
            return .notCheckable("they name another user, \(credentials.usernameText)")
        }
        guard let realm, let verifier else { return .notCheckable("the policy names no realm") }
        guard named == realm else {
            return .notCheckable("they are for the realm `\(named)`, the policy's passwords for `\(realm)`")
        }
        guard let stored = self.credentials[endpoint.username] else {
            return .notCheckable("the policy has no password of this endpoint")
        }
        let invite: [UInt8] = Array("INVITE".utf8)
        let outcome = verifier.verify(
            credentials,
            method: invite.span,
            requestURI: invite.span,
            stored: stored,
            at: Instant(milliseconds: 0)
        )
        switch outcome {
        case .accepted, .stale:
            return .verified(challenge: challenges[Array(credentials.bytes[credentials.nonce.range])])
        case .wrongPassword: return .wrong
        case .missingHash(let algorithm): return .notCheckable("the policy has no \(algorithm.token) hash of it")
        case .unsupportedAlgorithm: return .notCheckable("their algorithm is not known here")
        case .badRequest: return .notCheckable("they protect the body (qop=auth-int)")
        case .unknownUser, .wrongRealm: return .notCheckable("they are for someone else")
        }
    }
}
