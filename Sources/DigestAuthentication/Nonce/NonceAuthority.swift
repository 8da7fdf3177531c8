// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL
package import MonotonicTime

/// Mints and checks the nonces of one shard (RFC 7616 §3.3 `nonce`, §3.4.5, §5.4).
///
/// A nonce carries its own proof, so challenging costs no memory; only a nonce that a right response used is
/// remembered, for its nonce counts. An object belongs to one thread, and the instants passed in must come from one
/// clock.
package final class NonceAuthority {
    /// What became of a nonce.
    package enum Check: Hashable, Sendable {
        /// Valid, with a count not used before.
        case fresh
        /// Minted here but too old, dated ahead, of another shard, or dropped from a full table.
        case stale
        /// Valid, but the count was used before or lies below the window.
        case replayed
        /// Not minted under this key.
        case forged
    }

    /// How long nonces live and how many used ones are remembered.
    package struct Limits: Hashable, Sendable {
        /// The time for which a nonce is taken after it was minted.
        package var lifetime: Interval
        /// The most used nonces remembered at once; about 80 bytes each.
        package var capacity: Int

        /// Sets limits; the defaults are 300 seconds and 65 536 nonces.
        package init(lifetime: Interval = .seconds(300), capacity: Int = 65_536) {
            self.lifetime = lifetime
            self.capacity = capacity
        }
    }

    // Separates nonces from whatever else is authenticated under the same key.
    private static let purpose: UInt8 = 0x4E

    private let shard: UInt8
    private let limits: Limits
    private let hash: KeyedHash
    private let decodingTable = Base64URL.makeDecodingTable()
    private var uses: NonceUseTable
    private var serial: UInt32 = 0
    private var latest = Int64.min

    /// Prepares a shard's authority; all shards may share one key.
    ///
    /// Throws `CryptographyError` when the library lacks HMAC-SHA256.
    package init(key: SecretKey, shard: UInt8, limits: Limits = Limits()) throws(CryptographyError) {
        self.shard = shard
        self.limits = limits
        hash = try KeyedHash(key: key)
        uses = NonceUseTable(capacity: limits.capacity, lifetime: limits.lifetime.milliseconds)
    }

    /// How many used nonces are remembered.
    package var rememberedCount: Int { uses.count }

    /// A new nonce.
    package func mint(at now: Instant) -> Nonce {
        var content = NonceContent(milliseconds: now.milliseconds, shard: shard, serial: serial)
        serial &+= 1
        let code = authenticationCode(content)
        for index in 0..<NonceContent.codeCount {
            content.bytes[NonceContent.authenticatedCount &+ index] = code.storage[index]
        }
        return Nonce(content)
    }

    /// Checks a nonce and records the use of `nonceCount`, or the only use when that is nil.
    ///
    /// To be called after the response was found right, since a wrong one must not use up a count.
    package func check(_ characters: Span<UInt8>, nonceCount: UInt32?, at now: Instant) -> Check {
        guard let content = NonceContent(characters, table: decodingTable), isAuthentic(content) else {
            return .forged
        }
        latest = max(latest, now.milliseconds)
        let minted = content.milliseconds
        guard content.shard == shard, minted <= latest, latest &- minted < limits.lifetime.milliseconds else {
            return .stale
        }
        let identity = NonceIdentity(milliseconds: minted, serial: content.serial)
        return switch uses.use(identity, count: nonceCount, at: latest) {
        case .first, .again: .fresh
        case .replayed: .replayed
        case .dropped: .stale
        }
    }

    private func authenticationCode(_ content: borrowing NonceContent) -> HashValue {
        var input = InlineArray<14, UInt8>(repeating: NonceAuthority.purpose)
        for index in 0..<NonceContent.authenticatedCount {
            input[index &+ 1] = content.bytes[index]
        }
        return hash.authenticate(input.span)
    }

    private func isAuthentic(_ content: borrowing NonceContent) -> Bool {
        let expected = authenticationCode(content)
        return content.bytes.span.withUnsafeBytes { sent in
            expected.storage.span.withUnsafeBytes { code in
                let sentCode = UnsafeRawBufferPointer(rebasing: sent[NonceContent.authenticatedCount...])
                return CRYPTO_memcmp(sentCode.baseAddress, code.baseAddress, NonceContent.codeCount) == 0
            }
        }
    }
}
