// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SessionDescription
import Yams

extension ProvisioningDraft.TrunkDraft {
    init?(_ fields: Fields) {
        let name = fields.required("name", .text(1...128), example: "carrier")
        let customer = fields.located("customer", .text(1...128))
        let host = fields.required("host", .host, example: "sip.carrier.example")
        var trunk = Trunk(id: .zero, name: name?.value ?? "", host: host?.value ?? "")
        Self.readPlace(fields, into: &trunk)
        trunk.priority = fields.value("priority", .integer(0...65_535)) ?? trunk.priority
        trunk.weight = fields.value("weight", .integer(0...65_535)) ?? trunk.weight
        trunk.isEnabled = fields.value("enabled", .boolean) ?? trunk.isEnabled
        trunk.security = TrunkSecurity(trunk: fields, transport: trunk.transport)
        trunk.trust = Self.trust(fields, of: trunk)
        trunk.identity = TrunkIdentityProfile(trunk: fields)
        trunk.emergency = fields.value("emergency", ScalarType<EmergencyUse>.word()) ?? trunk.emergency
        trunk.takesServiceURNs = fields.value("takes_service_urns", .boolean) ?? trunk.takesServiceURNs
        Self.readDialling(fields, into: &trunk)
        trunk.passesREFER = fields.value("pass_refer", .boolean) ?? trunk.passesREFER
        trunk.redirectHosts = Self.redirectHosts(fields, beside: trunk.host)
        Self.readCredentials(fields, into: &trunk)
        trunk.operation = TrunkOperation(trunk: fields, hasAccount: trunk.username != nil)
        guard let name, host != nil else { return nil }
        self.init(name: name, customer: customer, trunk: trunk)
    }

    /// Without a port a name is located by its SRV records, and without a transport by its NAPTR records first.
    private static func readPlace(_ fields: Fields, into trunk: inout Trunk) {
        let isName = IPLiteral(trunk.host) == nil
        let transport = fields.value("transport", ScalarType<SIPTransportProtocol>.word())
        trunk.transport = transport ?? trunk.transport
        trunk.port = fields.value("port", .integer(1...65_535)) ?? (isName ? 0 : trunk.transport.defaultPort)
        trunk.findsTransport = transport == nil && trunk.port == 0
    }

    private static func readDialling(_ fields: Fields, into trunk: inout Trunk) {
        trunk.techPrefix = fields.value("tech_prefix", .dialString) ?? trunk.techPrefix
        trunk.techPostfix = fields.value("tech_postfix", .dialString) ?? trunk.techPostfix
        trunk.passesUserAgent = fields.value("pass_user_agent", .boolean) ?? trunk.passesUserAgent
        trunk.codecs = fields.codecs("codecs") ?? trunk.codecs
    }

    /// Further hosts of the trunk, each once.
    private static func redirectHosts(_ fields: Fields, beside own: String) -> [String] {
        var hosts: [String] = []
        for host in fields.list("redirect_hosts", .host) ?? [] {
            if host.value == own {
                let message = "`redirect_hosts` holds `\(clipped(own))`, the trunk's own `host`"
                fields.log.add(message, "remove it: redirections may lead there anyway", at: host.position)
            } else if hosts.contains(host.value) {
                let message = "`redirect_hosts` holds `\(clipped(host.value))` twice"
                fields.log.add(message, "keep one of them", at: host.position)
            } else {
                hosts.append(host.value)
            }
        }
        return hosts
    }

    private static func readCredentials(_ fields: Fields, into trunk: inout Trunk) {
        trunk.username = fields.value("username", .text(1...128))
        trunk.password = fields.value("password", .text(1...256)).map(Secret.init(_:))
        guard fields.has("username") != fields.has("password") else { return }
        let (present, absent) = fields.has("username") ? ("username", "password") : ("password", "username")
        fields.fault(present, "`\(present)` stands without `\(absent)`", "add it, or remove both")
    }

    /// The trust in a trunk, under `trust` or another key.
    static func trust(_ fields: Fields, key: String = "trust", of trunk: Trunk) -> TrunkTrust {
        guard let node = fields.take(key) else { return .untrusted }
        if case .scalar(let scalar) = node {
            if scalar.string != "untrusted" {
                let message = "`\(key)` is `\(clipped(scalar.string))`, without what the trust rests on"
                let example = "{basis: private_network, note: \"MPLS to the carrier\"}"
                fields.log.add(message, "write `untrusted`, or for example `\(key): \(example)`", at: node.position)
            }
            return .untrusted
        }
        let trust = Fields.decode(node, name: key, log: fields.log) { fields in
            let basis = fields.required("basis", ScalarType<TrustBasis>.word(), example: "private_network")
            let note = fields.required("note", .text(1...500), example: "\"MPLS to the carrier\"")
            if let basis, let fault = Self.fault(of: basis.value, trunk) {
                fields.log.add(
                    "`basis` is `\(basis.value.rawValue)`, but \(fault.message)",
                    fault.remedy,
                    at: basis.position
                )
            }
            guard let basis, let note else { return TrunkTrust.untrusted }
            return .trusted(basis: basis.value, note: note.value)
        }
        return trust ?? .untrusted
    }

    /// What a basis lacks; a trust that nothing holds up is refused here, not quietly dropped later.
    private static func fault(of basis: TrustBasis, _ trunk: Trunk) -> (message: String, remedy: String)? {
        guard basis != .privateNetwork else { return nil }
        guard trunk.transport == .tls else {
            let remedy = "write `transport: tls`, `private_network` or `untrusted`"
            return ("`\(trunk.transport.rawValue)` is not encrypted", remedy)
        }
        guard trunk.security.verifies else {
            return ("the trunk is not verified", "remove `verify: off` from `tls`, or write `untrusted`")
        }
        guard basis == .tls || trunk.security.certificate != nil else {
            let remedy = "add `certificate` and `key` to `tls`, or write `tls`"
            return ("the trunk has no certificate of ours to see", remedy)
        }
        return nil
    }
}

extension ScalarType where Value == String {
    /// Digits around a number in a Request-URI; may be empty.
    fileprivate static var dialString: ScalarType {
        .token("a dial string", marks: "*#+-", 0...16)
    }
}
