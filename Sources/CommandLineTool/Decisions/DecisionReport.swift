// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A decision as `tollgate decide --json` prints it; keys are in snake case there, and absent values left out.
package struct DecisionReport: Encodable, Hashable, Sendable {
    /// `approved` or `rejected`.
    package var verdict: String
    /// The calling endpoint's user name; absent for a call of the control API.
    package var endpoint: String?
    /// The customer's name; absent when the caller is not known.
    package var customer: String?
    /// Where the call goes; absent when it is rejected.
    package var destination: Destination?
    /// The answer to the caller; absent when the call is approved.
    package var rejection: Rejection?
    /// The caller's number as asked for and as resolved; absent when the call is rejected.
    package var source: Source?
    /// Whether the callee sees no caller; absent when the call is rejected.
    package var isAnonymous: Bool?
    /// What each trunk on the route, or each other peer, is sent, in the order of attempts.
    package var legs: [Leg] = []
    /// What each rule found, in order, up to the one that rejected.
    package var findings: [FindingEntry] = []

    /// Where a call goes.
    package struct Destination: Encodable, Hashable, Sendable {
        /// `tel`, `extension`, `sip` or `emergency`.
        package var kind: String
        /// The canonical number, the user names of the endpoints, the URI, or the emergency service.
        package var text: String
        /// The country of a telephone number.
        package var country: String?
        /// The class of a telephone number; `class` in JSON.
        package var numberClass: String?

        private enum CodingKeys: String, CodingKey {
            case kind
            case text
            case country
            case numberClass = "class"
        }
    }

    /// The answer to a rejected call, on the SIP side and in the control API.
    package struct Rejection: Encodable, Hashable, Sendable {
        /// The rule that rejected.
        package var rule: String
        /// The SIP status.
        package var status: Int
        /// Its reason phrase.
        package var reasonPhrase: String
        /// The Q.850 cause in Reason; `q850_cause` in JSON.
        package var cause: Int
        /// The code in Warning.
        package var warningCode: Int
        /// Seconds in Retry-After.
        package var retryAfter: Int?
        /// The status of the control API.
        package var apiStatus: Int
        /// The reason of the control API.
        package var apiReason: String
        /// The text of Reason and Warning.
        package var text: String

        private enum CodingKeys: String, CodingKey {
            case rule
            case status
            case reasonPhrase
            case cause = "q850Cause"
            case warningCode
            case retryAfter
            case apiStatus
            case apiReason
            case text
        }
    }

    /// The caller's number.
    package struct Source: Encodable, Hashable, Sendable {
        /// The number asked for.
        package var asked: String?
        /// Where it stood.
        package var askedBy: String
        /// Why it was not taken.
        package var defect: String?
        /// The number the call stands under.
        package var resolved: String?
        /// Where that came from.
        package var resolvedBy: String
    }

    /// What one peer is sent.
    package struct Leg: Encodable, Hashable, Sendable {
        /// The trunk's name; absent on a leg to an endpoint or a SIP URI.
        package var trunk: String?
        /// The endpoint's user name or the URI; absent on a leg to a trunk.
        package var peer: String?
        /// The trunk's host, port and transport, as in `udp:192.0.2.1:5060`.
        package var address: String?
        /// Whether the peer is inside the trust domain of RFC 3325.
        package var isTrusted: Bool
        /// The From header field without its tag.
        package var from: String
        /// The P-Asserted-Identity header field; absent when none is sent.
        package var pAssertedIdentity: String?
        /// The Privacy header field; absent when none is sent.
        package var privacy: String?
        /// P-Preferred-Identity, Remote-Party-ID and Diversion as they stand; absent when none of them is sent.
        package var otherIdentity: [String]?
        /// What becomes of the offer's codecs; absent without an offer.
        package var codecs: [Codecs]?
    }

    /// The codecs of a medium.
    package struct Codecs: Encodable, Hashable, Sendable {
        /// `audio`, `video` or `text`.
        package var media: String
        /// The encoding names offered.
        package var before: [String]
        /// The encoding names that go on; empty when the peer is offered nothing.
        package var after: [String]
    }

    /// What one rule found.
    package struct FindingEntry: Encodable, Hashable, Sendable {
        /// The rule.
        package var rule: String
        /// `passed`, `adjusted`, `skipped` or `rejected`.
        package var outcome: String
        /// Why, in words.
        package var reason: String
        /// The values the rule used; absent when it used none.
        package var values: [String: String]?
    }
}
