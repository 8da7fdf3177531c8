// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Answers the challenges of a trunk (RFC 3261 §22.2, §22.3; RFC 8760 §2.4).
///
/// An object belongs to one thread.
package final class DigestResponder {
    /// Why there is no answer.
    package enum Failure: Error, Hashable, Sendable {
        /// The challenge asks for an algorithm or a quality of protection that is not supported.
        case unsupportedChallenge
        /// The secret holds no hash for the challenge's algorithm.
        case missingHash
        /// The user's name, the URI or the client nonce holds a character that cannot be written.
        case invalidCharacter
    }

    private let hasher: DigestHasher

    /// Prepares the hashes.
    ///
    /// Throws `CryptographyError` when the library lacks one of them.
    package init() throws(CryptographyError) {
        hasher = try DigestHasher()
    }

    /// The topmost challenge that can be answered with the secret; nil when there is none.
    ///
    /// `ranges` are field values in the order of the message, whose order is the server's preference (RFC 8760 §2.4).
    /// A value that cannot be parsed or is of another scheme is passed over. The caller compares the realm before it
    /// answers.
    package static func select(
        from bytes: [UInt8],
        _ ranges: [Range<Int>],
        for secret: DigestSecret
    ) -> DigestChallenge? {
        for range in ranges {
            guard let challenge = try? DigestChallenge(parsing: bytes, in: range), challenge.isAnswerable else {
                continue
            }
            if let algorithm = challenge.algorithm, secret.supports(algorithm) {
                return challenge
            }
        }
        return nil
    }

    /// The value of an `Authorization` or `Proxy-Authorization` field that answers a challenge.
    ///
    /// `nonceCount` is 1 for the first answer to a nonce and one more for each that follows. `clientNonce` is fresh
    /// random text for each answer; both go unused when the challenge has no `qop`. Throws `Failure`.
    package func answer(
        _ challenge: DigestChallenge,
        username: String,
        secret: DigestSecret,
        method: Span<UInt8>,
        uri: Span<UInt8>,
        clientNonce: Span<UInt8>,
        nonceCount: UInt32
    ) throws(Failure) -> [UInt8] {
        guard let algorithm = challenge.algorithm, challenge.isAnswerable else { throw .unsupportedChallenge }
        let name = Array(username.utf8)
        guard isWritable(name.span), isPlain(uri), isPlain(clientNonce) else { throw .invalidCharacter }
        let bytes = challenge.bytes.span
        let realm = bytes.extracting(challenge.realm.range)
        let nonce = bytes.extracting(challenge.nonce.range)
        guard let ha1 = secret.hash(algorithm, username: name.span, realm: realm, hasher: hasher) else {
            throw .missingHash
        }
        var output = start(name, realm: realm, nonce: nonce, uri: uri)
        let response: HashValue
        if challenge.offersAuth {
            let count = DigestResponder.text(of: nonceCount)
            response = hasher.response(
                to: ha1,
                nonce: nonce,
                nonceCount: count.span,
                clientNonce: clientNonce,
                method: method,
                uri: uri
            )
            output.appendQuality(clientNonce: clientNonce, nonceCount: count.span)
        } else {
            response = hasher.legacyResponse(to: ha1, nonce: nonce, method: method, uri: uri)
        }
        output.append(", response=\"")
        response.appendHexadecimal(byteCount: algorithm.byteCount, to: &output)
        output.append("\"")
        finish(challenge, algorithm: algorithm, output: &output)
        return output
    }

    private func start(_ name: [UInt8], realm: Span<UInt8>, nonce: Span<UInt8>, uri: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        output.append("Digest username=\"")
        for byte in name {
            if byte == 0x22 || byte == 0x5C {
                output.append(0x5C)
            }
            output.append(byte)
        }
        output.append("\", realm=\"")
        output.append(realm)
        output.append("\", nonce=\"")
        output.append(nonce)
        output.append("\", uri=\"")
        output.append(uri)
        output.append("\"")
        return output
    }

    private func finish(_ challenge: DigestChallenge, algorithm: DigestAlgorithm, output: inout [UInt8]) {
        if challenge.namesAlgorithm {
            output.append(", algorithm=")
            output.append(contentsOf: algorithm.token.utf8)
        }
        if let opaque = challenge.opaque {
            output.append(", opaque=\"")
            output.append(challenge.bytes.span.extracting(opaque.range))
            output.append("\"")
        }
    }

    private static func text(of nonceCount: UInt32) -> [UInt8] {
        (0..<8).map { Hexadecimal.digit(UInt8(truncatingIfNeeded: nonceCount >> UInt32(28 &- 4 &* $0))) }
    }

    // The user's name is escaped where it must be; a control character would break the message apart.
    private func isWritable(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F {
            return false
        }
        return true
    }

    // What is hashed as it stands must stand without escapes, since implementations hash those differently.
    private func isPlain(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where bytes[index] == 0x22 || bytes[index] == 0x5C {
            return false
        }
        return isWritable(bytes)
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ bytes: Span<UInt8>) {
        for index in bytes.indices {
            append(bytes[index])
        }
    }

    fileprivate mutating func appendQuality(clientNonce: Span<UInt8>, nonceCount: Span<UInt8>) {
        append(", qop=auth, nc=")
        append(nonceCount)
        append(", cnonce=\"")
        append(clientNonce)
        append("\"")
    }
}
