// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A listener's certificates and rules, read from their files; never changed, so that every shard may use it.
///
/// A reload makes a new one. Connections hold the one that they began with.
package final class TLSServerContext: @unchecked Sendable {
    /// What it was made from.
    package let settings: TLSServerSettings
    let pointer: OpaquePointer
    private let domains: [String: OpaquePointer]

    /// How long a session can be resumed, in seconds: what a certificate's end or revocation may be late.
    private static let sessionLifetime = 3600

    /// Reads the files.
    ///
    /// - Throws: `TLSSettingsError` when one of them is unusable.
    package init(_ settings: TLSServerSettings) throws(TLSSettingsError) {
        let main = try Self.make(settings, settings.identity)
        var domains: [String: OpaquePointer] = [:]
        do throws(TLSSettingsError) {
            for (domain, identity) in settings.domains {
                domains[domain.lowercased()] = try Self.make(settings, identity)
            }
        } catch {
            SSL_CTX_free(main)
            for context in domains.values { SSL_CTX_free(context) }
            throw error
        }
        self.settings = settings
        pointer = main
        self.domains = domains
        _ = COpenSSL_SSL_CTX_set_tlsext_servername_callback(main) { connection, _, _ in
            guard let engine = TLSEngine.of(connection) else { return SSL_TLSEXT_ERR_NOACK }
            return engine.chooseDomain() ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK
        }
    }

    deinit {
        SSL_CTX_free(pointer)
        for context in domains.values { SSL_CTX_free(context) }
    }

    /// The context with the certificate of a domain; nil for an unknown one.
    func context(forDomain domain: String) -> OpaquePointer? {
        let domain = domain.hasSuffix(".") ? String(domain.dropLast()) : domain
        return domains[domain.lowercased()]
    }

    private static func make(
        _ settings: TLSServerSettings,
        _ identity: TLSIdentity
    ) throws(TLSSettingsError) -> OpaquePointer {
        let context = try ContextMaker.make(settings.common, isServer: true)
        do throws(TLSSettingsError) {
            try ContextMaker.install(identity, in: context)
            ask(context, settings)
            return context
        } catch {
            SSL_CTX_free(context)
            throw error
        }
    }

    private static func ask(_ context: OpaquePointer, _ settings: TLSServerSettings) {
        // Tickets alone: sessions that peers may come back to cost no memory here.
        _ = COpenSSL_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_num_tickets(context, 1)
        SSL_CTX_set_timeout(context, sessionLifetime)
        let name = Array("tollgate".utf8)
        SSL_CTX_set_session_id_context(context, name, UInt32(name.count))
        switch settings.clientCertificates {
        case .none:
            SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        case .request:
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        case .require:
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        }
        if settings.clientCertificates != .none, let authorities = settings.common.authorities {
            SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(authorities))
        }
        SSL_CTX_set_cert_verify_callback(context, TLSEngine.verifyCallback, nil)
    }
}
