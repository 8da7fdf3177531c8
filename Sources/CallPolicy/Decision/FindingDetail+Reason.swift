// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import SessionDescription

extension FindingDetail {
    /// The reason in words a voice engineer can act on; without a final period.
    package var reason: String {
        generalReason ?? destinationReason ?? customerReason ?? reachReason ?? limitReason ?? callerReason ?? legReason
            ?? ""
    }

    private var generalReason: String? {
        switch self {
        case .notForDestination(let kind): "does not apply to \(kind.rawValue) destinations"
        case .waivedForEmergency: "waived for an emergency call"
        case .internalError: "the rule left no result, so the call is refused"
        case .notEmergency: "not an emergency call"
        case .emergencyExempted(let service, let standIn):
            "\(service.text) is an emergency call: account, destination, limit, source and codec rules are waived"
                + (standIn.map { "; \($0) stands for it on trunks that take no service URNs" } ?? "")
        case .emergencyNotPlaced(let service):
            "\(service.text) is an emergency service; only a telephone may call it, the control API may not"
        default: nil
        }
    }

    private var destinationReason: String? {
        switch self {
        case .telephoneNumber(let number, let found, let reading):
            "\(number) is a \(found.kind) number in \(found.country?.description ?? "no country")"
                + (reading == .asDialled ? "" : ", \(reading.words)")
        case .extensions(let name, let count):
            "`\(name.printable)` is an extension of the customer (endpoints: \(count))"
        case .sipURI(let uri): "`\(uri.printable)` is a SIP URI elsewhere"
        case .emergencyService(let service): "\(service.text) is an emergency service"
        case .unknownExtension(let name):
            "`\(name.printable)` is neither an extension of the customer nor an international number"
        case .extensionNotAssigned(let name, let pattern):
            "`\(name.printable)` matches the extension pattern \(pattern), and no endpoint of the customer has it"
        case .notDialable(let name, let why): "`\(name.printable)` is not a dialable number: \(why)"
        case .schemeNotSupported(let uri): "`\(uri.printable)` has a URI scheme that cannot be called"
        case .sipURINotPermitted(let uri):
            "`\(uri.printable)` is outside this deployment, and the customer may not call SIP URIs elsewhere"
        default: nil
        }
    }

    private var customerReason: String? {
        switch self {
        case .unknownEndpoint(let id): "endpoint \(id) is not known"
        case .unknownCustomer(let id): "customer \(id) is not known"
        case .endpointDisabled(let id): "endpoint \(id) is disabled"
        case .customerStatus(.active): "the customer is active"
        case .customerStatus(let status): "the customer is \(status.rawValue), not active"
        case .verificationNotDemanded: "the deployment does not demand a verified identity"
        case .verification(.verified): "the customer's identity is verified"
        case .verification(let status):
            "telephone calls need a verified identity, and the customer's verification status is \(status.rawValue)"
        case .notMetered: "the customer has no billing account and is not metered"
        case .balance(let account): Self.balanceReason(account)
        default: nil
        }
    }

    private static func balanceReason(_ account: BillingAccount) -> String {
        if account.admitsCall { return "the billing account admits one more call" }
        guard account.isActive else { return "the billing account is not active" }
        return "the balance is insufficient: \(account.creditMicros) millionths of a dollar and no tokens, "
            + "and a call needs \(BillingAccount.minimumCredit)"
    }

    private var reachReason: String? {
        switch self {
        case .countryListed(let country): "\(country) is among the whitelisted countries"
        case .countryNotListed(let number, let country, let listed):
            "outbound destination country not whitelisted: destination \(number) is in \(country), "
                + "which is not among the whitelisted countries (\(Self.words(listed)))"
        case .countryUnknown(let number, let special):
            "outbound destination country not whitelisted: destination \(number) belongs to no country"
                + Self.opening(special)
        case .specialAllowed(let special):
            "the customer's configuration opens \(special.service) numbers (`allowed_special: [\(special)]`)"
        case .noWhitelist(let number, let country):
            "outbound destination country not whitelisted: destination \(number) is in "
                + "\(country?.description ?? "no country"), and the customer has no whitelisted countries"
        case .classAllowed(let kind): "\(kind) numbers may be called"
        case .classBlocked(let number, let kind, let country):
            "destination \(number) is a \(kind) number in \(country?.description ?? "no country"), which stays closed "
                + "until the customer's configuration opens it (`allowed_special: [\(kind)]`)"
        default: nil
        }
    }

    /// What would open a service without country; empty where no word does.
    private static func opening(_ special: SpecialDestination?) -> String {
        guard let special, SpecialDestination.opened(by: special.description) != nil else { return "" }
        return " but to the service \(special.service), which stays closed until the customer's configuration opens it "
            + "(`allowed_special: [\(special)]`)"
    }

