// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A refusal: what both the SIP side and the control API answer, and why.
package struct Rejection: Hashable, Sendable {
    /// The rule that refused.
    package let rule: RuleIdentifier
    /// The numbers and names of the answer.
    package let answer: RejectionAnswer
    /// Why, with the values the rule used.
    package let detail: FindingDetail

    init(rule: RuleIdentifier, answer: RejectionAnswer, detail: FindingDetail) {
        self.rule = rule
        self.answer = answer
        self.detail = detail
    }

    /// The SIP status, 400 to 599.
    package var status: Int { answer.status }
    /// The SIP reason phrase; for a privacy failure it names what cannot be given (RFC 3323 §5).
    package var reasonPhrase: String {
        if case .criticalPrivacyImpossible = detail { return text }
        return answer.reasonPhrase
    }
    /// The cause for the Reason header field (RFC 3326), of Q.850.
    package var q850Cause: Int { answer.q850Cause }
    /// The code for the Warning header field (RFC 3261 §20.43).
    package var warningCode: Int { answer.warningCode }
    /// Seconds for the Retry-After header field; nil sends none.
    package var retryAfter: Int? {
        guard let event = limitEvent else { return answer.retryAfter }
        // Nobody knows when another call ends; not at once is all there is to say.
        return event.retryAfter ?? (event.kind == .concurrentCalls ? 5 : nil)
    }
    /// The limit that refused; nil when another rule did.
    package var limitEvent: LimitEvent? {
        if case .limitReached(let event, _, _) = detail { event } else { nil }
    }
    /// The status the control API answers with.
    package var apiStatus: Int { answer.apiStatus }
    /// The reason the control API answers with, in upper snake case.
    package var apiReason: String { answer.apiReason }

    /// The text for Reason and Warning, in words a person can act on. It is printable ASCII without quotation marks and
    /// backslashes, so that it may stand in a quoted string as it is.
    package var text: String {
        let bytes = detail.reason.utf8.lazy.filter { $0 < 0x80 }.map { $0.isQuotable ? $0 : UInt8(ascii: "?") }
        return String(decoding: Array(bytes), as: UTF8.self)
    }
}

/// The answers that refuse a call; one byte, since a decision carries it through every rule.
package enum RejectionAnswer: UInt8, Hashable, Sendable, CaseIterable {
    case unknownExtension
    case notDialable
    case schemeNotSupported
    case sipURINotPermitted
    case emergencyNotPlaced
    case callerUnknown
    case customerNotActive
    case identityNotVerified
    case balanceInsufficient
    case limitReached
    case countryNotListed
    case classBlocked
    case sourceNotValid
    case privacyImpossible
    case codecsExhausted
    case noTrunk
    case allTrunksDown
    case internalError

    /// The SIP status, 400 to 599.
    package var status: Int { values.status }
    /// The SIP reason phrase of that status.
    package var reasonPhrase: String { values.reasonPhrase }
    /// The Q.850 cause.
    package var q850Cause: Int { values.cause }
    /// The status of the control API.
    package var apiStatus: Int { values.api.status }
    /// The reason of the control API.
    package var apiReason: String { values.api.reason }
    /// The Warning code: 305 for codecs, 399 for all else.
    package var warningCode: Int { self == .codecsExhausted ? 305 : 399 }

    /// Seconds to wait; nil when waiting does not help, or the limit that was reached says how long.
    package var retryAfter: Int? { self == .allTrunksDown ? 5 : nil }

    private typealias Values = (status: Int, reasonPhrase: String, cause: Int, api: (status: Int, reason: String))

    private var values: Values {
        switch self {
        case .unknownExtension: (404, "Not Found", 1, (404, "RESOURCE_NOT_FOUND"))
        case .notDialable: (484, "Address Incomplete", 28, (400, "INVALID_ARGUMENT"))
        case .schemeNotSupported: (416, "Unsupported URI Scheme", 28, (400, "INVALID_ARGUMENT"))
        case .sipURINotPermitted: (403, "Forbidden", 21, (403, "PERMISSION_DENIED"))
        case .emergencyNotPlaced: (403, "Forbidden", 21, (403, "EMERGENCY_NOT_ALLOWED"))
        case .callerUnknown: (403, "Forbidden", 21, (403, "PERMISSION_DENIED"))
        case .customerNotActive: (403, "Forbidden", 21, (403, "CUSTOMER_NOT_ACTIVE"))
        case .identityNotVerified: (403, "Forbidden", 21, (403, "IDENTITY_VERIFICATION_REQUIRED"))
        case .balanceInsufficient: (402, "Payment Required", 21, (402, "INSUFFICIENT_BALANCE"))
        case .limitReached: (403, "Forbidden", 21, (429, "RATE_LIMIT_EXCEEDED"))
        case .countryNotListed: (403, "Forbidden", 52, (400, "DESTINATION_NOT_WHITELISTED"))
        case .classBlocked: (403, "Forbidden", 52, (400, "DESTINATION_CLASS_NOT_ALLOWED"))
        case .sourceNotValid: (403, "Forbidden", 21, (400, "SOURCE_NOT_OWNED"))
        case .privacyImpossible: (500, "Server Internal Error", 79, (500, "INTERNAL"))
        case .codecsExhausted: (488, "Not Acceptable Here", 65, (400, "INVALID_CODECS"))
        case .noTrunk: (404, "Not Found", 3, (503, "NO_ROUTE"))
        case .allTrunksDown: (503, "Service Unavailable", 38, (503, "NO_ROUTE"))
        case .internalError: (500, "Server Internal Error", 41, (500, "INTERNAL"))
        }
    }
}
