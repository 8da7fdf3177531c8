// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL

/// The token of an access key: `vb_` and 32 random letters and digits.
struct AccessToken: Sendable {
    /// The whole token; shown once.
    let text: String

    /// Makes a new token: 190 bits that nobody can guess.
    static func random() -> AccessToken {
        // The system's generator is the kernel's (getrandom), fit for secrets.
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<32).map { _ in alphabet.randomElement(using: &generator) ?? "a" }
        return AccessToken(unchecked: "vb_" + String(characters))
    }

    /// Takes a token from a request; nil when it is of another form.
    init?(_ text: String) {
        guard text.hasPrefix("vb_"), text.utf8.count == 35, text.dropFirst(3).allSatisfy(Self.alphabet.contains) else {
            return nil
        }
        self.text = text
    }

    private init(unchecked text: String) {
        self.text = text
    }

    /// The first 11 characters, which are no secret.
    var prefix: String { String(text.prefix(11)) }

    /// The SHA-256 hash of the token, 32 octets.
    var hash: [UInt8] {
        var hash = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        let bytes = Array(text.utf8)
        SHA256(bytes, bytes.count, &hash)
        return hash
    }

    /// Whether the hash is this token's; takes the same time wherever they differ.
    func matches(_ other: [UInt8]) -> Bool {
        let hash = hash
        return other.count == hash.count && CRYPTO_memcmp(other, hash, hash.count) == 0
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
}
