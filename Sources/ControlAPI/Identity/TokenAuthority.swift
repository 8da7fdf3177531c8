// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import DigestAuthentication
import Foundation
import JWTKit
import MonotonicTime

/// What a token says.
struct TokenClaims: JWTPayload {
    /// Always `agent`; a token without it is an agent's, too.
    var type: String?
    /// The agent as it was when the token was made; only for clients to read.
    var agent: JSONValue
    /// When the token ends, as a text; `exp` says the same.
    var expire: String
    /// When the token ends, in seconds since 1970 (RFC 7519 §4.1.4).
    var exp: Int64
    /// When the token was made, in seconds since 1970.
    var iat: Int64
    /// The agent's identity.
    var sub: String
    /// Ties the token to the agent's password: a new password ends it.
    var fingerprint: String

    // The present is the gateway's own, so `TokenAuthority` compares the times.
    func verify(using algorithm: some JWTAlgorithm) {}
}

/// Makes and reads tokens: JSON web tokens signed by HMAC with SHA-256 (RFC 7515).
struct TokenAuthority: Sendable {
    private let secret: [UInt8]
    private let keys: JWTKeyCollection

    /// Takes the key, 32 octets.
    init(secret: [UInt8]) async {
        self.secret = secret
        keys = JWTKeyCollection()
        await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    }

    /// A token for an agent that has shown its password.
    func token(for agent: StoredAgent, from now: WallTime, lasting lifetime: Interval) async throws -> String {
        let end = WallTime(milliseconds: now.milliseconds + lifetime.milliseconds)
        let claims = TokenClaims(
            type: "agent",
            agent: AgentAnswer.json(agent),
            expire: Self.text(end),
            exp: end.milliseconds / 1000,
            iat: now.milliseconds / 1000,
            sub: agent.id.description,
            fingerprint: try fingerprint(of: agent)
        )
        return try await keys.sign(claims)
    }

    /// The claims of a token that is genuine and has not ended.
    func claims(_ token: String, at now: WallTime) async throws(APIError) -> TokenClaims {
        guard let claims = try? await keys.verify(token, as: TokenClaims.self), claims.type ?? "agent" == "agent",
            now.milliseconds < claims.exp.multipliedReportingOverflow(by: 1000).partialValue,
            Self.text(now) < claims.expire
        else { throw .invalidCredentials }
        return claims
    }

    /// What the token keeps of the agent's password: nothing that could be guessed from without the key.
    func fingerprint(of agent: StoredAgent) throws -> String {
        let bytes = Array("password:\(agent.passwordHash.revealed)".utf8)
        let code = try HMACSHA256.authenticate(key: secret, bytes: bytes)
        var digits: [UInt8] = []
        code.appendHexadecimal(byteCount: 8, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// A time with six digits behind the point, so that texts compare as times do.
    private static func text(_ time: WallTime) -> String {
        let text = Timestamp.text(time).dropLast()
        let parts = text.split(separator: ".")
        return "\(parts.first ?? "").\(parts.count == 2 ? String(parts[1]) : "000")000Z"
    }
}
