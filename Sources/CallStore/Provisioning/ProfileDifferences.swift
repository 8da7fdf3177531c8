// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

extension ChangeWords {
    /// Notes every key of two identity profiles that differs, by its name in the file.
    mutating func compare(_ stored: TrunkIdentityProfile, _ declared: TrunkIdentityProfile) {
        compareFields(stored, declared)
        compareForms(stored, declared)
        compare("identity.display_name", stored.displayName, declared.displayName) { FileWords.text(of: $0) }
        compare("identity.anonymous_host", stored.anonymousHost, declared.anonymousHost, \.rawValue)
        compare("identity.anonymous_name", stored.namesAnonymous, declared.namesAnonymous, Self.yesNo)
        compare("identity.privacy", stored.privacy, declared.privacy, \.rawValue)
        compare("identity.headers", stored.headers, declared.headers) { headers in
            headers.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
        }
    }

    private mutating func compareFields(_ stored: TrunkIdentityProfile, _ declared: TrunkIdentityProfile) {
        compare("identity.from", stored.from, declared.from, \.rawValue)
        compare("identity.from_scheme", stored.fromScheme, declared.fromScheme, \.rawValue)
        compare("identity.p_asserted_identity", stored.assertedIdentity, declared.assertedIdentity, \.rawValue)
        compare("identity.p_preferred_identity", stored.preferredIdentity, declared.preferredIdentity, \.rawValue)
        compare("identity.remote_party_id", stored.remotePartyID, declared.remotePartyID, \.rawValue)
        compare("identity.diversion", stored.diversion, declared.diversion, \.rawValue)
    }

    private mutating func compareForms(_ stored: TrunkIdentityProfile, _ declared: TrunkIdentityProfile) {
        compare("identity.scheme", stored.scheme, declared.scheme, \.rawValue)
        compare("identity.host", stored.host, declared.host) { FileWords.text(of: $0) }
        compare("identity.user_phone", stored.marksTelephone, declared.marksTelephone, Self.yesNo)
        compare("identity.plus", stored.number.sendsPlus, declared.number.sendsPlus, Self.yesNo)
        compare("identity.national", stored.number.nationalCountry, declared.number.nationalCountry) {
            $0?.description ?? ""
        }
        compare("called_number.plus", stored.called.sendsPlus, declared.called.sendsPlus, Self.yesNo)
        compare("called_number.national", stored.called.nationalCountry, declared.called.nationalCountry) {
            $0?.description ?? ""
        }
    }
}

extension FileWords {
    /// The host of URIs that carry numbers.
    static func text(of host: IdentityHost) -> String {
        switch host {
        case .gateway: "gateway"
        case .trunk: "trunk"
        case .domain(let name): "{domain: \(name)}"
        }
    }

    /// The name beside a number.
    static func text(of policy: DisplayNamePolicy) -> String {
        switch policy {
        case .pass: "pass"
        case .none: "none"
        case .number: "number"
        case .fixed(let text): "{text: \(text)}"
        }
    }
}
