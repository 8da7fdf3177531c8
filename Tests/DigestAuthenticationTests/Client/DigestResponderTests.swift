// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DigestAuthentication

@Suite("Digest responder")
struct DigestResponderTests {
    private func select(_ values: [String], secret: DigestSecret = .password("p")) -> DigestChallenge? {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for value in values {
            let start = bytes.count
            bytes += Array(value.utf8)
            ranges.append(start..<bytes.count)
        }
        return DigestResponder.select(from: bytes, ranges, for: secret)
    }

    private func answer(
        _ challenge: DigestChallenge,
        username: String = "Mufasa",
        uri: String = "/dir/index.html",
        secret: DigestSecret = .password("Circle Of Life")
    ) throws -> String {
        let value = try DigestResponder().answer(
            challenge,
            username: username,
            secret: secret,
            method: Array("GET".utf8).span,
            uri: Array(uri.utf8).span,
            clientNonce: Array("0a4f113b".utf8).span,
            nonceCount: 1
        )
        return String(decoding: value, as: UTF8.self)
    }

    @Test("RFC 8760 §2.4 the topmost challenge that can be answered")
    func selection() throws {
        let values = [
            "Basic realm=\"b\"", "Digest realm=\"a\", nonce=\"n\", qop=\"auth\", algorithm=SHA-512",
            "Digest realm=\"c\", nonce=\"n\", qop=\"auth-int\", algorithm=SHA-256", "Digest realm=\"broken",
            "Digest realm=\"d\", nonce=\"n\", qop=\"auth-int, auth\", algorithm=SHA-256",
            "Digest realm=\"e\", nonce=\"n\", qop=\"auth\", stale=TRUE",
        ]
        let challenge = try #require(select(values))
        #expect(challenge.realmText == "d" && challenge.algorithm == .sha256 && !challenge.isStale)
        let md5 = try HA1.compute(username: "u", realm: "e", password: "p", algorithm: .md5)
        let other = try #require(select(values, secret: .hashes(HA1Set([md5]))))
        #expect(other.realmText == "e" && other.algorithm == .md5 && other.isStale)
        #expect(select(Array(values.prefix(4))) == nil)
        #expect(throws: DigestResponder.Failure.missingHash) {
            try answer(challenge, secret: .hashes(HA1Set([md5])))
        }
    }

    @Test("RFC 2617 §3.5 the example, with opaque returned")
    func example() throws {
        let challenge = try #require(
            select([
                """
                Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", \
                opaque="5ccc069c403ebaf9f0171e9517f40e41"
                """
            ])
        )
        let expected = """
            Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", \
            uri="/dir/index.html", qop=auth, nc=00000001, cnonce="0a4f113b", \
            response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"
            """
        #expect(try answer(challenge) == expected)
    }

    @Test("RFC 3261 §25.1 names are escaped, and nothing breaks out of its quotes")
    func escaping() throws {
        let challenge = try #require(select(["Digest realm=\"r\", nonce=\"n\", qop=\"auth\""]))
        #expect(try answer(challenge, username: #"a"b\c"#).contains(#"username="a\"b\\c""#))
        #expect(throws: DigestResponder.Failure.invalidCharacter) { try answer(challenge, username: "a\r\nb") }
        #expect(throws: DigestResponder.Failure.invalidCharacter) { try answer(challenge, uri: "sip:a\"b") }
    }
}
