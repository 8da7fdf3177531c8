// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Foundation
import MonotonicTime

extension CallAPISettings {
    init(_ fields: Fields) {
        self.init()
        mode = fields.value("mode", ScalarType<CallAPIMode>.word()) ?? mode
        baseURL = fields.value("base_url", .baseURL) ?? baseURL
        credential = Self.credential(fields)
        authorityFile = fields.value("ca_file", .text(1...4096))
        connectTimeout = fields.value("connect_timeout_ms", .milliseconds(10...30_000)) ?? connectTimeout
        readTimeout = fields.value("read_timeout_ms", .milliseconds(10...30_000)) ?? readTimeout
        deadline = fields.value("deadline_ms", .milliseconds(50...30_000)) ?? deadline
        retries = fields.value("retries", .integer(0...10)) ?? retries
        inFlight = fields.value("in_flight", .integer(1...100_000)) ?? inFlight
        breaker = fields.section("breaker", CallAPIBreakerSettings.init) ?? breaker
        identifierHeader = fields.value("id_header", .identifierHeader).flatMap { $0.isEmpty ? nil : $0 }
        passesMessage = fields.value("pass_message", .boolean) ?? passesMessage
        bridge = fields.value("bridge", ScalarType<CallAPIBridge>.word()) ?? bridge
        let address = fields.value("ingress", .ingress)
        var trunk = Trunk(
            id: Self.ingressIdentity,
            name: "call API",
            host: address?.host ?? "",
            port: address?.port ?? 5060,
            transport: address?.transport ?? .udp
        )
        trunk.trust = ProvisioningDraft.TrunkDraft.trust(fields, key: "ingress_trust", of: trunk)
        check(fields, hasIngress: fields.has("ingress"))
        guard mode == .http, bridge == .ingress, address != nil else { return }
        ingressTrunk = trunk
    }

    private func check(_ fields: Fields, hasIngress: Bool) {
        guard mode == .http else { return }
        if !fields.has("base_url") {
            let example = "add for example `base_url: https://api.example.com/v1.0`"
            fields.log.add("`mode: http` needs `base_url`, the service that is asked", example, at: fields.position)
        }
        if bridge == .ingress, !hasIngress {
            let example = "add for example `ingress: \"sip:192.0.2.5:5060;transport=udp\"`"
            fields.fault("bridge", "`bridge: ingress` needs `ingress`, the address of the service's SIP side", example)
        }
    }

    private static func credential(_ fields: Fields) -> CallAPICredentialSource? {
        let keys = ["token_file", "token_env", "accesskey_file", "accesskey_env"].filter(fields.has)
        let name = ScalarType<String>.token("the name of an environment variable", marks: "_", 1...128)
        let found = [
            fields.value("token_file", .text(1...4096)).map {
                CallAPICredentialSource(place: .file($0), isBearer: true)
            },
            fields.value("token_env", name).map { CallAPICredentialSource(place: .environment($0), isBearer: true) },
            fields.value("accesskey_file", .text(1...4096)).map {
                CallAPICredentialSource(place: .file($0), isBearer: false)
            },
            fields.value("accesskey_env", name).map {
                CallAPICredentialSource(place: .environment($0), isBearer: false)
            },
        ]
        if keys.count > 1, let last = keys.last {
            let all = keys.map { "`\($0)`" }.joined(separator: " and ")
            fields.fault(last, "\(all) stand beside each other", "keep the one that the service asks for")
        }
        return found.compactMap(\.self).first
    }
}

extension CallAPIBreakerSettings {
    init(_ fields: Fields) {
        self.init()
        consecutiveFailures = fields.value("failures", .integer(1...1000)) ?? consecutiveFailures
        failurePercent = fields.value("failure_percent", .integer(1...100)) ?? failurePercent
        minimumRequests = fields.value("minimum_requests", .integer(1...100_000)) ?? minimumRequests
        window = fields.value("window_seconds", .seconds(1...3600)) ?? window
        openTime = fields.value("open_seconds", .seconds(1...600)) ?? openTime
        probes = fields.value("probes", .integer(1...100)) ?? probes
    }
}

/// Where a service takes INVITEs.
struct IngressAddress: Sendable {
    let host: String
    let port: Int
    let transport: SIPTransportProtocol
}

extension ScalarType where Value == IngressAddress {
    /// A SIP URI of a host, without a user: `sip:host`, `sip:host:port`, with `;transport=udp` or `tcp`.
    fileprivate static var ingress: ScalarType {
        ScalarType("a SIP URI") { text throws(ScalarFault) in
            let remedy = "write for example \"sip:192.0.2.5:5060;transport=udp\""
            let fault = ScalarFault("must be a SIP URI of a host, not `\(clipped(text))`", remedy)
            guard text.lowercased().hasPrefix("sip:"), !text.contains("@") else { throw fault }
            var parts = text.dropFirst(4).split(separator: ";", omittingEmptySubsequences: false)
            let address = parts.removeFirst()
            let (host, port) = try hostAndPort(address, fault)
            var transport = SIPTransportProtocol.udp
            for part in parts {
                let pair = part.lowercased().split(separator: "=", maxSplits: 1)
                guard pair.count == 2, pair[0] == "transport", let found = SIPTransportProtocol(rawValue: "\(pair[1])")
                else { throw fault }
                transport = found
            }
            return IngressAddress(host: host, port: port, transport: transport)
        }
    }

    private static func hostAndPort(
        _ text: Substring,
        _ fault: ScalarFault
    ) throws(ScalarFault) -> (String, Int) {
        var host = text
        var port = 5060
        let bracket = text.lastIndex(of: "]")
        if let colon = text.lastIndex(of: ":"), bracket.map({ $0 < colon }) ?? true {
            host = text[..<colon]
            let digits = text[text.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65_535).contains(number)
            else { throw fault }
            port = number
        }
        guard !host.contains(":") || bracket != nil else { throw fault }
        return (try ScalarType<String>.host.convert(String(host)), port)
    }
}

extension ScalarType where Value == String {
    /// An address of an API: http or https, a host, perhaps a port and a path, and nothing that hides a secret.
    fileprivate static var baseURL: ScalarType {
        let text = ScalarType.text(1...2048)
        return ScalarType("a web address") { value throws(ScalarFault) in
            let value = try text.convert(value)
            let remedy = "write for example https://api.example.com/v1.0"
            guard let parts = URLComponents(string: value), let scheme = parts.scheme?.lowercased(),
                scheme == "https" || scheme == "http", let host = parts.host, !host.isEmpty
            else {
                throw ScalarFault("must be an address with http or https and a host, not `\(clipped(value))`", remedy)
            }
            guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
                throw ScalarFault(
                    "holds a user, a query or a fragment",
                    "name the secret by token_file or accesskey_file instead, and \(remedy)"
                )
            }
            return String(value.reversed().drop { $0 == "/" }.reversed())
        }
    }

    /// The name of a header field that the gateway may add; empty for none.
    fileprivate static var identifierHeader: ScalarType {
        ScalarType("a header field name") { name throws(ScalarFault) in
            if name.isEmpty { return name }
            do throws(FixedHeaderDefect) {
                _ = try FixedHeader(name: name, value: "x")
                return name
            } catch {
                throw ScalarFault(
                    "cannot be `\(clipped(name))`",
                    "give the name of a field that is nobody else's, for example X-Call-API-ID, or \"\" for none"
                )
            }
        }
    }
}
