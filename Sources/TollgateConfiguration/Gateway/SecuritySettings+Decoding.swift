// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Yams

extension SecuritySettings {
    init(_ fields: Fields) {
        self.init()
        authorities = fields.value("ca", .path)
        revocationLists = fields.value("crl", .path)
        identity = CertificateFiles(optional: fields)
        verifies = fields.value("verify", .onOff) ?? verifies
        allowsWildcards = fields.value("allow_wildcards", .boolean) ?? allowsWildcards
        minimumVersion = fields.value("minimum_version", ScalarType<MinimumTLSVersion>.word()) ?? minimumVersion
        ciphers = fields.value("ciphers", .text(1...1024))
    }

    /// Paths as seen from the file that they stand in.
    mutating func resolve(_ path: (String) -> String) {
        authorities = authorities.map(path)
        revocationLists = revocationLists.map(path)
        identity?.resolve(path)
    }
}

extension CertificateFiles {
    /// Both files, or neither.
    init?(optional fields: Fields) {
        let certificate = fields.value("certificate", .path)
        let key = fields.value("key", .path)
        if fields.has("certificate") != fields.has("key") {
            let (present, absent) = fields.has("certificate") ? ("certificate", "key") : ("key", "certificate")
            fields.fault(present, "`\(present)` stands without `\(absent)`", "add it, or remove both")
        }
        guard let certificate, let key else { return nil }
        self.init(certificate: certificate, key: key)
    }

    /// Both files; what is missing is logged.
    init?(required fields: Fields) {
        let certificate = fields.required("certificate", .path, example: "/etc/tollgate/edge.example.com.pem")
        let key = fields.required("key", .path, example: "/etc/tollgate/edge.example.com.key")
        guard let certificate, let key else { return nil }
        self.init(certificate: certificate.value, key: key.value)
    }

    mutating func resolve(_ path: (String) -> String) {
        certificate = path(certificate)
        key = path(key)
    }
}

extension ListenerSecurity {
    /// The TLS keys of a listener; on another transport each of them is a fault.
    init?(_ fields: Fields, transport: SIPTransportProtocol?) {
        guard transport == .tls else {
            if transport != nil { Self.refuse(fields) }
            return nil
        }
        let identity = CertificateFiles(required: fields)
        let domains = Self.domains(fields)
        let demand = fields.value("client_certificates", ScalarType<ClientCertificateDemand>.word()) ?? .none
        let authorities = fields.value("ca", .path)
        let version = fields.value("minimum_version", ScalarType<MinimumTLSVersion>.word())
        guard let identity else { return nil }
        self.init(
            identity: identity,
            domains: domains,
            clientCertificates: demand,
            authorities: authorities,
            minimumVersion: version
        )
    }

    private static func refuse(_ fields: Fields) {
        for key in ["certificate", "key", "domains", "client_certificates", "ca", "minimum_version"]
        where fields.take(key) != nil {
            fields.fault(key, "`\(key)` means something with `transport: tls` only", "remove it, or change `transport`")
        }
    }

    private static func domains(_ fields: Fields) -> [String: CertificateFiles] {
        var found: [String: CertificateFiles] = [:]
        for node in fields.nodes("domains") ?? [] {
            Fields.decode(node, name: "domains", log: fields.log) { fields in
                let domain = fields.required("domain", .host, example: "edge.example.net")
                guard let files = CertificateFiles(required: fields), let domain else { return }
                if found.updateValue(files, forKey: domain.value.lowercased()) != nil {
                    let message = "`domains` names `\(clipped(domain.value))` twice"
                    fields.log.add(message, "keep one of them", at: domain.position)
                }
            }
        }
        return found
    }

    /// Paths as seen from the file that they stand in.
    mutating func resolve(_ path: (String) -> String) {
        identity.resolve(path)
        authorities = authorities.map(path)
        for domain in domains.keys { domains[domain]?.resolve(path) }
    }
}

extension ScalarType where Value == String {
    /// A file's path.
    static var path: ScalarType { .text(1...4096) }
}

extension ScalarType where Value == Bool {
    /// `on` or `off`.
    static var onOff: ScalarType {
        ScalarType("on or off") { text throws(ScalarFault) in
            switch text {
            case "on": return true
            case "off": return false
            default: throw ScalarFault("must be on or off, not `\(clipped(text))`", "write `on` or `off`")
            }
        }
    }
}
