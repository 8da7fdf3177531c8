// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// What becomes of a header field that could say who sends it, when who sends it is hidden.
enum PrivacyTreatment: Hashable {
    /// The gateway writes its own on each leg, whatever came in: nothing of the sender's is ever in it.
    case own
    /// It crosses toward nobody.
    case withheld
    /// It crosses, but not from a sender who is hidden.
    case dropped
}

/// RFC 5379 Table 1, by header field: what the RFC recommends for each priv-value, and how this gateway does it.
///
/// Whoever asks for any of `id`, `user` and `header` is hidden altogether, and gets the strictest treatment of the three;
/// RFC 5379 §5.1.4 lets a privacy service go that far. `session` needs a media relay, which there is none of: beside
/// `critical` it refuses the call, else the decision's findings say that it was not given. `history` takes nothing away
/// that is not withheld anyway.
enum PrivacyTable {
    /// A row of the table.
    struct Row {
        let name: HeaderName
        /// The priv-values that the RFC has the header field deleted or anonymised for.
        let values: PrivacyRequest.Tokens
    }

    /// The rows of RFC 5379 Table 1, in its order.
    static let rows: [Row] = [
        Row(name: .callID, values: .user),
        Row(name: .callInfo, values: [.user, .header]),
        Row(name: .contact, values: .header),
        Row(name: .from, values: .user),
        Row(name: .historyInfo, values: [.header, .session, .history]),
        Row(name: .inReplyTo, values: .user),
        Row(name: .organization, values: [.user, .header]),
        Row(name: .pAssertedIdentity, values: [.header, .id]),
        Row(name: .recordRoute, values: .header),
        Row(name: .referredBy, values: .user),
        Row(name: .replyTo, values: .user),
        Row(name: .server, values: [.user, .header]),
        Row(name: .subject, values: .user),
        Row(name: .userAgent, values: .user),
        Row(name: .via, values: .header),
        Row(name: .warning, values: .user),
    ]

    /// The treatment of a header field of a hidden sender; nil for one that says nothing of who sends it.
    static func treatment(of name: HeaderName) -> PrivacyTreatment? {
        switch name {
        case .callID, .contact, .from, .recordRoute, .via: .own
        case .historyInfo, .referredBy, .identity, .identityInfo, .diversion, .pPreferredIdentity: .withheld
        case .callInfo, .inReplyTo, .organization, .pAssertedIdentity, .remotePartyID, .replyTo, .server, .subject,
            .userAgent, .warning:
            .dropped
        // Not in the RFC's table, but their values may hold the sender's host, or words of its own (Retry-After in a
        // comment).
        case .alertInfo, .contentID, .reason, .retryAfter: .dropped
        default: nil
        }
    }
}
