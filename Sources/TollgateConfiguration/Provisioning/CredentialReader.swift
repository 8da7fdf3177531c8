// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import DigestAuthentication

/// Turns what a file says of an endpoint's password into the hashes that are stored.
struct CredentialReader {
    let realm: String?
    let algorithms: [DigestAlgorithm]

    /// Takes `password` and `ha1`; what is wrong is logged, without the secret.
    func read(_ fields: Fields, username: String?) -> ProvisionedCredentials {
        let password = fields.value("password", .text(1...256))
        let given = fields.section("ha1", Self.hashes(_:))
        if fields.has("password"), fields.has("ha1") {
            fields.fault("ha1", "`ha1` and `password` both say how the endpoint authenticates", "keep one of them")
            return .keep
        }
        if let given { return given.isEmpty ? .keep : .replace(given) }
        guard let password, let username else { return .keep }
        guard let realm else {
            let message = "`password` cannot be hashed without a realm"
            fields.fault("password", message, "add for example `realm: edge.example.com` at the top of the file")
            return .keep
        }
        do {
            return .replace(try compute(username: username, realm: realm, password: password))
        } catch {
            fields.fault("password", "`password` cannot be hashed: \(error)", "choose `algorithms` that OpenSSL offers")
            return .keep
        }
    }

    private func compute(
        username: String,
        realm: String,
        password: String
    ) throws(CryptographyError) -> [StoredCredential] {
        let set = try HA1Set.compute(username: username, realm: realm, password: password, algorithms: algorithms)
        return algorithms.compactMap { algorithm in
            set[algorithm].map { StoredCredential(algorithm: algorithm.token, ha1: $0.hexadecimal) }
        }
    }

    private static func hashes(_ fields: Fields) -> [StoredCredential] {
        let credentials = DigestAlgorithm.allCases.compactMap { algorithm in
            fields.value(algorithm.token, .hash(of: algorithm))
        }
        if credentials.isEmpty, DigestAlgorithm.allCases.allSatisfy({ !fields.has($0.token) }) {
            fields.log.add(
                "`ha1` names no algorithm",
                "add for example `MD5: <32 hexadecimal digits>`",
                at: fields.position
            )
        }
        return credentials
    }
}

extension ScalarType where Value == StoredCredential {
    fileprivate static func hash(of algorithm: DigestAlgorithm) -> ScalarType {
        let count = algorithm.byteCount * 2
        return ScalarType("\(count) hexadecimal digits") { text throws(ScalarFault) in
            guard let hash = HA1(hexadecimal: text, algorithm: algorithm) else {
                let message = "must be \(count) hexadecimal digits, not \(text.unicodeScalars.count) characters"
                throw ScalarFault(message, "give the hash of username:realm:password")
            }
            return StoredCredential(algorithm: algorithm.token, ha1: hash.hexadecimal)
        }
    }
}
