// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import SessionDescription

/// How `transport` is written: a protocol, or what DNS says.
enum ProviderTransport: String, Sendable, CaseIterable {
    case udp
    case tcp
    case tls
    case dns
}

/// The kinds of provider.
enum ProviderType: String, Sendable, CaseIterable {
    case sip
}

/// What a body says of a provider; what it leaves out is nil.
struct ProviderForm: Sendable {
    let name: String?
    let detail: String?
    let host: ProviderHost?
    let transport: ProviderTransport?
    let techPrefix: String?
    let techPostfix: String?
    let techHeaders: [FixedHeader]?
    let codecs: CodecList?
    let priority: Int?
    let weight: Int?
    /// Zeros for nobody.
    let customer: ResourceIdentifier?
    let isEnabled: Bool?
    let emergency: EmergencyUse?
    let trust: ProviderTrust
    let credentials: ProviderCredentials

    init(_ body: BodyReader) throws(APIError) {
        _ = try body.word("type", ProviderType.self)
        name = try body.line("name", maximum: 128).value
        detail = try body.string("detail", maximum: 4096).value
        host = try body.line("hostname", maximum: 300).map { (text) throws(APIError) in
            guard let host = ProviderHost(text) else {
                throw .invalid(
                    body.name("hostname"),
                    "`hostname` must be a host name or an IP address, perhaps with a port, like sip.carrier.example:5060 "
                        + "or [2001:db8::1]:5060"
                )
            }
            return host
        }.value
        transport = try body.word("transport", ProviderTransport.self).value
        techPrefix = try body.token("tech_prefix", marks: "*#+-", 0...16).value
        techPostfix = try body.token("tech_postfix", marks: "*#+-", 0...16).value
        techHeaders = try ProviderHeaders.read(body).value
        codecs = try body.string("codecs", maximum: 4096)
            .map { (text) throws(APIError) in try Self.codecs(text, body) }.value
        priority = try body.integer("priority", in: 0...65_535).value.map(Int.init)
        weight = try body.integer("weight", in: 0...65_535).value.map(Int.init)
        customer = try body.identifier("customer_id").value
        isEnabled = try body.boolean("enabled").value
        emergency = try body.word("emergency", EmergencyUse.self).value
        trust = try ProviderTrust(body)
        credentials = try ProviderCredentials(body)
    }

    private static func codecs(_ text: String, _ body: BodyReader) throws(APIError) -> CodecList {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        do throws(CodecListError) {
            return try CodecList(names.joined(separator: ","))
        } catch {
            throw .invalid(
                body.name("codecs"),
                "`codecs` must be encoding names with commas between them, like `PCMU,PCMA`, of 255 characters at most",
                reason: "INVALID_CODECS"
            )
        }
    }

    /// Puts what the body says in place of what is there; `isNew` where nothing was.
    func change(_ stored: inout StoredProvider, isNew: Bool) throws(APIError) {
        stored.detail = detail ?? stored.detail
        var trunk = stored.trunk
        if let name, !name.isEmpty { trunk.name = name }
        try changePlace(of: &trunk, isNew: isNew)
        trunk.techPrefix = techPrefix ?? trunk.techPrefix
        trunk.techPostfix = techPostfix ?? trunk.techPostfix
        trunk.identity.headers = techHeaders ?? trunk.identity.headers
        trunk.codecs = codecs ?? trunk.codecs
        trunk.priority = priority ?? trunk.priority
        trunk.weight = weight ?? trunk.weight
        if let customer { trunk.customer = customer == .zero ? nil : customer }
        trunk.isEnabled = isEnabled ?? trunk.isEnabled
        trunk.emergency = emergency ?? trunk.emergency
        try trust.change(&trunk)
        try ProviderTrust.check(trunk)
        try credentials.change(&trunk)
        stored.trunk = trunk
    }

    /// Without a port a name is located by its SRV records, and without a transport by its NAPTR records first.
    private func changePlace(of trunk: inout Trunk, isNew: Bool) throws(APIError) {
        if let host {
            trunk.host = host.host
            let transport = self.transport.flatMap { SIPTransportProtocol(rawValue: $0.rawValue) } ?? trunk.transport
            trunk.port = host.port ?? (host.isName ? 0 : transport.defaultPort)
        }
        switch transport {
        case nil: trunk.findsTransport = (isNew || trunk.findsTransport) && trunk.port == 0
        case .udp: (trunk.transport, trunk.findsTransport) = (.udp, false)
        case .tcp: (trunk.transport, trunk.findsTransport) = (.tcp, false)
        case .tls: (trunk.transport, trunk.findsTransport) = (.tls, false)
        case .dns:
            guard trunk.port == 0 else {
                throw .invalid("transport", "`transport` may be `dns` only where `hostname` is a name without a port")
            }
            trunk.transport = .udp
            trunk.findsTransport = true
        }
    }
}
