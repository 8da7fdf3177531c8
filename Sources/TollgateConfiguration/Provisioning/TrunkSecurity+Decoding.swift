// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

extension TrunkSecurity {
    /// The `tls` section of a trunk.
    init(trunk fields: Fields, transport: SIPTransportProtocol) {
        self.init()
        guard fields.has("tls") else { return }
        if transport != .tls {
            fields.fault("tls", "`tls` means something with `transport: tls` only", "remove it, or change `transport`")
        }
        self = fields.section("tls", TrunkSecurity.init(section:)) ?? self
    }

    private init(section fields: Fields) {
        let files = CertificateFiles(optional: fields)
        self.init(
            certificate: files?.certificate,
            key: files?.key,
            authorities: fields.value("ca", .path),
            verifyName: fields.value("verify_name", .host),
            verifies: fields.value("verify", .onOff) ?? true
        )
        if !verifies, fields.has("verify_name") {
            fields.fault("verify_name", "`verify_name` stands beside `verify: off`", "remove one of them")
        }
    }

    /// Paths as seen from the file that they stand in.
    mutating func resolve(_ path: (String) -> String) {
        certificate = certificate.map(path)
        key = key.map(path)
        authorities = authorities.map(path)
    }
}
