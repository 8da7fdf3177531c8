// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 7, `destination.whitelist`: a telephone call may only go to a listed country.
///
/// No configuration, an empty list, and a number of no country all deny, but for a service without country that the
/// configuration opens by name beside its list.
enum DestinationWhitelist {
    static func judge(_ evaluation: borrowing Evaluation) -> RuleOutcome {
        guard case .telephone(let number, let found) = evaluation.destination else {
            return .rejected(.internalError, .internalError)
        }
        guard let outbound = evaluation.caller.customer.outbound, !outbound.destinationWhitelist.isEmpty else {
            return .rejected(.noWhitelist(number, found.country), .countryNotListed)
        }
        guard let country = found.country else {
            guard let special = found.special, case .callingCode = special, outbound.allowedSpecial.contains(special)
            else { return .rejected(.countryUnknown(number, found.special), .countryNotListed) }
            return .passed(.specialAllowed(special))
        }
        guard outbound.destinationWhitelist.contains(country) else {
            return .rejected(
                .countryNotListed(number, country, among: outbound.destinationWhitelist),
                .countryNotListed
            )
        }
        return .passed(.countryListed(country))
    }
}
