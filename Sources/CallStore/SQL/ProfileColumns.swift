// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan

/// How a trunk's identity profile stands in the columns of its row.
enum ProfileColumns {
    /// The columns in the order that `profile` reads and `bind` writes.
    static let names = [
        "identity_scheme", "sends_plus", "from_user", "from_scheme", "asserted_identity", "preferred_identity",
        "remote_party_id", "diversion", "identity_host", "identity_domain", "user_phone", "national_country",
        "called_plus", "called_national_country", "display_name", "fixed_display_name", "anonymous_host",
        "names_anonymous", "privacy", "headers",
    ]

    /// Binds a profile, its first column to parameter `first`.
    static func bind(_ profile: TrunkIdentityProfile, to row: BoundStatement, from first: Int32) {
        row.bind(first, profile.scheme.rawValue)
        row.bind(first + 1, profile.number.sendsPlus)
        row.bind(first + 2, profile.from.rawValue)
        row.bind(first + 3, profile.fromScheme.rawValue)
        row.bind(first + 4, profile.assertedIdentity.rawValue)
        row.bind(first + 5, profile.preferredIdentity.rawValue)
        row.bind(first + 6, profile.remotePartyID.rawValue)
        row.bind(first + 7, profile.diversion.rawValue)
        let host = words(of: profile.host)
        row.bind(first + 8, host.kind)
        row.bind(first + 9, host.name)
        row.bind(first + 10, profile.marksTelephone)
        row.bind(first + 11, profile.number.nationalCountry?.description)
        row.bind(first + 12, profile.called.sendsPlus)
        row.bind(first + 13, profile.called.nationalCountry?.description)
        let name = words(of: profile.displayName)
        row.bind(first + 14, name.kind)
        row.bind(first + 15, name.text)
        row.bind(first + 16, profile.anonymousHost.rawValue)
        row.bind(first + 17, profile.namesAnonymous)
        row.bind(first + 18, profile.privacy.rawValue)
        row.bind(first + 19, profile.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))
    }

    /// Reads a profile whose first column is `first`.
    static func profile(_ row: BoundStatement, from first: Int32) throws(CallStoreError) -> TrunkIdentityProfile {
        var profile = TrunkIdentityProfile()
        profile.scheme = try row.value(first, IdentityScheme.init)
        profile.number.sendsPlus = row.flag(first + 1)
        profile.from = try row.value(first + 2, FromUser.init)
        profile.fromScheme = try row.value(first + 3, IdentityScheme.init)
        profile.assertedIdentity = try row.value(first + 4, IdentityUse.init)
        profile.preferredIdentity = try row.value(first + 5, IdentityUse.init)
        profile.remotePartyID = try row.value(first + 6, IdentityUse.init)
        profile.diversion = try row.value(first + 7, DiversionUse.init)
        let domain = row.text(first + 9)
        profile.host = try row.value(first + 8) { host($0, domain) }
        profile.marksTelephone = row.flag(first + 10)
        profile.number.nationalCountry = try row.optionalValue(first + 11) { Country($0) }
        profile.called.sendsPlus = row.flag(first + 12)
        profile.called.nationalCountry = try row.optionalValue(first + 13) { Country($0) }
        let name = row.text(first + 15)
        profile.displayName = try row.value(first + 14) { displayName($0, name) }
        profile.anonymousHost = try row.value(first + 16, AnonymousHost.init)
        profile.namesAnonymous = row.flag(first + 17)
        profile.privacy = try row.value(first + 18, PrivacyForm.init)
        profile.headers = try row.value(first + 19, headers)
        return profile
    }

    private static func words(of host: IdentityHost) -> (kind: String, name: String?) {
        switch host {
        case .gateway: ("gateway", nil)
        case .trunk: ("trunk", nil)
        case .domain(let name): ("domain", name)
        }
    }

    private static func host(_ kind: String, _ name: String) -> IdentityHost? {
        switch kind {
        case "gateway": .gateway
        case "trunk": .trunk
        case "domain": name.isEmpty ? nil : .domain(name)
        default: nil
        }
    }

    private static func words(of policy: DisplayNamePolicy) -> (kind: String, text: String?) {
        switch policy {
        case .pass: ("pass", nil)
        case .none: ("none", nil)
        case .number: ("number", nil)
        case .fixed(let text): ("fixed", text)
        }
    }

    private static func displayName(_ kind: String, _ text: String) -> DisplayNamePolicy? {
        switch kind {
        case "pass": .pass
        case "none": DisplayNamePolicy.none
        case "number": .number
        case "fixed": .fixed(text)
        default: nil
        }
    }

    /// A header field a line; nil when one of them may not go out.
    private static func headers(_ text: String) -> [FixedHeader]? {
        var headers: [FixedHeader] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2,
                let header = try? FixedHeader(name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
            else { return nil }
            headers.append(header)
        }
        return headers
    }
}
