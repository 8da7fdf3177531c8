// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import Yams

extension SIPSettings {
    init(_ fields: Fields) {
        self.init()
        if let nodes = fields.nodes("listen") {
            listeners = Self.listeners(nodes, log: fields.log)
            if nodes.isEmpty {
                let example = "add for example `- {transport: udp, address: 127.0.0.1, port: 5060}`"
                fields.fault("listen", "`listen` names no listener", example)
            }
        }
        domains = fields.list("domains", .host)?.map(\.value) ?? domains
        let standard = domains.first ?? realm
        realm = fields.value("realm", .realm) ?? standard
        userAgent = fields.value("user_agent", .userAgent) ?? userAgent
    }

    private static func listeners(_ nodes: [Node], log: ProblemLog) -> [ListenerSettings] {
        var places: [ListenerSettings: SourcePosition] = [:]
        var listeners: [ListenerSettings] = []
        for node in nodes {
            guard let listener = Fields.decode(node, name: "listen", log: log, ListenerSettings.init(decoding:)),
                let listener
            else { continue }
            var place = listener
            place.advertisedAddress = nil
            place.security = nil
            if let first = places[place] {
                log.add("this listener stands on line \(first.line) already", "remove one of them", at: node.position)
            } else {
                places[place] = node.position
                listeners.append(listener)
            }
        }
        return listeners
    }
}

extension ListenerSettings {
    fileprivate init?(decoding fields: Fields) {
        let transport = fields.required("transport", ScalarType<SIPTransportProtocol>.word(), example: "udp")
        let address = fields.required("address", .address, example: "127.0.0.1")
        let standard = transport?.value.defaultPort ?? 5060
        let port = fields.value("port", .integer(1...65535)) ?? standard
        let advertised = fields.value("advertised_address", .host)
        let security = ListenerSecurity(fields, transport: transport?.value)
        guard let transport, let address, transport.value != .tls || security != nil else { return nil }
        if address.value.isUnspecified, !fields.has("advertised_address") {
            fields.log.add(
                "a listener on \(address.value.text) needs `advertised_address`: peers are told where to answer",
                "add the host's own address, for example `advertised_address: 192.0.2.10`",
                at: address.position
            )
        }
        self.init(
            transport: transport.value,
            address: address.value.text,
            port: port,
            advertisedAddress: advertised,
            security: security
        )
    }
}

extension ScalarType where Value == String {
    /// A digest realm: a quoted string that needs no escape.
    static var realm: ScalarType {
        let text = ScalarType.text(1...255)
        return ScalarType("a realm") { value throws(ScalarFault) in
            let value = try text.convert(value)
            guard !value.contains("\""), !value.contains("\\") else {
                throw ScalarFault("holds a quote or a backslash", "remove it")
            }
            return value
        }
    }

    fileprivate static var userAgent: ScalarType {
        let text = ScalarType.text(1...128)
        return ScalarType("a product name") { value throws(ScalarFault) in
            let value = try text.convert(value)
            guard value.unicodeScalars.allSatisfy(\.isASCII) else {
                throw ScalarFault("holds a character that is not ASCII", "remove it")
            }
            return value
        }
    }
}
