// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DigestAuthentication
import Logging
import MonotonicTime
import SIPMessage
import SIPTransport

/// Proof that a request comes from an endpoint: only `Shard.authenticate` makes one.
struct AuthenticatedRequest {
    /// The request.
    let message: SIPMessage
    /// Where it came from.
    let source: ReceivedFrom
    /// Whose it is.
    let endpoint: Endpoint

    fileprivate init(message: SIPMessage, source: ReceivedFrom, endpoint: Endpoint) {
        self.message = message
        self.source = source
        self.endpoint = endpoint
    }
}

extension Shard {
    /// Finds out whose request this is; when it cannot, it has answered already.
    ///
    /// - Parameters:
    ///   - message: A request outside any dialog.
    ///   - source: Where it came from.
    ///   - asProxy: Whether to challenge with 407 (calls) or 401 (registrations), RFC 3261 §22.
    /// - Returns: The proof, or nil after an answer.
    func authenticate(_ message: SIPMessage, from source: ReceivedFrom, asProxy: Bool) -> AuthenticatedRequest? {
        let name: HeaderName = asProxy ? .proxyAuthorization : .authorization
        var sawCredentials = false
        for field in message.fields where field.name == name {
            guard let credentials = readCredentials(message, field) else { continue }
            let bytes = message.bytes
            guard bytes.span.equals(credentials.realm.range, context.realm) else { continue }
            sawCredentials = true
            guard let endpoint = verify(credentials, message, from: source, asProxy: asProxy) else { return nil }
            return AuthenticatedRequest(message: message, source: source, endpoint: endpoint)
        }
        if asProxy, !sawCredentials,
            let endpoint = policy.endpoint(at: IPAddressBits(high: source.peer.high, low: source.peer.low))
        {
            return AuthenticatedRequest(message: message, source: source, endpoint: endpoint)
        }
        challenge(message, from: source, asProxy: asProxy, isStale: false)
        return nil
    }

    private func readCredentials(_ message: SIPMessage, _ field: HeaderField) -> DigestCredentials? {
        try? DigestCredentials(parsing: message.bytes, in: field.value.indices)
    }

    private func verify(
        _ credentials: DigestCredentials,
        _ message: SIPMessage,
        from source: ReceivedFrom,
        asProxy: Bool
    ) -> Endpoint? {
        let username = credentials.usernameText
        let bytes = message.bytes
        guard case .request(_, let method, let uri) = message.startLine else { return nil }
        let outcome = verifier.verify(
            credentials,
            method: bytes.span.extracting(method.indices),
            requestURI: bytes.span.extracting(uri.whole.indices),
            stored: policy.credentials[username],
            at: now
        )
        switch outcome {
        case .accepted(let name):
            guard let endpoint = policy.snapshot.endpointsByUsername[name], endpoint.isEnabled else {
                answerStateless(message, from: source, 403, warning: "the endpoint is switched off")
                return nil
            }
            return endpoint
        case .stale:
            challenge(message, from: source, asProxy: asProxy, isStale: true)
        case .badRequest:
            answerStateless(
                message,
                from: source,
                400,
                warning: "the digest credentials lack qop=auth or name another URI"
            )
        case .wrongPassword, .unknownUser, .wrongRealm, .unsupportedAlgorithm, .missingHash:
            counters.refused["credentials", default: 0] += 1
            logRefusedCredentials(username, source)
            challenge(message, from: source, asProxy: asProxy, isStale: false)
        }
        return nil
    }

    private func logRefusedCredentials(_ username: String, _ source: ReceivedFrom) {
        guard context.logger.logLevel <= .notice else { return }
        context.logger.notice(
            "credentials refused",
            metadata: ["username": "\(username.prefix(64))", "from": "\(source.peer)"]
        )
    }

    /// Answers 401 or 407 with a fresh challenge for each algorithm (RFC 8760 §2.3); nothing is kept.
    private func challenge(_ message: SIPMessage, from source: ReceivedFrom, asProxy: Bool, isStale: Bool) {
        let template = ResponseTemplate(message, source: requestSource(source))
        var composer = template.start(status: asProxy ? 407 : 401, toTag: statelessTag())
        var lines: [UInt8] = []
        lines.reserveCapacity(256)
        verifier.appendChallengeFields(
            asProxy ? "Proxy-Authenticate" : "WWW-Authenticate",
            stale: isStale,
            at: now,
            to: &lines
        )
        composer.append(lines)
        composer.finish()
        send(composer.bytes, backTo: source, via: message.mandatory.via)
    }

    /// Answers a trunk's challenge with the trunk's credentials; never for a realm or trunk that has none.
    func answerChallenge(
        of trunk: Trunk,
        _ method: Method,
        _ uri: [UInt8],
        _ response: SIPMessage
    ) -> TrunkCredentials? {
        guard let username = trunk.username, let password = trunk.password else { return nil }
        let isProxy = response.status == 407
        let name: HeaderName = isProxy ? .proxyAuthenticate : .wwwAuthenticate
        let ranges = response.fields.filter { $0.name == name }.map { $0.value.indices }
        let secret = DigestSecret.password(password.revealed)
        guard let challenge = DigestResponder.select(from: response.bytes, ranges, for: secret) else { return nil }
        var clientNonce: [UInt8] = []
        var token = MessageComposer(capacity: 16)
        token.append(hexadecimal: mint.next())
        clientNonce = token.bytes
        let methodBytes = method.wireName.withUTF8Buffer { Array($0) }
        let value = try? responder.answer(
            challenge,
            username: username,
            secret: secret,
            method: methodBytes.span,
            uri: uri.span,
            clientNonce: clientNonce.span,
            nonceCount: 1
        )
        return value.map { TrunkCredentials(isProxy: isProxy, value: $0) }
    }
}

extension Span<UInt8> {
    /// Whether the range holds exactly this text.
    func equals(_ range: Range<Int>, _ text: String) -> Bool {
        guard range.count == text.utf8.count else { return false }
        var index = range.lowerBound
        for byte in text.utf8 {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
