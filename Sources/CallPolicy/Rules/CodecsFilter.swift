// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription

/// Rule 12, `codecs.filter`: narrows the offer to the customer's list, on legs to extensions and SIP URIs only.
enum CodecsFilter {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        guard let list = evaluation.caller.customer.outbound?.codecs, !list.isEmpty else {
            return .skipped(.noCodecList)
        }
        guard let offer = evaluation.attempt.offer, !offer.body.isEmpty else { return .passed(.noOffer(list)) }
        switch CodecFilter.filter(offer.message, body: offer.body, contentType: offer.contentType, by: list) {
        case .unchanged:
            return .passed(.codecsUnchanged(list))
        case .filtered(let body, let report):
            evaluation.filteredOffer = body
            return .adjusted(.codecsFiltered(report))
        case .nothingLeft(let offered):
            return .rejected(.noCodecLeft(offered: offered, list), .codecsExhausted)
        case .malformed(let reason, let line):
            return .rejected(.offerMalformed(why: reason, line: line), .codecsExhausted)
        }
    }
}
