// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What verifying credentials came to (RFC 3261 §22.2, §22.3; RFC 7616 §3.4).
package enum DigestOutcome: Hashable, Sendable {
    /// The response is right and its nonce count was not used before.
    case accepted(username: String)
    /// The response is right but its nonce cannot be taken; challenge again with `stale=true`.
    case stale(StaleReason)
    /// The response does not fit the stored hash.
    case wrongPassword
    /// Nobody of that name has credentials.
    case unknownUser
    /// The credentials are for another realm.
    case wrongRealm
    /// The algorithm is not among those offered.
    case unsupportedAlgorithm
    /// The user is known, but no hash is stored for the algorithm.
    case missingHash(DigestAlgorithm)
    /// The credentials cannot be used; RFC 7616 §3.4 asks for 400 (Bad Request).
    case badRequest(BadRequestReason)

    /// Why a nonce was not taken.
    package enum StaleReason: Hashable, Sendable {
        /// Too old, of another shard, or dropped from a full table.
        case expired
        /// The nonce count was used before.
        case replayed
        /// Minted by another process, or by nobody.
        case unrecognised
    }

    /// Why credentials cannot be used.
    package enum BadRequestReason: Hashable, Sendable {
        /// There is no `qop`, and the form of RFC 2069 is not allowed.
        case missingQualityOfProtection
        /// `qop` is not `auth`.
        case unsupportedQualityOfProtection
        /// `uri` is not the Request-URI, and the policy asks for that.
        case uriMismatch
    }
}
