// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DigestAuthentication

@Suite("Keyed hash and random tokens")
struct KeyedHashTests {
    private static let helloCode = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"

    private func hexadecimal(_ value: HashValue) -> String {
        var text: [UInt8] = []
        value.appendHexadecimal(byteCount: 32, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    @Test("RFC 4231 §4.2 test case 1")
    func oneShot() throws {
        let key = [UInt8](repeating: 0x0B, count: 20)
        let code = try HMACSHA256.authenticate(key: key, bytes: Array("Hi There".utf8))
        #expect(hexadecimal(code) == KeyedHashTests.helloCode)
        #expect(code.leadingWord == 0xB034_4C61_D8DB_3853)
    }

    @Test("RFC 4231 §4.2 the same from a context used again")
    func reused() throws {
        let hash = try KeyedHash(keyBytes: [UInt8](repeating: 0x0B, count: 20))
        _ = hash.authenticate(Array("something else".utf8).span)
        #expect(hexadecimal(hash.authenticate(Array("Hi There".utf8).span)) == KeyedHashTests.helloCode)
        let empty: [UInt8] = []
        #expect(hexadecimal(hash.authenticate(empty.span)) != KeyedHashTests.helloCode)
    }

    @Test("Keys have 32 bytes and differ")
    func keys() throws {
        #expect(SecretKey(bytes: [1, 2, 3]) == nil)
        #expect(try SecretKey.random().bytes != SecretKey.random().bytes)
        #expect(try SecureRandom.bytes(-1).isEmpty)
    }

    @Test("RFC 3261 §19.3 tokens are token characters and do not repeat across refills")
    func tokens() throws {
        var source = try RandomTokenSource()
        var seen: Set<[UInt8]> = []
        for _ in 0..<1000 {
            var token: [UInt8] = []
            source.appendToken(length: 16, to: &token)
            #expect(token.count == 16 && token.allSatisfy(\.isTokenCharacter))
            seen.insert(token)
        }
        #expect(seen.count == 1000)
        var words: Set<UInt64> = []
        for _ in 0..<1000 {
            words.insert(source.nextUInt64())
        }
        #expect(words.count == 1000)
        var none: [UInt8] = []
        source.appendToken(length: -1, to: &none)
        #expect(none.isEmpty)
    }

    @Test("No description, debug description or dump shows a secret")
    func redaction() throws {
        let password = "correct horse"
        let key = SecretKey(bytes: [UInt8](repeating: 0x41, count: 32))
        let ha1 = try HA1.compute(username: "u", realm: "r", password: password, algorithm: .md5)
        let set = HA1Set([ha1])
        let secret = DigestSecret.password(password)
        let values: [any Redacted] = [try #require(key), ha1, set, secret, DigestSecret.hashes(set), ha1.value]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in ["\(value)", String(reflecting: value), dumped] {
                #expect(text.contains("redacted"))
                #expect(!text.contains(password) && !text.contains("65") && !text.contains(ha1.hexadecimal))
            }
        }
    }
}
