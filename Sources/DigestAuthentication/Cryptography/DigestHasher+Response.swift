// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The `:` between the parts of every digest input.
private let colon: UInt8 = 0x3A

extension DigestHasher {
    /// `H(username ":" realm ":" password)`, the stored part of a credential (RFC 7616 §3.4.2).
    func firstHash(
        _ algorithm: DigestAlgorithm,
        username: Span<UInt8>,
        realm: Span<UInt8>,
        password: Span<UInt8>
    ) -> HashValue {
        begin(algorithm)
        absorb(username)
        absorb(colon)
        absorb(realm)
        absorb(colon)
        absorb(password)
        return finish()
    }

    /// The response with `qop=auth` (RFC 7616 §3.4.1).
    ///
    /// `nonceCount` is the text as it was sent, since the sender hashed that.
    func response(
        to ha1: HA1,
        nonce: Span<UInt8>,
        nonceCount: Span<UInt8>,
        clientNonce: Span<UInt8>,
        method: Span<UInt8>,
        uri: Span<UInt8>
    ) -> HashValue {
        let second = secondHash(ha1.algorithm, method: method, uri: uri)
        startResponse(ha1, nonce: nonce)
        absorb(nonceCount)
        absorb(colon)
        absorb(clientNonce)
        absorb(colon)
        // qop-value "auth"
        absorb(0x61)
        absorb(0x75)
        absorb(0x74)
        absorb(0x68)
        absorb(colon)
        absorbHexadecimal(second, byteCount: ha1.algorithm.byteCount)
        return finish()
    }

    /// The response without `qop`, as RFC 2069 has it (RFC 2617 §3.2.2.1).
    func legacyResponse(to ha1: HA1, nonce: Span<UInt8>, method: Span<UInt8>, uri: Span<UInt8>) -> HashValue {
        let second = secondHash(ha1.algorithm, method: method, uri: uri)
        startResponse(ha1, nonce: nonce)
        absorbHexadecimal(second, byteCount: ha1.algorithm.byteCount)
        return finish()
    }

    private func secondHash(_ algorithm: DigestAlgorithm, method: Span<UInt8>, uri: Span<UInt8>) -> HashValue {
        begin(algorithm)
        absorb(method)
        absorb(colon)
        absorb(uri)
        return finish()
    }

    private func startResponse(_ ha1: HA1, nonce: Span<UInt8>) {
        begin(ha1.algorithm)
        absorbHexadecimal(ha1.value, byteCount: ha1.algorithm.byteCount)
        absorb(colon)
        absorb(nonce)
        absorb(colon)
    }
}
