// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The stored form of a credential: `H(username ":" realm ":" password)` for one algorithm (RFC 7616 §3.4.2).
///
/// It stands in for the password towards its realm, so it is a secret and no description shows it.
package struct HA1: Sendable, Redacted {
    /// The hash the value was computed with.
    package let algorithm: DigestAlgorithm

    let value: HashValue

    init(algorithm: DigestAlgorithm, value: HashValue) {
        self.algorithm = algorithm
        self.value = value
    }

    /// Reads the hexadecimal form of either case; nil unless there are exactly 32 (MD5) or 64 digits.
    package init?(hexadecimal text: String, algorithm: DigestAlgorithm) {
        let bytes = Array(text.utf8)
        guard let value = HashValue(hexadecimal: bytes.span, byteCount: algorithm.byteCount) else { return nil }
        self.init(algorithm: algorithm, value: value)
    }

    /// Computes the stored form; the strings are hashed as UTF-8 and none of them is kept.
    ///
    /// Throws `CryptographyError.algorithmUnavailable` when the library lacks the algorithm.
    package static func compute(
        username: String,
        realm: String,
        password: String,
        algorithm: DigestAlgorithm
    ) throws(CryptographyError) -> HA1 {
        try DigestHasher().firstHash(algorithm, username: username, realm: realm, password: password)
    }

    /// The lower-case hexadecimal form, for a credential store and nothing else.
    package var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(algorithm.byteCount &* 2)
        value.appendHexadecimal(byteCount: algorithm.byteCount, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// Whether both are the same hash of the same algorithm, compared in constant time.
    package func equalsInConstantTime(_ other: HA1) -> Bool {
        algorithm == other.algorithm && value.equalsInConstantTime(other.value)
    }
}

/// What is stored for one user: at most one `HA1` for each algorithm.
package struct HA1Set: Sendable, Redacted {
    private var values: InlineArray<3, HA1?> = InlineArray(repeating: nil)

    /// Gathers stored hashes; of two with the same algorithm the later stays.
    package init(_ hashes: [HA1]) {
        for hash in hashes {
            values[Int(hash.algorithm.rawValue)] = hash
        }
    }

    /// Computes the stored form for each of the algorithms.
    ///
    /// Throws `CryptographyError.algorithmUnavailable` when the library lacks one of them.
    package static func compute(
        username: String,
        realm: String,
        password: String,
        algorithms: [DigestAlgorithm]
    ) throws(CryptographyError) -> HA1Set {
        let hasher = try DigestHasher()
        return HA1Set(
            algorithms.map { hasher.firstHash($0, username: username, realm: realm, password: password) }
        )
    }

    /// The hash stored for an algorithm, if there is one.
    package subscript(_ algorithm: DigestAlgorithm) -> HA1? {
        values[Int(algorithm.rawValue)]
    }
}

extension DigestHasher {
    func firstHash(_ algorithm: DigestAlgorithm, username: String, realm: String, password: String) -> HA1 {
        let username = Array(username.utf8)
        let realm = Array(realm.utf8)
        let password = Array(password.utf8)
        let value = firstHash(algorithm, username: username.span, realm: realm.span, password: password.span)
        return HA1(algorithm: algorithm, value: value)
    }
}
