// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What listeners' and clients' contexts are made of alike.
enum ContextMaker {
    /// RFC 8446 §4.4.2: chains are a few kilobytes; libssl would take 100.
    private static let longestChain = 65_536

    /// Makes a context with versions, ciphers, authorities and revocation lists; the caller owns it.
    static func make(_ common: TLSCommonSettings, isServer: Bool) throws(TLSSettingsError) -> OpaquePointer {
        guard let context = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSSettingsError("libssl cannot make a context", "try again, memory is short")
        }
        do throws(TLSSettingsError) {
            try configure(context, common)
            return context
        } catch {
            SSL_CTX_free(context)
            ERR_clear_error()
            throw error
        }
    }

    private static func configure(_ context: OpaquePointer, _ common: TLSCommonSettings) throws(TLSSettingsError) {
        _ = COpenSSL_SSL_CTX_set_min_proto_version(context, number(common.minimumVersion))
        _ = COpenSSL_SSL_CTX_set_max_proto_version(context, number(common.maximumVersion))
        _ = COpenSSL_SSL_CTX_set_max_cert_list(context, longestChain)
        // Renegotiation lets a peer make this side compute without end (CVE-2011-1473); compression tells secrets.
        SSL_CTX_set_options(context, UInt64(1) << 30 | UInt64(1) << 17)
        _ = COpenSSL_SSL_CTX_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
        guard SSL_CTX_set_cipher_list(context, common.ciphers) == 1 else {
            throw TLSSettingsError(
                "`\(common.ciphers)` names no cipher suite",
                "write a list that `openssl ciphers` understands, or leave it out"
            )
        }
        try trust(context, common.authorities)
        if let path = common.revocationLists { try revoke(context, path) }
    }

    private static func number(_ version: TLSVersion) -> Int32 {
        switch version {
        case .version12: TLS1_2_VERSION
        case .version13: TLS1_3_VERSION
        }
    }

    private static func trust(_ context: OpaquePointer, _ authorities: String?) throws(TLSSettingsError) {
        guard let authorities else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw TLSSettingsError("the system's certificate authorities cannot be read", "name a file with `ca`")
            }
            return
        }
        try PEMFile.checkReadable(authorities, "certificate authority")
        guard SSL_CTX_load_verify_file(context, authorities) == 1 else {
            throw TLSSettingsError(
                "\(authorities) holds no certificate of an authority",
                "give a PEM file with one certificate or more"
            )
        }
    }

    private static func revoke(_ context: OpaquePointer, _ path: String) throws(TLSSettingsError) {
        try PEMFile.checkReadable(path, "revocation list")
        guard let store = SSL_CTX_get_cert_store(context),
            let lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file()),
            X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) > 0
        else {
            throw TLSSettingsError("\(path) holds no revocation list", "give a PEM file (openssl ca -gencrl)")
        }
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK))
    }

    /// Gives a context its certificate chain and key.
    static func install(_ identity: TLSIdentity, in context: OpaquePointer) throws(TLSSettingsError) {
        try PEMFile.checkReadable(identity.certificate, "certificate")
        guard SSL_CTX_use_certificate_chain_file(context, identity.certificate) == 1 else {
            ERR_clear_error()
            throw TLSSettingsError(
                "\(identity.certificate) holds no usable certificate",
                "give a PEM chain, this host's certificate first, with a key of 2048 bits or more"
            )
        }
        let key = try KeyFile.read(identity.key)
        defer { EVP_PKEY_free(key) }
        guard SSL_CTX_use_PrivateKey(context, key) == 1, SSL_CTX_check_private_key(context) == 1 else {
            ERR_clear_error()
            throw TLSSettingsError(
                "the key \(identity.key) does not belong to the certificate \(identity.certificate)",
                "name the key that the certificate was made for"
            )
        }
    }
}
