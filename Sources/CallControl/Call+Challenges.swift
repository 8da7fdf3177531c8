// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// A digest challenge as far as answering it once needs (RFC 3261 §22.4, RFC 7616 §3.3).
struct DigestChallenge: Hashable {
    let realm: [UInt8]
    let nonce: [UInt8]
    let isStale: Bool

    /// Reads one challenge; nil for another scheme than Digest, or without realm or nonce.
    init?(_ value: [UInt8]) {
        let span = value.span
        let start = span.trimmed(0..<value.count)
        let scheme = value[start].firstIndex { ASCII.isLinearWhitespace($0) } ?? start.upperBound
        guard span.equals(start.lowerBound..<scheme, ignoringCase: "Digest") else { return nil }
        var realm: [UInt8]?
        var nonce: [UInt8]?
        var isStale = false
        var cursor = ListCursor(scheme..<start.upperBound)
        while let element = cursor.next(span) {
            guard let equals = value[element].firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = span.trimmed(element.lowerBound..<equals)
            let text = span.trimmed((equals + 1)..<element.upperBound)
            if span.equals(name, ignoringCase: "realm") {
                realm = Array(value[text])
            } else if span.equals(name, ignoringCase: "nonce") {
                nonce = Array(value[text])
            } else if span.equals(name, ignoringCase: "stale") {
                isStale = span.equals(text, ignoringCase: "true") || span.equals(text, ignoringCase: "\"true\"")
            }
        }
        guard let realm, let nonce else { return nil }
        self.realm = realm
        self.nonce = nonce
        self.isStale = isStale
    }
}

/// The challenges of one request that were answered: the first, and one more whose nonce alone had grown old.
struct ChallengeAnswers {
    private var nonces: [[UInt8]] = []
    private var hasAnsweredStale = false

    /// Notes an answer to a response's challenges; false when they may not be answered.
    mutating func admit(_ challenges: [DigestChallenge]) -> Bool {
        guard !challenges.isEmpty else { return false }
        if !nonces.isEmpty {
            guard !hasAnsweredStale, challenges.allSatisfy({ $0.isStale && !nonces.contains($0.nonce) }) else {
                return false
            }
            hasAnsweredStale = true
        }
        nonces += challenges.map(\.nonce)
        return true
    }
}

/// A request that a trunk has challenged.
struct ChallengedRequest {
    let branch: Int
    let method: Method
    let uri: [UInt8]
    /// Where it went.
    let hop: NextHop
}

extension Call {
    /// Whether a response asks for credentials (RFC 3261 §22).
    static func isChallenge(_ response: SIPMessage) -> Bool {
        response.status == 401 || response.status == 407
    }

    /// A request inside the dialog with a trunk.
    func challenged(_ method: Method, _ pair: Int) -> ChallengedRequest {
        ChallengedRequest(
            branch: pairs[pair].branch,
            method: method,
            uri: pairs[pair].outbound.target,
            hop: pairs[pair].outbound.hop
        )
    }

    /// The answer to a trunk's challenge; nil when it is not answered: the trunk has no credentials or is no more, the
    /// request went to a host that is not the trunk's, a realm is another than the first that the trunk asked under in
    /// this call, or this request was answered for before.
    mutating func credentials(
        _ request: ChallengedRequest,
        _ response: SIPMessage,
        _ answers: inout ChallengeAnswers,
        _ context: CallContext
    ) -> TrunkCredentials? {
        guard let trunk = branches[request.branch].trunk, trunk.owns(host: request.hop.name ?? request.hop.host) else {
            return nil
        }
        let name: HeaderName = response.status == 407 ? .proxyAuthenticate : .wwwAuthenticate
        let challenges = response.fields.filter { $0.name == name }
            .compactMap { DigestChallenge(response.unfolded($0.value)) }
        guard let realm = realms[trunk.id] ?? challenges.first?.realm,
            challenges.allSatisfy({ $0.realm == realm }), answers.admit(challenges),
            let credentials = context.credentials(trunk, request.method, request.uri, response)
        else { return nil }
        realms[trunk.id] = realm
        return credentials
    }
}
