// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import MonotonicTime

/// Why a verifier could not be made.
package enum DigestConfigurationError: Error, Hashable, Sendable {
    /// The realm is empty, or holds a quote, a backslash or a control character, which not all hash alike.
    case invalidRealm
    /// No algorithm is offered, or one is offered twice.
    case invalidAlgorithms
    /// The cryptographic library lacks something.
    case cryptography(CryptographyError)
}

/// Challenges endpoints and verifies their credentials for one realm (RFC 3261 §22, RFC 8760 §2).
///
/// An object belongs to one thread, like the nonce authority in it.
package final class DigestVerifier {
    /// Whether `uri` must be the Request-URI.
    package enum URIPolicy: Hashable, Sendable {
        /// It may differ: RFC 3261 §22.4 (6), since a proxy before this one may have retargeted the request.
        case ignore
        /// It must be the same, byte by byte.
        case exact
    }

    /// What a verifier asks of endpoints.
    package struct Configuration: Hashable, Sendable {
        /// The protection domain, compared byte by byte.
        package var realm: String
        /// The algorithms offered, the preferred one first.
        package var algorithms: [DigestAlgorithm]
        /// Whether `uri` must be the Request-URI.
        package var uriPolicy: URIPolicy
        /// Whether responses without `qop` are taken, each nonce once (RFC 3261 §22.4 (8)).
        package var allowsLegacyResponses: Bool

        /// Sets a configuration; by default SHA-256 before MD5, any `uri`, no legacy responses.
        package init(
            realm: String,
            algorithms: [DigestAlgorithm] = [.sha256, .md5],
            uriPolicy: URIPolicy = .ignore,
            allowsLegacyResponses: Bool = false
        ) {
            self.realm = realm
            self.algorithms = algorithms
            self.uriPolicy = uriPolicy
            self.allowsLegacyResponses = allowsLegacyResponses
        }
    }

    /// What the verifier asks of endpoints.
    package let configuration: Configuration

    private let realm: [UInt8]
    private let nonces: NonceAuthority
    private let hasher: DigestHasher
    private let challenges: [DigestChallengeTemplate]
    private let dummy: HashValue

    /// Prepares a verifier over a shard's nonce authority.
    ///
    /// Throws `DigestConfigurationError`.
    package init(_ configuration: Configuration, nonces: NonceAuthority) throws(DigestConfigurationError) {
        let realm = Array(configuration.realm.utf8)
        let isPlain = realm.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x5C }
        guard isPlain, !realm.isEmpty else { throw .invalidRealm }
        let algorithms = configuration.algorithms
        guard !algorithms.isEmpty, Set(algorithms).count == algorithms.count else { throw .invalidAlgorithms }
        self.configuration = configuration
        self.realm = realm
        self.nonces = nonces
        challenges = algorithms.map { DigestChallengeTemplate(realm: realm, algorithm: $0) }
        do {
            hasher = try DigestHasher()
            dummy = try KeyedHash(key: .random()).authenticate(realm.span)
        } catch {
            throw .cryptography(error)
        }
    }

    /// Verifies credentials against what is stored for their user, nil meaning that there is no such user.
    ///
    /// A response is computed in every case that depends on the user, so an unknown one costs what a wrong password
    /// costs. The nonce count is used up only by a right response.
    package func verify(
        _ credentials: DigestCredentials,
        method: Span<UInt8>,
        requestURI: Span<UInt8>,
        stored: HA1Set?,
        at now: Instant
    ) -> DigestOutcome {
        guard isForThisRealm(credentials) else { return .wrongRealm }
        guard let algorithm = credentials.algorithm, configuration.algorithms.contains(algorithm) else {
            return .unsupportedAlgorithm
        }
        if let refusal = refusal(of: credentials, requestURI: requestURI) {
            return .badRequest(refusal)
        }
        let known = stored?[algorithm]
        let ha1 = known ?? HA1(algorithm: algorithm, value: dummy)
        let expected = response(ha1, to: credentials, method: method)
        let isRight = expected.equalsInConstantTime(credentials.response)
        guard known != nil else { return stored == nil ? .unknownUser : .missingHash(algorithm) }
        guard isRight else { return .wrongPassword }
        return outcome(of: credentials, at: now)
    }

    /// Appends the value of one challenge, in the order of the configured algorithms; nothing past the last.
    package func appendChallenge(_ index: Int, nonce: Nonce, stale: Bool, to output: inout [UInt8]) {
        guard challenges.indices.contains(index) else { return }
        challenges[index].append(nonce: nonce, stale: stale, to: &output)
    }

    /// Appends one header field line for each configured algorithm, the preferred one topmost (RFC 8760 §2.3).
    ///
    /// `fieldName` is `WWW-Authenticate` or `Proxy-Authenticate`; the challenges share one new nonce.
    package func appendChallengeFields(
        _ fieldName: StaticString,
        stale: Bool,
        at now: Instant,
        to output: inout [UInt8]
    ) {
        let nonce = nonces.mint(at: now)
        for challenge in challenges {
            output.append(fieldName)
            output.append(": ")
            challenge.append(nonce: nonce, stale: stale, to: &output)
            output.append("\r\n")
        }
    }

    private func isForThisRealm(_ credentials: DigestCredentials) -> Bool {
        let range = credentials.realm.range
        guard range.count == realm.count else { return false }
        for (index, expected) in zip(range, realm) where credentials.bytes[index] != expected {
            return false
        }
        return true
    }

    private func refusal(
        of credentials: DigestCredentials,
        requestURI: Span<UInt8>
    ) -> DigestOutcome.BadRequestReason? {
        switch credentials.qualityOfProtection {
        case .auth: break
        case .unsupported: return .unsupportedQualityOfProtection
        case .none: if !configuration.allowsLegacyResponses { return .missingQualityOfProtection }
        }
        guard configuration.uriPolicy == .exact else { return nil }
        let uri = credentials.bytes.span.extracting(credentials.uri.range)
        return uri.equals(requestURI) ? nil : .uriMismatch
    }

    private func response(_ ha1: HA1, to credentials: DigestCredentials, method: Span<UInt8>) -> HashValue {
        let bytes = credentials.bytes.span
        let nonce = bytes.extracting(credentials.nonce.range)
        let uri = bytes.extracting(credentials.uri.range)
        guard let count = credentials.nonceCountText, let clientNonce = credentials.clientNonce else {
            return hasher.legacyResponse(to: ha1, nonce: nonce, method: method, uri: uri)
        }
        return hasher.response(
            to: ha1,
            nonce: nonce,
            nonceCount: bytes.extracting(count.range),
            clientNonce: bytes.extracting(clientNonce.range),
            method: method,
            uri: uri
        )
    }

    private func outcome(of credentials: DigestCredentials, at now: Instant) -> DigestOutcome {
        let nonce = credentials.bytes.span.extracting(credentials.nonce.range)
        return switch nonces.check(nonce, nonceCount: credentials.nonceCount, at: now) {
        case .fresh: .accepted(username: credentials.usernameText)
        case .stale: .stale(.expired)
        case .replayed: .stale(.replayed)
        case .forged: .stale(.unrecognised)
        }
    }
}
