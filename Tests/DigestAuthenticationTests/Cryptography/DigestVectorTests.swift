// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DigestAuthentication

@Suite("Digest vectors")
struct DigestVectorTests {
    private struct Vector {
        var algorithm = DigestAlgorithm.md5
        var username = "Mufasa"
        var realm = "testrealm@host.com"
        var password = "Circle Of Life"
        var method = "GET"
        var uri = "/dir/index.html"
        var nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"
        var nonceCount: String? = "00000001"
        var clientNonce = "0a4f113b"

        func response() throws -> String {
            let ha1 = try HA1.compute(username: username, realm: realm, password: password, algorithm: algorithm)
            let hasher = try DigestHasher()
            let nonce = Array(nonce.utf8)
            let method = Array(method.utf8)
            let uri = Array(uri.utf8)
            let value: HashValue
            if let nonceCount {
                value = hasher.response(
                    to: ha1,
                    nonce: nonce.span,
                    nonceCount: Array(nonceCount.utf8).span,
                    clientNonce: Array(clientNonce.utf8).span,
                    method: method.span,
                    uri: uri.span
                )
            } else {
                value = hasher.legacyResponse(to: ha1, nonce: nonce.span, method: method.span, uri: uri.span)
            }
            return HA1(algorithm: algorithm, value: value).hexadecimal
        }

        static func rfc7616(_ algorithm: DigestAlgorithm) -> Vector {
            Vector(
                algorithm: algorithm,
                realm: "http-auth@example.org",
                password: "Circle of Life",
                nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
            )
        }

        static func sip(_ algorithm: DigestAlgorithm) -> Vector {
            Vector(
                algorithm: algorithm,
                username: "zo\u{EB}",
                realm: "biloxi.example.com",
                password: "zanzibar",
                method: "INVITE",
                uri: "sip:bob@biloxi.example.com",
                nonceCount: "0000000a"
            )
        }
    }

    @Test("RFC 7616 §3.9.1 the MD5 example")
    func example7616MD5() throws {
        #expect(try Vector.rfc7616(.md5).response() == "8ca523f5e9506fed4657c9700eebdbec")
    }

    @Test("RFC 7616 §3.9.1 the SHA-256 example")
    func example7616SHA256() throws {
        let expected = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        #expect(try Vector.rfc7616(.sha256).response() == expected)
    }

    @Test("RFC 7616 §3.9.1 the same request with SHA-512-256")
    func example7616SHA512() throws {
        let expected = "430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0"
        #expect(try Vector.rfc7616(.sha512_256).response() == expected)
    }

    @Test("RFC 2617 §3.5 the example")
    func example2617() throws {
        #expect(try Vector().response() == "6629fae49393a05397450978507c4ef1")
    }

    @Test("RFC 2617 §3.2.2.1 a response without qop")
    func exampleLegacy() throws {
        #expect(try Vector(nonceCount: nil).response() == "670fd8c2df070c60b045671b8b24ff02")
    }

    @Test(
        "RFC 8760 §2.1 an INVITE with each algorithm",
        arguments: zip(
            DigestAlgorithm.allCases,
            [
                "081085ae739907d77c14ad9d08de9719",
                "c941a1f0ec0762060d9a63e76544a9fc4b8bd61e6284eb2bfd3c8c74e6958f29",
                "36e65bab624adb8691f38732ef27060a9eafd1c0ab6f0065fa5d3b5ced18f56a",
            ]
        )
    )
    func sipRequest(algorithm: DigestAlgorithm, expected: String) throws {
        #expect(try Vector.sip(algorithm).response() == expected)
    }

    @Test("Inputs longer than the gathering buffer hash the same")
    func longInput() throws {
        let hasher = try DigestHasher()
        let long = [UInt8](repeating: 0x61, count: 3000)
        hasher.begin(.sha256)
        hasher.absorb(long.span)
        let whole = hasher.finish()
        hasher.begin(.sha256)
        for _ in 0..<1500 {
            hasher.absorb(0x61)
        }
        hasher.absorb([UInt8](repeating: 0x61, count: 1500).span)
        #expect(whole.equalsInConstantTime(hasher.finish()))
    }

    @Test("RFC 7616 §3.4.2 the stored hash round-trips and refuses other lengths")
    func storedHash() throws {
        let ha1 = try HA1.compute(
            username: "Mufasa",
            realm: "testrealm@host.com",
            password: "Circle Of Life",
            algorithm: .md5
        )
        #expect(ha1.hexadecimal == "939e7578ed9e3c518a452acee763bce9")
        let again = try #require(HA1(hexadecimal: "939E7578ED9E3C518A452ACEE763BCE9", algorithm: .md5))
        #expect(again.equalsInConstantTime(ha1))
        let other = try #require(HA1(hexadecimal: "939E7578ED9E3C518A452ACEE763BCE8", algorithm: .md5))
        #expect(!other.equalsInConstantTime(ha1))
        #expect(HA1(hexadecimal: ha1.hexadecimal, algorithm: .sha256) == nil)
        #expect(HA1(hexadecimal: "939e7578ed9e3c518a452acee763bceg", algorithm: .md5) == nil)
    }

    @Test("RFC 7616 §3.3 algorithm tokens in any case, no session variants")
    func tokens() {
        for algorithm in DigestAlgorithm.allCases {
            #expect(DigestAlgorithm(token: Array(algorithm.token.lowercased().utf8).span) == algorithm)
        }
        for other in ["MD5-sess", "SHA-256-sess", "SHA-512", "", "MD"] {
            #expect(DigestAlgorithm(token: Array(other.utf8).span) == nil)
        }
    }
}
