// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SpawnedProgram
import Synchronization
import TransportLayerSecurity

/// A certificate authority in a folder of its own, made with the openssl command, and what it has issued.
final class Authority: Sendable {
    let folder: URL
    /// The authority's own files suffer one command at a time.
    private let turn = Mutex(())

    /// What a command did not like.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// One authority for all tests that need no other.
    static let shared = Result { try Authority() }

    init(name: String = "Test Authority") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tollgate-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: folder.appending(path: "index.txt"))
        try Data("1000\n".utf8).write(to: folder.appending(path: "serial"))
        try Data("01\n".utf8).write(to: folder.appending(path: "crlnumber"))
        let settings = """
            [ca]
            default_ca = main
            [main]
            database = \(file("index.txt"))
            serial = \(file("serial"))
            crlnumber = \(file("crlnumber"))
            new_certs_dir = \(folder.path)
            certificate = \(file("ca.pem"))
            private_key = \(file("ca.key"))
            default_md = sha256
            default_days = 30
            default_crl_days = 30
            policy = any
            unique_subject = no
            copy_extensions = copy
            [any]
            commonName = optional
            """
        try Data(settings.utf8).write(to: folder.appending(path: "ca.cnf"))
        try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-keyout", file("ca.key"), "-out", file("ca.pem"), "-subj", "/CN=\(name)",
        ])
    }

    var authorities: String { file("ca.pem") }

    func file(_ name: String) -> String { folder.appending(path: name).path }

    /// Issues a certificate; `names` as in `DNS:a.example,URI:sip:b.example`, empty for no subjectAltName.
    func issue(
        _ title: String,
        names: String,
        commonName: String? = nil,
        from: String? = nil,
        until: String? = nil
    ) throws -> TLSIdentity {
        let (key, request, certificate) = (file("\(title).key"), file("\(title).csr"), file("\(title).pem"))
        var arguments = [
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
            request, "-subj", "/CN=\(commonName ?? title)",
        ]
        if !names.isEmpty { arguments += ["-addext", "subjectAltName=\(names)"] }
        try run(arguments)
        var signing = ["ca", "-batch", "-config", file("ca.cnf"), "-in", request, "-out", certificate, "-notext"]
        if let from { signing += ["-startdate", from] }
        if let until { signing += ["-enddate", until] }
        try run(signing)
        return TLSIdentity(certificate: certificate, key: key)
    }

    /// A certificate signed by itself.
    func selfSigned(_ title: String) throws -> TLSIdentity {
        let (key, certificate) = (file("\(title).key"), file("\(title).pem"))
        try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-keyout", key, "-out", certificate, "-subj", "/CN=\(title)", "-addext", "subjectAltName=DNS:\(title)",
        ])
        return TLSIdentity(certificate: certificate, key: key)
    }

    /// Revokes a certificate and hands back the path of the list that says so.
    func revoke(_ identity: TLSIdentity?) throws -> String {
        if let identity { try run(["ca", "-batch", "-config", file("ca.cnf"), "-revoke", identity.certificate]) }
        let list = file("list-\(UUID().uuidString).pem")
        try run(["ca", "-batch", "-config", file("ca.cnf"), "-gencrl", "-out", list])
        return list
    }

    private func run(_ arguments: [String]) throws {
        try turn.withLock { _ in try Authority.execute(arguments) }
    }

    private static func execute(_ arguments: [String]) throws {
        let said = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).said").path
        defer { try? FileManager.default.removeItem(atPath: said) }
        guard try SpawnedProgram("/usr/bin/openssl", arguments, errors: said).wait() == 0 else {
            throw Failure(description: try String(contentsOfFile: said, encoding: .utf8))
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
