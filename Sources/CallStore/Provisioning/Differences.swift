// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription

/// The differences of each kind of thing, field by field.
enum Differences {
    /// What differs between a stored customer and a declared one, outbound rules included if any are declared.
    static func of(_ stored: Customer, _ declared: ProvisionedCustomer) -> String? {
        var words = ChangeWords()
        words.compare("status", stored.status, declared.status, \.rawValue)
        words.compare(
            "identity verification",
            stored.identityVerification,
            declared.identityVerification,
            \.rawValue
        )
        words.compare("billing account", stored.billingAccount, declared.billingAccount) { billing($0) }
        words.compare(stored.limits, declared.limits)
        words.compare("dial_plan", stored.dialPlan, declared.dialPlan) { FileWords.text(of: $0) }
        words.compare("may call SIP URIs", stored.mayCallSIPURIs, declared.mayCallSIPURIs, ChangeWords.yesNo)
        if let outbound = declared.outbound { compare(stored.outbound, outbound, &words) }
        return words.sentence
    }

    private static func billing(_ account: BillingAccount?) -> String {
        guard let account else { return "" }
        let credit = account.isUnlimited ? "unlimited" : "\(account.creditMicros) micros, \(account.tokens) tokens"
        return account.isActive ? credit : "\(credit), inactive"
    }

    private static func compare(
        _ stored: OutboundConfiguration?,
        _ declared: ProvisionedOutbound,
        _ words: inout ChangeWords
    ) {
        let stored = stored.map(ProvisionedOutbound.init) ?? ProvisionedOutbound()
        words.compare("outbound name", stored.name, declared.name) { $0 }
        words.compare("whitelist", stored.destinationWhitelist, declared.destinationWhitelist) {
            FileWords.text(of: $0)
        }
        words.compare("codecs", stored.codecs, declared.codecs, \.description)
        words.compare(
            "default number",
            stored.defaultOutgoingSourceNumber,
            declared.defaultOutgoingSourceNumber
        ) { $0?.description ?? "" }
        words.compare("when no valid source", stored.whenNoValidSource, declared.whenNoValidSource, \.rawValue)
        words.compare(
            "when_anonymity_disallowed",
            stored.whenAnonymityDisallowed,
            declared.whenAnonymityDisallowed,
            \.rawValue
        )
        words.compare("allowed_special", stored.allowedSpecial, declared.allowedSpecial) { FileWords.text(of: $0) }
    }

    /// What differs between two endpoints, identities and credentials aside.
    static func of(_ stored: Endpoint, _ declared: Endpoint) -> ChangeWords {
        var words = ChangeWords()
        words.compare("extensions", Set(stored.extensions), Set(declared.extensions)) {
            $0.sorted().joined(separator: ", ")
        }
        words.compare("number", stored.number, declared.number) { $0?.description ?? "" }
        words.compare("display name", stored.displayName, declared.displayName) { $0 ?? "" }
        words.compare(
            "requires registration",
            stored.requiresRegistration,
            declared.requiresRegistration,
            ChangeWords.yesNo
        )
        words.compare("source addresses", Set(stored.sourceAddresses), Set(declared.sourceAddresses)) {
            $0.isEmpty ? "" : "\($0.count)"
        }
        words.compare("emergency caller id", stored.emergencyCallerID, declared.emergencyCallerID) {
            $0?.description ?? ""
        }
        words.compare("enabled", stored.isEnabled, declared.isEnabled, ChangeWords.yesNo)
        words.compare(stored.limits, declared.limits)
        words.compare("dial_plan", stored.dialPlan, declared.dialPlan) { FileWords.text(of: $0) }
        return words
    }

    /// What differs between two trunks, identities and customers aside.
    static func of(_ stored: Trunk, _ declared: Trunk) -> ChangeWords {
        var words = ChangeWords()
        words.compare("host", stored.host, declared.host) { $0 }
        words.compare("port", stored.port, declared.port) { $0 == 0 ? "by DNS" : String($0) }
        words.compare("transport", StoredText.transport(of: stored), StoredText.transport(of: declared)) { $0 }
        words.compare("priority", stored.priority, declared.priority, String.init)
        words.compare("weight", stored.weight, declared.weight, String.init)
        words.compare("enabled", stored.isEnabled, declared.isEnabled, ChangeWords.yesNo)
        words.compare("trust", stored.trust, declared.trust) { trust($0) }
        words.compare(stored.identity, declared.identity)
        words.compare("tech prefix", stored.techPrefix, declared.techPrefix) { $0 }
        words.compare("tech postfix", stored.techPostfix, declared.techPostfix) { $0 }
        words.compare("passes user agent", stored.passesUserAgent, declared.passesUserAgent, ChangeWords.yesNo)
        words.compare("codecs", stored.codecs, declared.codecs, \.description)
        words.compare("emergency", stored.emergency, declared.emergency, \.rawValue)
        words.compare("takes_service_urns", stored.takesServiceURNs, declared.takesServiceURNs, ChangeWords.yesNo)
        words.compare("pass_refer", stored.passesREFER, declared.passesREFER, ChangeWords.yesNo)
        words.compare("redirect_hosts", stored.redirectHosts, declared.redirectHosts) { $0.joined(separator: ", ") }
        words.compare("tls", stored.security, declared.security) { security($0) }
        words.compare(stored.operation, declared.operation)
        words.compare("username", stored.username, declared.username) { $0 ?? "" }
        words.compareSecret("password", stored.password, declared.password)
        return words
    }

    private static func security(_ security: TrunkSecurity) -> String {
        var words: [String] = []
        if let certificate = security.certificate { words.append("certificate \(certificate)") }
        if let key = security.key { words.append("key \(key)") }
        if let authorities = security.authorities { words.append("ca \(authorities)") }
        if let name = security.verifyName { words.append("verify_name \(name)") }
        words.append(security.verifies ? "verified" : "not verified")
        return words.joined(separator: ", ")
    }

    private static func trust(_ trust: TrunkTrust) -> String {
        switch trust {
        case .untrusted: "untrusted"
        case .trusted(let basis, let note): "trusted by \(basis.rawValue) (\(note))"
        }
    }
}

extension ProvisionedOutbound {
    /// The rules of a stored configuration, as a plan would declare them.
    init(_ stored: OutboundConfiguration) {
        self.init(
            name: stored.name,
            destinationWhitelist: stored.destinationWhitelist,
            codecs: stored.codecs,
            defaultOutgoingSourceNumber: stored.defaultOutgoingSourceNumber,
            whenNoValidSource: stored.whenNoValidSource,
            whenAnonymityDisallowed: stored.whenAnonymityDisallowed,
            allowedSpecial: stored.allowedSpecial
        )
    }
}
