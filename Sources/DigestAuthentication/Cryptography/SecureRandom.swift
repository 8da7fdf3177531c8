// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL

/// Random bytes fit for keys, from the library's generator seeded by the operating system.
package enum SecureRandom {
    /// Overwrites every byte of `bytes`.
    ///
    /// Throws `CryptographyError.randomUnavailable` when the generator fails; the bytes must not be used then.
    package static func fill(_ bytes: inout [UInt8]) throws(CryptographyError) {
        guard let count = Int32(exactly: bytes.count) else { throw .randomUnavailable }
        let result = bytes.withUnsafeMutableBufferPointer { RAND_bytes($0.baseAddress, count) }
        guard result == 1 || count == 0 else { throw .randomUnavailable }
    }

    /// So many random bytes; a negative count yields none.
    ///
    /// Throws `CryptographyError.randomUnavailable` when the generator fails.
    package static func bytes(_ count: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: max(0, count))
        try fill(&bytes)
        return bytes
    }
}
