// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpawnedProgram
import TollgateConfiguration
import TransportLayerSecurity

/// An authority and what it issues, made with the openssl command in a folder of its own.
final class Certificates: Sendable {
    let folder: URL

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tollgate-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try make("ca", "/CN=Gateway Test Authority", [])
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var authorities: String { path("ca.pem") }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Issues a certificate for names such as `DNS:a.example,IP:127.0.0.1`; again under the same title replaces it.
    @discardableResult
    func issue(_ title: String, _ names: String) throws -> CertificateFiles {
        let more = ["-CA", path("ca.pem"), "-CAkey", path("ca.key"), "-addext", "subjectAltName=\(names)"]
        try make(title, "/CN=\(title)", more + ["-addext", "basicConstraints=critical,CA:FALSE"])
        return CertificateFiles(certificate: path("\(title).pem"), key: path("\(title).key"))
    }

    /// A client's context that trusts this authority.
    func client(_ files: CertificateFiles? = nil) throws -> TLSClientContext {
        var settings = TLSClientSettings(identity: files.map { TLSIdentity(certificate: $0.certificate, key: $0.key) })
        settings.common.authorities = authorities
        return try TLSClientContext(settings)
    }

    /// A server's context that trusts this authority.
    func server(_ files: CertificateFiles, _ clients: ClientCertificates = .none) throws -> TLSServerContext {
        let identity = TLSIdentity(certificate: files.certificate, key: files.key)
        var settings = TLSServerSettings(identity: identity, clientCertificates: clients)
        settings.common.authorities = authorities
        return try TLSServerContext(settings)
    }

    private func make(_ title: String, _ subject: String, _ more: [String]) throws {
        let said = path("\(title).said")
        let program = try SpawnedProgram(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                "-keyout", path("\(title).key"), "-out", path("\(title).pem"), "-subj", subject,
            ] + more,
            errors: said
        )
        guard program.wait() == 0 else {
            throw Failure(description: try String(contentsOfFile: said, encoding: .utf8))
        }
    }
}
