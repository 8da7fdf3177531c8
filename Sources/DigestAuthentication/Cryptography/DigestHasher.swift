// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL

/// Computes digest hashes with contexts that are fetched once and used again.
///
/// An object belongs to one thread. Pieces are gathered in a small buffer, so that a hash over many short pieces costs
/// one call into the library instead of one for each.
package final class DigestHasher {
    private static let gatherCapacity = 1024

    private let gathered: UnsafeMutablePointer<UInt8>
    private var gatheredCount = 0
    private var contexts: InlineArray<3, OpaquePointer?> = InlineArray(repeating: nil)
    private var current: OpaquePointer?

    /// Fetches the three algorithms.
    ///
    /// Throws `CryptographyError.algorithmUnavailable` when the library's providers lack one of them.
    package init() throws(CryptographyError) {
        gathered = .allocate(capacity: DigestHasher.gatherCapacity)
        for algorithm in DigestAlgorithm.allCases {
            contexts[Int(algorithm.rawValue)] = try DigestHasher.makeContext(algorithm)
        }
    }

    deinit {
        OPENSSL_cleanse(gathered, DigestHasher.gatherCapacity)
        gathered.deallocate()
        for index in contexts.indices {
            EVP_MD_CTX_free(contexts[index])
        }
    }

    private static func makeContext(_ algorithm: DigestAlgorithm) throws(CryptographyError) -> OpaquePointer {
        guard let digest = EVP_MD_fetch(nil, algorithm.providerName, nil) else {
            throw .algorithmUnavailable(algorithm.token)
        }
        // The context keeps a reference of its own.
        defer { EVP_MD_free(digest) }
        guard let context = EVP_MD_CTX_new() else { throw .contextUnavailable }
        guard EVP_DigestInit_ex2(context, digest, nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .contextUnavailable
        }
        return context
    }

    func begin(_ algorithm: DigestAlgorithm) {
        current = contexts[Int(algorithm.rawValue)]
        gatheredCount = 0
        check(EVP_DigestInit_ex2(current, nil, nil))
    }

    func absorb(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, buffer.count > 0 else { return }
            if buffer.count > DigestHasher.gatherCapacity &- gatheredCount {
                flush()
            }
            if buffer.count > DigestHasher.gatherCapacity {
                check(EVP_DigestUpdate(current, base, buffer.count))
            } else {
                (gathered + gatheredCount).update(from: base, count: buffer.count)
                gatheredCount &+= buffer.count
            }
        }
    }

    func absorb(_ byte: UInt8) {
        if gatheredCount == DigestHasher.gatherCapacity {
            flush()
        }
        gathered[gatheredCount] = byte
        gatheredCount &+= 1
    }

    func absorbHexadecimal(_ value: HashValue, byteCount: Int) {
        if DigestHasher.gatherCapacity &- gatheredCount < 2 &* HashValue.capacity {
            flush()
        }
        var output = gathered + gatheredCount
        for index in 0..<byteCount {
            let byte = value.storage[index]
            output[0] = Hexadecimal.digit(byte >> 4)
            output[1] = Hexadecimal.digit(byte)
            output += 2
        }
        gatheredCount &+= 2 &* byteCount
    }

    func finish() -> HashValue {
        flush()
        var value = HashValue()
        var storage = value.storage.mutableSpan
        storage.withUnsafeMutableBufferPointer { check(EVP_DigestFinal_ex(current, $0.baseAddress, nil)) }
        return value
    }

    private func flush() {
        if gatheredCount > 0 {
            check(EVP_DigestUpdate(current, gathered, gatheredCount))
            gatheredCount = 0
        }
    }

    // INVARIANT: a context that was initialised once fails only when memory is exhausted. No input reaches this, and
    // going on with a half-computed hash would be worse than stopping.
    @inline(__always)
    private func check(_ result: Int32) {
        precondition(result == 1, "OpenSSL refused a hash that it had initialised")
    }
}
