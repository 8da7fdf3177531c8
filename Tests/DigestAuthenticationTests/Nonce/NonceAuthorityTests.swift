// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import Testing

@testable import DigestAuthentication

@Suite("Nonces")
struct NonceAuthorityTests {
    private let key: SecretKey
    private let start = Instant(milliseconds: 5_000_000)

    init() throws {
        key = try SecretKey.random()
    }

    private func makeAuthority(shard: UInt8 = 3, capacity: Int = 64) throws -> NonceAuthority {
        try NonceAuthority(key: key, shard: shard, limits: .init(lifetime: .seconds(300), capacity: capacity))
    }

    @Test("RFC 7616 §3.3 a nonce fits a quoted string and is minted once")
    func form() throws {
        let authority = try makeAuthority()
        var seen: Set<[UInt8]> = []
        for _ in 0..<500 {
            var text: [UInt8] = []
            authority.mint(at: start).append(to: &text)
            #expect(text.count == Nonce.length && text.allSatisfy(\.isTokenCharacter))
            seen.insert(text)
        }
        #expect(seen.count == 500)
        #expect(authority.rememberedCount == 0)
    }

    @Test("RFC 7616 §3.4.5 a nonce count is taken once, out of order within the window")
    func window() throws {
        let authority = try makeAuthority()
        let nonce = authority.mint(at: start)
        func check(_ count: UInt32) -> NonceAuthority.Check {
            authority.check(nonce.characters.span, nonceCount: count, at: start)
        }
        #expect(check(2) == .fresh)
        #expect(check(2) == .replayed)
        #expect(check(1) == .fresh)
        #expect(check(1) == .replayed)
        #expect(check(65) == .fresh)
        #expect(check(2) == .replayed)
        #expect(check(1) == .replayed)
        #expect(check(3) == .fresh)
        #expect(check(200) == .fresh)
        #expect(check(136) == .replayed)
        #expect(check(137) == .fresh)
        #expect(check(.max) == .fresh)
        #expect(check(.max) == .replayed)
        #expect(check(.max - 63) == .fresh)
        #expect(check(.max - 64) == .replayed)
    }

    @Test("RFC 7616 §3.3 stale after its lifetime, and dated ahead")
    func lifetime() throws {
        let authority = try makeAuthority()
        let nonce = authority.mint(at: start + .milliseconds(1))
        #expect(authority.check(nonce.characters.span, nonceCount: 1, at: start) == .stale)
        let last = start + .milliseconds(300_000)
        #expect(authority.check(nonce.characters.span, nonceCount: 1, at: last) == .fresh)
        #expect(authority.check(nonce.characters.span, nonceCount: 2, at: last + .milliseconds(1)) == .stale)
        #expect(authority.check(nonce.characters.span, nonceCount: 3, at: last) == .stale)
    }

    @Test("A nonce of another shard is stale, under another key forged")
    func origin() throws {
        let nonce = try makeAuthority(shard: 4).mint(at: start)
        #expect(try makeAuthority(shard: 3).check(nonce.characters.span, nonceCount: 1, at: start) == .stale)
        let stranger = try NonceAuthority(key: .random(), shard: 4)
        #expect(stranger.check(nonce.characters.span, nonceCount: 1, at: start) == .forged)
    }

    @Test("RFC 7616 §5.4 any changed character forges")
    func forgery() throws {
        let authority = try makeAuthority()
        let nonce = authority.mint(at: start)
        var text: [UInt8] = []
        nonce.append(to: &text)
        for index in text.indices {
            for replacement: UInt8 in [0x41, 0x42, 0x2B, 0x00, 0xFF] where replacement != text[index] {
                var changed = text
                changed[index] = replacement
                #expect(authority.check(changed.span, nonceCount: 1, at: start) == .forged)
            }
        }
        for length in 0..<text.count {
            #expect(authority.check(Array(text.prefix(length)).span, nonceCount: 1, at: start) == .forged)
        }
        #expect(authority.check((text + [0x41]).span, nonceCount: 1, at: start) == .forged)
        #expect(authority.rememberedCount == 0)
        #expect(authority.check(text.span, nonceCount: 1, at: start) == .fresh)
    }

    @Test("RFC 3261 §22.4 (8) without qop a nonce serves once")
    func singleUse() throws {
        let authority = try makeAuthority()
        let nonce = authority.mint(at: start)
        #expect(authority.check(nonce.characters.span, nonceCount: nil, at: start) == .fresh)
        #expect(authority.check(nonce.characters.span, nonceCount: nil, at: start) == .replayed)
        #expect(authority.check(nonce.characters.span, nonceCount: 1, at: start) == .replayed)
        #expect(authority.check(nonce.characters.span, nonceCount: .max, at: start) == .replayed)
        let counted = authority.mint(at: start)
        #expect(authority.check(counted.characters.span, nonceCount: 1, at: start) == .fresh)
        #expect(authority.check(counted.characters.span, nonceCount: nil, at: start) == .replayed)
    }

    @Test("A full table drops the oldest, which is stale from then on and never accepted again")
    func eviction() throws {
        let authority = try makeAuthority(capacity: 4)
        var nonces: [Nonce] = []
        for step in 0..<10 {
            let now = start + .milliseconds(Int64(step))
            let nonce = authority.mint(at: now)
            nonces.append(nonce)
            #expect(authority.check(nonce.characters.span, nonceCount: 1, at: now) == .fresh)
            #expect(authority.rememberedCount == min(step + 1, 4))
        }
        let now = start + .milliseconds(20)
        for nonce in nonces.prefix(6) {
            #expect(authority.check(nonce.characters.span, nonceCount: 1, at: now) == .stale)
            #expect(authority.check(nonce.characters.span, nonceCount: 2, at: now) == .stale)
        }
        for nonce in nonces.suffix(4) {
            #expect(authority.check(nonce.characters.span, nonceCount: 1, at: now) == .replayed)
            #expect(authority.check(nonce.characters.span, nonceCount: 2, at: now) == .fresh)
        }
    }

    @Test("Expired nonces leave the table as new ones come")
    func expiry() throws {
        let authority = try makeAuthority(capacity: 8)
        for _ in 0..<8 {
            let nonce = authority.mint(at: start)
            #expect(authority.check(nonce.characters.span, nonceCount: 1, at: start) == .fresh)
        }
        let later = start + .seconds(301)
        let unusedEarlier = authority.mint(at: start + .seconds(2))
        for remembered in [7, 6, 5, 4, 5] {
            let nonce = authority.mint(at: later)
            #expect(authority.check(nonce.characters.span, nonceCount: 1, at: later) == .fresh)
            #expect(authority.rememberedCount == remembered)
        }
        // Nothing was dropped before its time, so an unused nonce still serves.
        #expect(authority.check(unusedEarlier.characters.span, nonceCount: 1, at: later) == .fresh)
    }
}
