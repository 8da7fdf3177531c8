// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// The checks of what customers dial against each other: extensions, prefixes and emergency numbers.
struct DiallingChecks {
    private let draft: ProvisioningDraft
    private let log: ProblemLog
    private let dialPlans: [String: DialPlanDraft]
    private let names: [String: DialledNames]
    private let emergencyNumbers: [Country: Set<String>]

    init(_ draft: ProvisioningDraft, log: ProblemLog) {
        self.draft = draft
        self.log = log
        let plans = draft.customers.compactMap { customer in customer.dialPlan.map { (customer.name.value, $0) } }
        dialPlans = Dictionary(plans, uniquingKeysWith: { first, _ in first })
        names = Dictionary(grouping: draft.endpoints, by: \.customer.value).mapValues(DialledNames.init)
        let countries = (plans.map(\.1) + draft.endpoints.compactMap(\.dialPlan)).compactMap(\.plan.country)
        emergencyNumbers = Dictionary(
            Set(countries).map { ($0, Set(DialledRegion($0)?.emergencyNumbers ?? [])) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func run() {
        for customer in draft.customers {
            guard let dialPlan = customer.dialPlan else { continue }
            check(dialPlan, of: customer.name.value)
        }
        for endpoint in draft.endpoints {
            if let dialPlan = endpoint.dialPlan { check(dialPlan, of: endpoint.customer.value) }
            let countries = [dialPlans[endpoint.customer.value], endpoint.dialPlan].compactMap { $0?.plan.country }
            for name in endpoint.extensions { check("extension", name, countries) }
            check("user name", endpoint.username, countries)
        }
    }

    private func check(_ dialPlan: DialPlanDraft, of customer: String) {
        let countries = dialPlan.plan.country.map { [$0] } ?? []
        for pattern in dialPlan.patterns {
            check("extension pattern", Located(value: "\(pattern.value)", position: pattern.position), countries)
        }
        for (key, prefix) in dialPlan.prefixes {
            let pattern = dialPlan.patterns.first { $0.value.mayBegin(with: prefix.value) }
            let shadowed =
                names[customer]?.first(beginningWith: prefix.value)
                ?? pattern.map { Located(value: "\($0.value)", position: $0.position) }
            guard let shadowed else { continue }
            let holder = "which `\(clipped(shadowed.value))` on line \(shadowed.position.line) begins with"
            log.add(
                "`\(key)` holds `\(prefix.value)`, \(holder)",
                "choose a prefix that no extension begins with",
                at: prefix.position
            )
        }
    }

    // A call to an emergency number is an emergency call before it is anything else.
    private func check(_ kind: String, _ name: Located<String>, _ countries: [Country]) {
        let country = countries.first { emergencyNumbers[$0]?.contains(name.value) == true }
        let isOfDeployment = draft.emergencyNumbers.contains(name.value)
        guard country != nil || isOfDeployment else { return }
        let whose = country.map { "an emergency number of `\($0)`" } ?? "one of the gateway's `emergency_numbers`"
        let message = "the \(kind) `\(clipped(name.value))` is \(whose)"
        log.add(message, "choose another: whoever dials it calls for help", at: name.position)
    }
}

extension ExtensionPattern {
    /// Whether an extension of this pattern may begin with these symbols.
    fileprivate func mayBegin(with prefix: String) -> Bool {
        prefix.utf8.count <= description.utf8.count
            && zip(prefix.utf8, description.utf8).allSatisfy { dialled, symbol in
                dialled == symbol || (symbol == UInt8(ascii: "x") && (0x30...0x39).contains(dialled))
            }
    }
}

/// What others of a customer dial for its endpoints, in order.
private struct DialledNames {
    private let names: [Located<String>]

    init(_ endpoints: [ProvisioningDraft.EndpointDraft]) {
        names = endpoints.flatMap { $0.extensions + [$0.username] }.sorted { $0.value < $1.value }
    }

    /// The least name that begins with a prefix; nil when none does.
    func first(beginningWith prefix: String) -> Located<String>? {
        var range = names.startIndex..<names.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = names[middle].value < prefix ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        guard range.lowerBound < names.endIndex, names[range.lowerBound].value.hasPrefix(prefix) else { return nil }
        return names[range.lowerBound]
    }
}
