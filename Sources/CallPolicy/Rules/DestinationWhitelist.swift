// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 7, `destination.whitelist`: a telephone call may only go to a listed country.
///
/// No configuration, an empty list, and a number of no country all deny.
enum DestinationWhitelist {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        guard case .telephone(let number, let found) = evaluation.destination else {
            return .rejected(.internalError, .internalError)
        }
        guard let listed = evaluation.caller.customer.outbound?.destinationWhitelist, !listed.isEmpty else {
            return .rejected(.noWhitelist(number, found.country), .countryNotListed)
        }
        guard let country = found.country else { return .rejected(.countryUnknown(number), .countryNotListed) }
        guard listed.contains(country) else {
            return .rejected(.countryNotListed(number, country, among: listed), .countryNotListed)
        }
        return .passed(.countryListed(country))
    }
}
