// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL

/// A person's password as it is stored: salted and hashed by scrypt (RFC 7914), with the parameters beside it.
///
/// The text is `scrypt$15$8$1$<salt>$<hash>`: log2 of the cost, block size, parallelism, and both values in hexadecimal
/// digits. One hash takes about 32 MiB and 50 to 100 ms, so never make or check one on an event loop.
package struct PasswordHash: Hashable, Sendable, Redacted {
    /// The text as it is stored. Not for publication: passwords can be tried against it.
    package let text: String
    private let parameters: Parameters
    private let salt: [UInt8]
    private let hash: [UInt8]

    private struct Parameters: Hashable, Sendable {
        var costExponent = 15
        var blockSize = 8
        var parallelism = 1

        /// Bounds what a damaged row may ask for: at most 64 MiB and four times the usual work.
        var isBearable: Bool {
            (10...16).contains(costExponent) && (1...8).contains(blockSize) && (1...2).contains(parallelism)
        }
    }

    /// Hashes a password with a salt of its own.
    ///
    /// Throws `CryptographyError` when the library offers no scrypt, or no random bytes.
    package static func make(of password: String) throws(CryptographyError) -> PasswordHash {
        let parameters = Parameters()
        let salt = try SecureRandom.bytes(16)
        guard let hash = derive(password, salt, parameters) else { throw .algorithmUnavailable("scrypt") }
        return PasswordHash(parameters: parameters, salt: salt, hash: hash)
    }

    private init(parameters: Parameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
        let numbers = "\(parameters.costExponent)$\(parameters.blockSize)$\(parameters.parallelism)"
        text = "scrypt$\(numbers)$\(Self.digits(salt))$\(Self.digits(hash))"
    }

    /// Reads a stored text; nil when it is of another form, or asks for more work than is usual.
    package init?(text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let cost = Int(parts[1]), let size = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Self.bytes(parts[4]), let hash = Self.bytes(parts[5])
        else { return nil }
        let parameters = Parameters(costExponent: cost, blockSize: size, parallelism: parallelism)
        guard parameters.isBearable, salt.count == 16, hash.count == 32 else { return nil }
        self.init(parameters: parameters, salt: salt, hash: hash)
    }

    /// Whether this is the password; the comparison takes the same time wherever hashes differ.
    package func matches(_ password: String) -> Bool {
        guard let derived = Self.derive(password, salt, parameters), derived.count == hash.count else { return false }
        return CRYPTO_memcmp(derived, hash, hash.count) == 0
    }

    /// A hash that no password is known for: checking against it takes the time of a real check.
    ///
    /// Throws `CryptographyError.randomUnavailable` when the generator fails.
    package static func unguessable() throws(CryptographyError) -> PasswordHash {
        PasswordHash(
            parameters: Parameters(),
            salt: try SecureRandom.bytes(16),
            hash: try SecureRandom.bytes(32)
        )
    }

    private static func derive(_ password: String, _ salt: [UInt8], _ parameters: Parameters) -> [UInt8]? {
        var secret = Array(password.utf8)
        defer { OPENSSL_cleanse(&secret, secret.count) }
        var key = [UInt8](repeating: 0, count: 32)
        let result = secret.withUnsafeBytes { bytes in
            EVP_PBE_scrypt(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                bytes.count,
                salt,
                salt.count,
                UInt64(1) << UInt64(parameters.costExponent),
                UInt64(parameters.blockSize),
                UInt64(parameters.parallelism),
                maximumMemory,
                &key,
                key.count
            )
        }
        return result == 1 ? key : nil
    }

    private static let maximumMemory: UInt64 = 128 * 1024 * 1024

    private static func digits(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        for byte in bytes { digits += [Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte)] }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        let values = digits.utf8.map { Hexadecimal.value(of: $0) }
        guard values.count.isMultiple(of: 2), values.allSatisfy({ $0 < 16 }) else { return nil }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
