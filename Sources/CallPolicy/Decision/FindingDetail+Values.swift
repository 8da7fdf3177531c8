// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import SessionDescription

extension FindingDetail {
    /// The values the rule used, as pairs of key and text, in a fixed order.
    package var values: [FindingValue] {
        destinationValues ?? customerValues ?? reachValues ?? limitValues ?? callerValues ?? legValues ?? []
    }

    private var destinationValues: [FindingValue]? {
        switch self {
        case .notForDestination(let kind): [FindingValue("destination_kind", kind.rawValue)]
        case .telephoneNumber(let number, let found, let reading):
            [
                FindingValue("destination", number), FindingValue("country", found.country?.description ?? ""),
                FindingValue("class", found.kind),
            ] + reading.values
        case .extensions(let name, let count):
            [FindingValue("destination", name.printable), FindingValue("endpoints", count)]
        case .sipURI(let text), .unknownExtension(let text), .schemeNotSupported(let text),
            .sipURINotPermitted(let text):
            [FindingValue("destination", text.printable)]
        case .extensionNotAssigned(let text, let pattern):
            [FindingValue("destination", text.printable), FindingValue("pattern", pattern)]
        case .notDialable(let text, let why):
            [FindingValue("destination", text.printable), FindingValue("why", why)]
        case .emergencyService(let service): [FindingValue("destination", service.text)]
        case .emergencyExempted(let service, let standIn):
            [FindingValue("destination", service.text)] + (standIn.map { [FindingValue("stands_in", $0)] } ?? [])
        case .emergencyNotPlaced(let service): [FindingValue("destination", service.text)]
        default: nil
        }
    }

    private var customerValues: [FindingValue]? {
        switch self {
        case .unknownEndpoint(let id), .endpointDisabled(let id): [FindingValue("endpoint", id)]
        case .unknownCustomer(let id): [FindingValue("customer", id)]
        case .customerStatus(let status): [FindingValue("status", status.rawValue)]
        case .verification(let status): [FindingValue("identity_verification_status", status.rawValue)]
        case .balance(let account):
            [
                FindingValue("credit_micros", account.creditMicros), FindingValue("tokens", account.tokens),
                FindingValue("unlimited", account.isUnlimited), FindingValue("active", account.isActive),
            ]
        default: nil
        }
    }

    private var reachValues: [FindingValue]? {
        switch self {
        case .countryListed(let country): [FindingValue("country", country)]
        case .countryNotListed(let number, let country, let listed):
            [
                FindingValue("destination", number), FindingValue("country", country),
                FindingValue("whitelist", listed.map(\.description).sorted().joined(separator: ",")),
            ]
        case .countryUnknown(let number, let special):
            [FindingValue("destination", number), FindingValue("country", "")]
                + (special.map { [FindingValue("special", $0)] } ?? [])
        case .specialAllowed(let special): [FindingValue("special", special)]
        case .noWhitelist(let number, let country):
            [
                FindingValue("destination", number), FindingValue("country", country?.description ?? ""),
                FindingValue("whitelist", ""),
            ]
        case .classAllowed(let kind): [FindingValue("class", kind)]
        case .classBlocked(let number, let kind, let country):
            [
                FindingValue("destination", number), FindingValue("class", kind),
                FindingValue("country", country?.description ?? ""),
            ]
        default: nil
        }
    }

    private var callerValues: [FindingValue]? {
        switch self {
        case .sourceTaken(let source), .sourceReplaced(let source): Self.values(of: source)
        case .noValidSource(let source, let defect):
            Self.values(of: source) + (defect.map { [FindingValue("default_defect", $0.rawValue)] } ?? [])
        case .callerShown(let cause): [FindingValue("anonymous", false), FindingValue("cause", cause.rawValue)]
        case .callerHidden(let cause, let missing):
            [
                FindingValue("anonymous", true), FindingValue("cause", cause.rawValue),
                FindingValue("not_given", missing.joined(separator: ",")),
            ]
        case .privacyNotGiven(let values), .criticalPrivacyImpossible(let values):
            [FindingValue("not_given", values.joined(separator: ","))]
        case .emergencyCallerShown: [FindingValue("anonymous", false), FindingValue("cause", "emergency")]
        default: nil
        }
    }

    private static func values(of source: SourceRecord) -> [FindingValue] {
        var values = [
            FindingValue("asked", source.asked?.description ?? ""), FindingValue("asked_by", source.askedBy.rawValue),
            FindingValue("resolved", source.resolved?.description ?? ""),
            FindingValue("resolved_by", source.resolvedBy.rawValue),
        ]
        if let defect = source.defect { values.append(FindingValue("defect", defect.rawValue)) }
        return values
    }

    private var legValues: [FindingValue]? {
        switch self {
        case .noOffer(let list), .codecsUnchanged(let list): [FindingValue("codecs", list)]
        case .codecsFiltered(let report): report.lines.map { FindingValue("line", $0) }
        case .noCodecLeft(let offered, let list):
            [FindingValue("offered", offered.joined(separator: ",")), FindingValue("codecs", list)]
        case .offerMalformed(let why, let line): [FindingValue("why", why), FindingValue("line", line)]
        case .routed(let count, let first, let down, let full):
            [FindingValue("trunk", first), FindingValue("trunks", count), FindingValue("down", down)]
                + (full > 0 ? [FindingValue("full", full)] : [])
        case .routedBy(let route, let count, let first, let down, let full):
            [
                FindingValue("trunk", first), FindingValue("trunks", count), FindingValue("down", down),
                FindingValue("route", route.id), FindingValue("target", route.target),
                FindingValue("customers", route.customer == nil ? "all" : "own"),
            ] + (full > 0 ? [FindingValue("full", full)] : [])
        case .noTrunkByRoutes(let count): [FindingValue("routes", count)]
        case .emergencyTrunksOnly(let count): [FindingValue("emergency_trunks", count)]
        case .allTrunksDown(let count): [FindingValue("down", count)]
        case .noTrunkFree(let down, let full): [FindingValue("down", down), FindingValue("full", full)]
        default: nil
        }
    }
}
