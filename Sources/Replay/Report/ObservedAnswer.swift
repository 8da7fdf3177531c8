// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SessionDescription

/// What came back to one request, in a capture or live.
package struct ObservedAnswer: Hashable, Sendable {
    /// The status of the final response; nil when there was none.
    package internal(set) var status: Int?
    /// The final response's reason phrase.
    package internal(set) var phrase = ""
    /// The statuses of provisional responses, 100 left out.
    package internal(set) var provisional: Set<Int> = []
    /// Who the answers say was reached: P-Asserted-Identity and Remote-Party-ID, each as `name: value`.
    package internal(set) var identities: [String] = []
    /// The codecs of the last session description in an answer to an INVITE: for each media its formats.
    package internal(set) var codecs: [String] = []
    /// The final response's Reason and Warning values.
    package internal(set) var reasons: [String] = []

    init() {}

    /// Whether the final response is a demand for credentials.
    package var isChallenge: Bool { status == 401 || status == 407 }

    mutating func add(_ response: SIPMessage) {
        readIdentities(response)
        readCodecs(response)
        guard response.status >= 200 else {
            if response.status > 100 { provisional.insert(response.status) }
            return
        }
        guard status == nil, case .response(let status, let reason) = response.startLine else { return }
        self.status = status
        phrase = response.text(reason)
        for field in response.fields where field.name == .reason || field.name == .warning {
            reasons.append(response.text(field.value))
        }
    }

    private mutating func readIdentities(_ response: SIPMessage) {
        for name in [HeaderName.pAssertedIdentity, .remotePartyID] {
            for element in response.elements(name) {
                let text = "\(name.wireName): \(response.text(element))"
                if !identities.contains(text), identities.count < 8 { identities.append(text) }
            }
        }
    }

    private mutating func readCodecs(_ response: SIPMessage) {
        guard response.mandatory.sequenceMethod == .invite, !response.body.isEmpty else { return }
        let body = response.copy(response.body)
        guard let session = try? SessionDescription(body) else { return }
        codecs = session.media.map { media in
            let kind = "\(media.kind)"
            guard media.isActive else { return "\(kind): refused" }
            let names = session.formats[media.formats].map { session.name(of: $0, in: body.span) }
            return "\(kind): \(names.joined(separator: " "))"
        }
    }
}
