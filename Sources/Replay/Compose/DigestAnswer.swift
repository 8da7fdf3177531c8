// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DigestAuthentication
import SIPMessage

/// Credentials that answer the challenges of one response (RFC 3261 §22.2, §22.3).
struct DigestAnswer {
    /// Whole header field lines, each ending in CRLF.
    private(set) var lines: [UInt8] = []
    /// The realms that are answered for, each with its header field.
    private(set) var realms: Set<String> = []
    /// Whether only the nonces were refused.
    private(set) var isStale = true

    /// Why there is no answer.
    struct Failure: Error {
        let text: String
    }

    enum Result {
        case success(DigestAnswer)
        case failure(String)
    }

    /// Answers one challenge of each realm: the topmost that can be answered (RFC 8760 §2.4).
    static func all(
        to response: SIPMessage,
        of request: SIPMessage,
        username: String,
        secrets: ReplaySecrets,
        responder: DigestResponder,
        clientNonce: [UInt8]
    ) -> Result {
        var answer = DigestAnswer()
        var problem = "the challenge cannot be read"
        for (name, reply) in [
            (HeaderName.wwwAuthenticate, "Authorization"), (.proxyAuthenticate, "Proxy-Authorization"),
        ] {
            for (realm, ranges) in challenges(response, name) where !answer.realms.contains("\(reply) \(realm)") {
                guard let secret = secrets.secret(of: username, realm: realm) else {
                    problem = "the stored secret of `\(username)` is for another realm than `\(realm)`"
                    continue
                }
                guard let challenge = DigestResponder.select(from: response.bytes, ranges, for: secret),
                    let value = value(challenge, username, secret, request, responder, clientNonce)
                else {
                    problem = "no challenge for `\(realm)` uses an algorithm that is known here"
                    continue
                }
                answer.realms.insert("\(reply) \(realm)")
                if !challenge.isStale { answer.isStale = false }
                answer.lines += Array("\(reply): ".utf8) + value + [13, 10]
            }
        }
        return answer.realms.isEmpty ? .failure(problem) : .success(answer)
    }

    /// Lines of credentials in a sent request for realms that are not answered anew.
    static func kept(of request: SIPMessage, without answer: DigestAnswer) -> [UInt8] {
        var lines: [UInt8] = []
        for field in request.fields where field.name == .authorization || field.name == .proxyAuthorization {
            guard let read = try? DigestCredentials(parsing: request.bytes, in: field.value.indices) else { continue }
            let realm = String(decoding: read.bytes[read.realm.range], as: UTF8.self)
            if answer.realms.contains("\(field.name.wireName) \(realm)") { continue }
            lines += Array("\(field.name.wireName): ".utf8) + request.copy(field.value) + [13, 10]
        }
        return lines
    }

    /// The challenges of a header field by realm, in the order in which realms occur.
    private static func challenges(_ response: SIPMessage, _ name: HeaderName) -> [(String, [Range<Int>])] {
        var found: [(String, [Range<Int>])] = []
        for field in response.fields where field.name == name {
            guard let read = try? DigestChallenge(parsing: response.bytes, in: field.value.indices) else { continue }
            if let place = found.firstIndex(where: { $0.0 == read.realmText }) {
                found[place].1.append(field.value.indices)
            } else {
                found.append((read.realmText, [field.value.indices]))
            }
        }
        return found
    }

    private static func value(
        _ challenge: DigestChallenge,
        _ username: String,
        _ secret: DigestSecret,
        _ request: SIPMessage,
        _ responder: DigestResponder,
        _ clientNonce: [UInt8]
    ) -> [UInt8]? {
        guard case .request(_, let name, let uri) = request.startLine else { return nil }
        let bytes = request.bytes
        return try? responder.answer(
            challenge,
            username: username,
            secret: secret,
            method: bytes.span.extracting(name.indices),
            uri: bytes.span.extracting(uri.whole.indices),
            clientNonce: clientNonce.span,
            nonceCount: 1
        )
    }
}
