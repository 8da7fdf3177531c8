// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TransportLayerSecurity

struct SettingsTests {
    let authority: Authority

    init() throws {
        authority = try Authority.shared.get()
    }

    private func reason(_ settings: TLSServerSettings) -> String {
        do throws(TLSSettingsError) {
            _ = try TLSServerContext(settings)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("A key file that others can read is refused with what to do", arguments: [0o644, 0o660, 0o604, 0o602])
    func readableKey(mode: Int) throws {
        let identity = try authority.issue("mode\(mode)", names: "DNS:a.example")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: identity.key)
        let words = reason(TLSServerSettings(identity: identity))
        #expect(words.contains("can be read or written by others (mode \(String(mode, radix: 8)))"))
        #expect(words.hasSuffix("run `chmod 600 \(identity.key)`"))
    }

    @Test("Only the owner may read a key, and the group a key of root's", arguments: [0o600, 0o400, 0o640])
    func allowedModes(mode: Int) throws {
        let identity = try authority.issue("good\(mode)", names: "DNS:a.example")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: identity.key)
        let isAllowed = mode & 0o077 == 0 || getuid() == 0
        #expect(reason(TLSServerSettings(identity: identity)).isEmpty == isAllowed)
    }

    @Test("Files that are missing, wrong or do not belong together are named")
    func wrongFiles() throws {
        let (one, two) = (try authority.issue("one", names: "DNS:1.example"), try authority.issue("two", names: ""))
        var settings = TLSServerSettings(identity: TLSIdentity(certificate: one.certificate, key: two.key))
        #expect(reason(settings).contains("does not belong to the certificate"))
        settings.identity = TLSIdentity(certificate: "/nonexistent.pem", key: one.key)
        #expect(reason(settings).contains("cannot read the certificate file /nonexistent.pem: No such file"))
        settings.identity = TLSIdentity(certificate: one.key, key: one.key)
        #expect(reason(settings).contains("holds no usable certificate"))
        settings.identity = one
        settings.common.authorities = one.key
        #expect(reason(settings).contains("holds no certificate of an authority"))
        settings.common.authorities = nil
        settings.common.revocationLists = one.certificate
        #expect(reason(settings).contains("holds no revocation list"))
        settings.common.revocationLists = nil
        settings.common.ciphers = "NONSENSE"
        #expect(reason(settings).contains("names no cipher suite"))
    }
}
