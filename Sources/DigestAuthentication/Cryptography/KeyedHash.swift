// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL

/// A 256-bit secret key that no description shows.
package struct SecretKey: Sendable, Redacted {
    /// The key's length in bytes.
    package static let byteCount = 32

    let bytes: [UInt8]

    /// Takes key bytes; nil unless there are exactly 32.
    package init?(bytes: [UInt8]) {
        guard bytes.count == SecretKey.byteCount else { return nil }
        self.bytes = bytes
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A new random key.
    ///
    /// Throws `CryptographyError.randomUnavailable` when the generator fails.
    package static func random() throws(CryptographyError) -> SecretKey {
        SecretKey(unchecked: try SecureRandom.bytes(byteCount))
    }
}

/// HMAC-SHA256 under one key, keyed once and used again (RFC 2104).
///
/// An object belongs to one thread. Whoever uses one key for several purposes puts a different first byte before each
/// purpose's input.
package final class KeyedHash {
    private let context: OpaquePointer

    /// Keys a context.
    ///
    /// Throws `CryptographyError` when the library lacks HMAC or SHA-256.
    package convenience init(key: SecretKey) throws(CryptographyError) {
        try self.init(keyBytes: key.bytes)
    }

    init(keyBytes: [UInt8]) throws(CryptographyError) {
        guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { throw .algorithmUnavailable("HMAC") }
        // The context keeps a reference of its own.
        defer { EVP_MAC_free(algorithm) }
        guard let context = EVP_MAC_CTX_new(algorithm) else { throw .contextUnavailable }
        guard COpenSSL_HMAC_SHA256_start(context, keyBytes, keyBytes.count) == 1 else {
            EVP_MAC_CTX_free(context)
            throw .algorithmUnavailable("HMAC-SHA256")
        }
        self.context = context
    }

    deinit {
        EVP_MAC_CTX_free(context)
    }

    /// The 32 bytes of HMAC-SHA256 over `bytes`.
    package func authenticate(_ bytes: Span<UInt8>) -> HashValue {
        var value = HashValue()
        var written = 0
        var storage = value.storage.mutableSpan
        let succeeded = bytes.withUnsafeBufferPointer { input in
            storage.withUnsafeMutableBufferPointer { output in
                EVP_MAC_init(context, nil, 0, nil) == 1
                    && EVP_MAC_update(context, input.baseAddress, input.count) == 1
                    && EVP_MAC_final(context, output.baseAddress, &written, output.count) == 1
            }
        }
        // INVARIANT: a keyed context fails only when memory is exhausted; no input reaches this.
        precondition(succeeded && written == HashValue.capacity, "OpenSSL refused an HMAC that it had keyed")
        return value
    }
}

/// HMAC-SHA256 for a single use.
package enum HMACSHA256 {
    /// The HMAC of `bytes` under a key of any length; `KeyedHash` is cheaper where one key is used again.
    ///
    /// Throws `CryptographyError` when the library lacks HMAC or SHA-256.
    package static func authenticate(key: [UInt8], bytes: [UInt8]) throws(CryptographyError) -> HashValue {
        try KeyedHash(keyBytes: key).authenticate(bytes.span)
    }
}