    private static func words(_ countries: Set<Country>) -> String {
        let names = countries.map(\.description).sorted()
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }

    private var callerReason: String? {
        switch self {
        case .sourceTaken(let source):
            "\(source.resolved?.description ?? "no number") from \(source.resolvedBy.words) may be shown"
        case .sourceReplaced(let source):
            "\(Self.refusal(of: source)), so the default number \(source.resolved?.description ?? "") stands in"
        case .noValidSource(let source, let defect):
            "\(Self.refusal(of: source)), and \(defect?.defaultWords ?? "there is no default number")"
        case .callerShown(let cause): "the caller is shown: \(cause.words)"
        case .callerHidden(let cause, let missing):
            "the caller is hidden: \(cause.words)" + (missing.isEmpty ? "" : "; not given: \(Self.list(missing))")
        case .privacyNotGiven(let values):
            "the caller is shown, and privacy that was asked for cannot be given: \(Self.list(values))"
        case .criticalPrivacyImpossible(let values):
            "privacy failure: critical privacy was asked for, and cannot be given: \(Self.list(values))"
        case .emergencyCallerShown: "the caller of an emergency call is always shown"
        default: nil
        }
    }

    private static func list(_ values: [String]) -> String {
        values.joined(separator: ", ")
    }

    private static func refusal(of source: SourceRecord) -> String {
        guard let asked = source.asked else { return "the call asks for no number" }
        return "\(asked) from \(source.askedBy.words) \(source.defect?.words ?? "may not be shown")"
    }

    private var legReason: String? {
        switch self {
        case .noCodecList: "the customer has no codec list"
        case .noOffer: "the INVITE offers nothing yet; the codec list applies to the offer that follows"
        case .codecsUnchanged: "every codec offered is in the customer's list, in its order"
        case .codecsFiltered(let report):
            "codecs narrowed: \(report.lines.map(\.description).joined(separator: "; "))"
        case .noCodecLeft(let offered, let list):
            "no codec offered (\(offered.joined(separator: ", "))) is in the customer's list (\(list))"
        case .offerMalformed(let why, let line): "the offer cannot be read: \(why) (line \(line))"
        case .routed(let count, let first, let down, let full):
            "trunk \(first) is first of \(count)" + (down > 0 ? "; trunks down: \(down)" : "")
                + (full > 0 ? "; trunks at their limit: \(full)" : "")
        case .routedBy(let route, let count, let first, let down, let full):
            "trunk \(first) is first of \(count), by the \(route.customer == nil ? "general" : "customer's") route for "
                + (route.target == .all ? "all numbers" : "\(route.target)")
                + (down > 0 ? "; trunks down: \(down)" : "") + (full > 0 ? "; trunks at their limit: \(full)" : "")
        case .noTrunkByRoutes(let count):
            "the routes that apply (\(count)) lead to no trunk that is switched on and takes such calls"
        case .noTrunk: "no trunk serves the customer"
        case .emergencyTrunksOnly(let count):
            "no trunk serves the customer but those kept for emergency calls (\(count), `emergency: only`)"
        case .allTrunksDown(let count): "all trunks that serve the customer are down (\(count))"
        case .noTrunkFree(let down, let full):
            "no trunk that serves the customer has room: trunks at their limit: \(full), down: \(down)"
        default: nil
        }
    }
}

extension SourceOrigin {
    var words: String {
        switch self {
        case .preferredIdentity: "P-Preferred-Identity"
        case .from: "From"
        case .endpointNumber: "the endpoint"
        case .defaultNumber: "the customer's default"
        case .emergencyCallerID: "the endpoint's emergency caller ID"
        case .endpointName: "the endpoint's name"
        case .none: "nowhere"
        }
    }
}

extension SourceDefect {
    fileprivate var words: String {
        switch self {
        case .notOwned: "is not an active number of the customer"
        case .notNormal: "is not of type normal"
        case .notActive: "is not active"
        }
    }

    fileprivate var defaultWords: String {
        "the default number \(words)"
    }
}

extension PrivacyCause {
    fileprivate var words: String {
        switch self {
        case .forced: "anonymity is set for the call"
        case .forbidden: "anonymity is ruled out for the call"
        case .requested: "as its Privacy header field asks"
        case .selfAnonymous: "its From is anonymous"
        case .dialledPrefix: "a prefix dialled before the number asks for it"
        case .notRequested: "nothing asks for privacy"
        case .noValidSource: "there is no number that may be shown"
        }
    }
}
