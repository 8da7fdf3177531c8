// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The parts of a challenge that do not change, written once (RFC 7616 §3.3).
struct DigestChallengeTemplate: Sendable {
    private let beforeNonce: [UInt8]
    private let afterNonce: [UInt8]

    init(realm: [UInt8], algorithm: DigestAlgorithm) {
        beforeNonce = Array("Digest realm=\"".utf8) + realm + Array("\", nonce=\"".utf8)
        afterNonce = Array("\", qop=\"auth\", algorithm=\(algorithm.token)".utf8)
    }

    func append(nonce: Nonce, stale: Bool, to output: inout [UInt8]) {
        output.append(contentsOf: beforeNonce)
        nonce.append(to: &output)
        output.append(contentsOf: afterNonce)
        if stale {
            output.append(", stale=true")
        }
    }
}

extension [UInt8] {
    /// Appends the UTF-8 bytes of a literal.
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }
}
