// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import Testing

@testable import DigestAuthentication

@Suite("Digest verifier and responder")
struct DigestVerifierTests {
    private static let realm = "gateway.example.com"
    private let now = Instant(milliseconds: 1_000)
    private let method = Array("INVITE".utf8)
    private let uri = Array("sip:+4930123456@gateway.example.com".utf8)
    private let responder: DigestResponder
    private let stored: HA1Set

    init() throws {
        responder = try DigestResponder()
        stored = try HA1Set.compute(
            username: "alice",
            realm: DigestVerifierTests.realm,
            password: "wonderland",
            algorithms: DigestAlgorithm.allCases
        )
    }

    private func makeVerifier(
        _ algorithms: [DigestAlgorithm] = [.sha256, .md5],
        policy: DigestVerifier.URIPolicy = .ignore,
        legacy: Bool = false
    ) throws -> DigestVerifier {
        let configuration = DigestVerifier.Configuration(
            realm: DigestVerifierTests.realm,
            algorithms: algorithms,
            uriPolicy: policy,
            allowsLegacyResponses: legacy
        )
        return try DigestVerifier(configuration, nonces: NonceAuthority(key: .random(), shard: 0))
    }

    private func fields(_ verifier: DigestVerifier, stale: Bool = false) -> [String] {
        var output: [UInt8] = []
        verifier.appendChallengeFields("WWW-Authenticate", stale: stale, at: now, to: &output)
        return String(decoding: output, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private func answer(
        _ challenge: String,
        username: String = "alice",
        secret: DigestSecret = .password("wonderland"),
        nonceCount: UInt32 = 1
    ) throws -> String {
        let bytes = Array(challenge.replacing("WWW-Authenticate: ", with: "").utf8)
        let parsed = try DigestChallenge(parsing: bytes, in: bytes.indices)
        let value = try responder.answer(
            parsed,
            username: username,
            secret: secret,
            method: method.span,
            uri: uri.span,
            clientNonce: Array("0a4f113b".utf8).span,
            nonceCount: nonceCount
        )
        return String(decoding: value, as: UTF8.self)
    }

    private func verify(
        _ verifier: DigestVerifier,
        _ credentials: String,
        requestURI: String = "sip:other@example.com",
        known: Bool = true,
        stored other: HA1Set? = nil,
        after delay: Interval = .seconds(1)
    ) throws -> DigestOutcome {
        let bytes = Array(credentials.utf8)
        return verifier.verify(
            try DigestCredentials(parsing: bytes, in: bytes.indices),
            method: method.span,
            requestURI: Array(requestURI.utf8).span,
            stored: known ? other ?? stored : nil,
            at: now + delay
        )
    }

    @Test("RFC 8760 §2.3 one field for each algorithm, the preferred one topmost")
    func challengeFields() throws {
        let lines = fields(try makeVerifier([.sha512_256, .sha256, .md5]), stale: true)
        #expect(lines.count == 3)
        let prefix = "WWW-Authenticate: Digest realm=\"gateway.example.com\", nonce=\""
        for (line, token) in zip(lines, ["SHA-512-256", "SHA-256", "MD5"]) {
            #expect(line.hasPrefix(prefix))
            #expect(line.hasSuffix("\", qop=\"auth\", algorithm=\(token), stale=true"))
            #expect(line.dropFirst(prefix.count).prefix { $0 != "\"" }.count == Nonce.length)
        }
        #expect(fields(try makeVerifier()).allSatisfy { !$0.contains("stale") })
    }

    @Test("RFC 3261 §22.2 client and server agree with each algorithm", arguments: DigestAlgorithm.allCases)
    func roundTrip(algorithm: DigestAlgorithm) throws {
        let verifier = try makeVerifier([algorithm])
        let challenge = try #require(fields(verifier).first)
        let first = try answer(challenge, secret: .hashes(stored))
        #expect(try first == answer(challenge))
        #expect(try verify(verifier, first) == .accepted(username: "alice"))
        let second = try answer(challenge, nonceCount: 2)
        #expect(second.contains("nc=00000002"))
        #expect(try verify(verifier, second) == .accepted(username: "alice"))
        #expect(try verify(verifier, second) == .stale(.replayed))
        #expect(try verify(verifier, answer(challenge, nonceCount: 3), after: .seconds(300)) == .stale(.expired))
    }

    @Test("RFC 7616 §3.4 what is refused and why")
    func refusals() throws {
        let verifier = try makeVerifier([.md5])
        let challenge = try #require(fields(verifier).first)
        let right = try answer(challenge)
        #expect(try verify(verifier, answer(challenge, secret: .password("Wonderland"))) == .wrongPassword)
        #expect(try verify(verifier, right, known: false) == .unknownUser)
        #expect(try verify(verifier, right, stored: HA1Set([])) == .missingHash(.md5))
        #expect(
            try verify(verifier, right.replacing("gateway.example.com\", nonce", with: "x\", nonce")) == .wrongRealm
        )
        #expect(try verify(verifier, right.replacing("=MD5", with: "=MD5-sess")) == .unsupportedAlgorithm)
        let integrity = right.replacing("qop=auth", with: "qop=auth-int")
        #expect(try verify(verifier, integrity) == .badRequest(.unsupportedQualityOfProtection))
        // None of these used up the count.
        #expect(try verify(verifier, right) == .accepted(username: "alice"))
    }

    @Test("RFC 8760 §2.3 an algorithm that was not offered is refused")
    func notOffered() throws {
        let challenge = try #require(fields(try makeVerifier([.sha256])).first)
        #expect(try verify(try makeVerifier([.md5]), answer(challenge)) == .unsupportedAlgorithm)
    }

    @Test("RFC 7616 §3.3 a right response to a nonce of another process is stale, a wrong one is not")
    func foreignNonce() throws {
        let challenge = try #require(fields(try makeVerifier([.md5])).first)
        let verifier = try makeVerifier([.md5])
        #expect(try verify(verifier, answer(challenge)) == .stale(.unrecognised))
        #expect(try verify(verifier, answer(challenge, secret: .password("x"))) == .wrongPassword)
    }

    @Test("RFC 3261 §22.4 (6) the URI may differ unless the policy forbids it")
    func uriPolicy() throws {
        let verifier = try makeVerifier([.md5], policy: .exact)
        let right = try answer(try #require(fields(verifier).first))
        #expect(try verify(verifier, right) == .badRequest(.uriMismatch))
        let own = String(decoding: uri, as: UTF8.self)
        #expect(try verify(verifier, right, requestURI: own) == .accepted(username: "alice"))
    }

    @Test("RFC 3261 §22.4 (8) a response without qop is taken once where that is allowed")
    func legacy() throws {
        for isAllowed in [true, false] {
            let verifier = try makeVerifier([.md5], legacy: isAllowed)
            let challenge = try #require(fields(verifier).first).replacing(", qop=\"auth\"", with: "")
            let right = try answer(challenge)
            #expect(!right.contains("nc=") && !right.contains("cnonce"))
            let expected: DigestOutcome =
                isAllowed ? .accepted(username: "alice") : .badRequest(.missingQualityOfProtection)
            #expect(try verify(verifier, right) == expected)
            if isAllowed {
                #expect(try verify(verifier, right) == .stale(.replayed))
            }
        }
    }

    @Test("A realm or a list of algorithms that cannot work is refused")
    func configuration() throws {
        let nonces = try NonceAuthority(key: .random(), shard: 0)
        for realm in ["", "a\"b", "a\\b", "a\r\nb"] {
            #expect(throws: DigestConfigurationError.invalidRealm) {
                try DigestVerifier(.init(realm: realm), nonces: nonces)
            }
        }
        for algorithms in [[], [DigestAlgorithm.md5, .md5]] {
            #expect(throws: DigestConfigurationError.invalidAlgorithms) {
                try DigestVerifier(.init(realm: "r", algorithms: algorithms), nonces: nonces)
            }
        }
    }
}
