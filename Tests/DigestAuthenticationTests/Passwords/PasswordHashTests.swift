// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import Testing

@Suite("Password hashes")
struct PasswordHashTests {
    @Test("a password matches its hash and no other, after a detour over the stored text as well")
    func matching() throws {
        let hash = try PasswordHash.make(of: "pässword one")
        #expect(hash.matches("pässword one"))
        #expect(!hash.matches("pässword two"))
        #expect(!hash.matches(""))
        let read = try #require(PasswordHash(text: hash.text))
        #expect(read == hash)
        #expect(read.matches("pässword one"))
        #expect(hash.text.hasPrefix("scrypt$15$8$1$"))
    }

    @Test("two hashes of one password differ, and no description shows one")
    func salted() throws {
        let (one, other) = (try PasswordHash.make(of: "same"), try PasswordHash.make(of: "same"))
        #expect(one.text != other.text)
        #expect(!"\(one)".contains(one.text))
    }

    @Test("RFC 7914 §12: the derived key is scrypt's")
    func vector() throws {
        // N = 1024, r = 8, p = 1; made by another implementation (Python's hashlib).
        let text =
            "scrypt$10$8$1$000102030405060708090a0b0c0d0e0f$3a7c0782a4dbdf543acd7c522fe853d9b34abb8af27a5c6597488cdf228140b5"
        #expect(try #require(PasswordHash(text: text)).matches("password"))
    }

    @Test(
        "a text of another form, or that asks for too much work, is refused",
        arguments: [
            "", "scrypt", "scrypt$15$8$1$00$00", "bcrypt$15$8$1$\(salt)$\(key)", "scrypt$30$8$1$\(salt)$\(key)",
            "scrypt$15$99$1$\(salt)$\(key)", "scrypt$15$8$0$\(salt)$\(key)", "scrypt$15$8$1$\(salt)$\(key)$",
            "scrypt$15$8$1$\(salt.dropLast())x$\(key)",
        ]
    )
    func refused(text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    private static let salt = String(repeating: "0", count: 32)
    private static let key = String(repeating: "0", count: 64)
}
