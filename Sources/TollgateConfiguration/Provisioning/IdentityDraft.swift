// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Yams

extension TrunkIdentityProfile {
    /// Reads what a trunk is told of callers: the section `identity`, the section `called_number`, and the two shorthands
    /// `asserted_identity` and `send_plus`, which the sections win over.
    init(trunk fields: Fields) {
        self.init()
        scheme = fields.value("asserted_identity", ScalarType<IdentityScheme>.word()) ?? scheme
        number.sendsPlus = fields.value("send_plus", .boolean) ?? number.sendsPlus
        called.sendsPlus = number.sendsPlus
        if let profile = fields.section("identity", { Self(section: $0, over: self) }) { self = profile }
        if let form = fields.section("called_number", { NumberForm($0, over: called) }) { called = form }
        check(fields)
    }

    private init(section fields: Fields, over defaults: TrunkIdentityProfile) {
        self = defaults
        from = fields.value("from", ScalarType<FromUser>.word()) ?? from
        fromScheme = fields.value("from_scheme", ScalarType<IdentityScheme>.word()) ?? fromScheme
        let use = ScalarType<IdentityUse>.word()
        assertedIdentity = fields.value("p_asserted_identity", use) ?? assertedIdentity
        preferredIdentity = fields.value("p_preferred_identity", use) ?? preferredIdentity
        remotePartyID = fields.value("remote_party_id", use) ?? remotePartyID
        diversion = fields.value("diversion", ScalarType<DiversionUse>.word()) ?? diversion
        scheme = fields.value("scheme", ScalarType<IdentityScheme>.word()) ?? scheme
        host = Self.host(fields) ?? host
        marksTelephone = fields.value("user_phone", .boolean) ?? marksTelephone
        number = NumberForm(fields, over: number)
        displayName = Self.displayName(fields) ?? displayName
        anonymousHost = fields.value("anonymous_host", ScalarType<AnonymousHost>.word()) ?? anonymousHost
        namesAnonymous = fields.value("anonymous_name", .boolean) ?? namesAnonymous
        privacy = fields.value("privacy", ScalarType<PrivacyForm>.word()) ?? privacy
        headers = Self.headers(fields)
    }

    private func check(_ fields: Fields) {
        if from == .username, !fields.has("username") {
            let message = "`identity.from` is `username`, and the trunk has no `username`"
            fields.log.add(message, "add `username` and `password`, or write `from: number`", at: fields.position)
        }
        let asks = [assertedIdentity, preferredIdentity].contains { $0 == .anonymous || $0 == .always }
        let isWritten = fields.has("identity") && privacy == .none
        guard isWritten, asks else { return }
        fields.fault(
            "identity",
            "`identity.privacy` is `none`, so nothing would ask the trunk to withhold an asserted number",
            "write `privacy: id`, or let p_asserted_identity and p_preferred_identity be `visible` or `never`"
        )
    }

    /// `gateway`, `trunk`, or `{domain: …}`.
    private static func host(_ fields: Fields) -> IdentityHost? {
        guard let node = fields.take("host") else { return nil }
        if case .scalar(let scalar) = node {
            switch scalar.string {
            case "gateway": return .gateway
            case "trunk": return .trunk
            default:
                let message = "`host` cannot be `\(clipped(scalar.string))`"
                let remedy = "write `gateway`, `trunk`, or for example `host: {domain: sip.carrier.example}`"
                fields.log.add(message, remedy, at: node.position)
                return nil
            }
        }
        let domain = Fields.decode(node, name: "host", log: fields.log) { fields in
            fields.required("domain", .host, example: "sip.carrier.example")?.value
        }
        return (domain ?? nil).map(IdentityHost.domain)
    }

    /// `pass`, `none`, `number`, or `{text: …}`.
    private static func displayName(_ fields: Fields) -> DisplayNamePolicy? {
        guard let node = fields.take("display_name") else { return nil }
        if case .scalar(let scalar) = node {
            switch scalar.string {
            case "pass": return .pass
            case "none": return DisplayNamePolicy.none
            case "number": return .number
            default:
                let message = "`display_name` cannot be `\(clipped(scalar.string))`"
                let remedy = "write `pass`, `none`, `number`, or for example `display_name: {text: Acme}`"
                fields.log.add(message, remedy, at: node.position)
                return nil
            }
        }
        let text = Fields.decode(node, name: "display_name", log: fields.log) { fields in
            fields.required("text", .text(1...64), example: "Acme")?.value
        }
        return (text ?? nil).map(DisplayNamePolicy.fixed)
    }

    private static func headers(_ fields: Fields) -> [FixedHeader] {
        guard let node = fields.take("headers") else { return [] }
        guard case .mapping(let mapping) = node else {
            let message = "`headers` must hold names and values, not \(node.kindInWords)"
            fields.log.add(message, "write for example `headers: {X-Account: \"4711\"}`", at: node.position)
            return []
        }
        return mapping.compactMap { key, value in
            guard case .scalar(let name) = key, case .scalar(let text) = value else {
                let message = "`headers` must hold a text for each name"
                fields.log.add(message, "write for example `X-Account: \"4711\"`", at: key.position)
                return nil
            }
            do throws(FixedHeaderDefect) {
                return try FixedHeader(name: name.string, value: text.string)
            } catch {
                let (message, remedy) = error.words
                fields.log.add("`headers` \(message): `\(clipped(name.string))`", remedy, at: key.position)
                return nil
            }
        }
    }
}

extension NumberForm {
    /// Reads `plus` and `national` out of a section.
    fileprivate init(_ fields: Fields, over defaults: NumberForm) {
        self = defaults
        sendsPlus = fields.value("plus", .boolean) ?? sendsPlus
        guard let country = fields.located("national", .country) else { return }
        nationalCountry = country.value
        guard DialledRegion(country.value) == nil else { return }
        let message = "`national` is `\(country.value)`, whose dialling rules are not known"
        fields.log.add(
            message,
            "name another country, or remove it to write numbers internationally",
            at: country.position
        )
    }
}

extension FixedHeaderDefect {
    fileprivate var words: (message: String, remedy: String) {
        switch self {
        case .name: ("holds what is no header field name", "give 2 to 64 letters, digits and `-`")
        case .identity: ("cannot say who calls", "remove it: the other keys of `identity` do that")
        case .credentials: ("cannot prove who calls", "remove it: `username` and `password` answer challenges")
        case .composed: ("cannot hold what the gateway writes or passes itself", "remove it")
        case .value:
            (
                "holds a value that is empty, too long, or has a line end or control character",
                "give one line of at most \(FixedHeader.longestValue) octets"
            )
        }
    }
}
