// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a trunk's account proves itself with.
package struct DigestSecret: Sendable, Redacted {
    private enum Form {
        case password(String)
        case hashes(HA1Set)
    }

    private let form: Form

    /// A password, good for every realm and algorithm.
    package static func password(_ password: String) -> DigestSecret {
        DigestSecret(form: .password(password))
    }

    /// Stored hashes, good for the realm and the algorithms they were made for.
    package static func hashes(_ hashes: HA1Set) -> DigestSecret {
        DigestSecret(form: .hashes(hashes))
    }

    /// Whether an answer with the algorithm is possible.
    package func supports(_ algorithm: DigestAlgorithm) -> Bool {
        switch form {
        case .password: true
        case .hashes(let hashes): hashes[algorithm] != nil
        }
    }

    func hash(
        _ algorithm: DigestAlgorithm,
        username: Span<UInt8>,
        realm: Span<UInt8>,
        hasher: DigestHasher
    ) -> HA1? {
        switch form {
        case .hashes(let hashes):
            return hashes[algorithm]
        case .password(let password):
            let password = Array(password.utf8)
            let value = hasher.firstHash(algorithm, username: username, realm: realm, password: password.span)
            return HA1(algorithm: algorithm, value: value)
        }
    }
}
