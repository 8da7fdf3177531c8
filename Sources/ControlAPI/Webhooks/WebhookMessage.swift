// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import DigestAuthentication

/// An event as it goes out: its body, and the body's signature.
struct WebhookMessage: Hashable, Sendable {
    /// The JSON text.
    let body: String
    /// `sha256=` and the HMAC-SHA256 of the body in hexadecimal digits; nil without a key.
    let signature: String?

    /// Writes an event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - call: The call as it stood then.
    ///   - secret: The key of the signature; empty for none.
    /// - Throws: `CryptographyError` when the library lacks HMAC-SHA256.
    init(_ event: WebhookEvent, _ call: StoredCall, secret: String) throws {
        let value: JSONValue = ["type": .string(event.rawValue), "data": CallObject.json(call)]
        body = value.serialized
        signature = secret.isEmpty ? nil : try Self.signature(of: body, secret: secret)
    }

    /// The signature of a body.
    static func signature(of body: String, secret: String) throws -> String {
        let value = try HMACSHA256.authenticate(key: Array(secret.utf8), bytes: Array(body.utf8))
        var digits: [UInt8] = []
        value.appendHexadecimal(byteCount: HashValue.capacity, to: &digits)
        return "sha256=" + String(decoding: digits, as: UTF8.self)
    }
}
