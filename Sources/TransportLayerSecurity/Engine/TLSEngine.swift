// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import NIOCore

/// One connection's libssl state between two memory BIOs: ciphertext in and out, plaintext in and out, no socket.
///
/// Belongs to one event loop.
final class TLSEngine {
    /// Which side this is.
    enum Role {
        case server(TLSServerContext)
        case client(TLSClientContext, PeerName)
    }

    /// What an operation on the connection came to.
    enum Outcome {
        /// It is done.
        case done
        /// More ciphertext is needed.
        case starved
        /// The peer sent close_notify (RFC 8446 §6.1).
        case closed
        case failed(TLSError)
    }

    let role: Role
    let pointer: OpaquePointer
    private var incoming: OpaquePointer
    private var outgoing: OpaquePointer
    private var presentedCertificate = false
    private var offeredAfterPresenting = false
    private var presentsCertificate = false
    /// Why our own check refused the peer's certificate.
    private var refusal: TLSError?
    /// Whether a chain was verified in this handshake.
    private var isVerified = false

    /// Where a connection's own pointer to its engine is kept.
    private static let index = COpenSSL_SSL_new_index()

    init(_ role: Role) throws(TLSError) {
        let context =
            switch role {
            case .server(let context): context.pointer
            case .client(let context, _): context.pointer
            }
        guard let pointer = SSL_new(context) else { throw .unavailable }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(pointer)
            throw .unavailable
        }
        self.role = role
        self.pointer = pointer
        self.incoming = incoming
        self.outgoing = outgoing
        // An empty BIO means that more is to come, not the end.
        _ = COpenSSL_BIO_set_mem_eof_return(incoming, -1)
        SSL_set_bio(pointer, incoming, outgoing)
        SSL_set_ex_data(pointer, Self.index, Unmanaged.passUnretained(self).toOpaque())
        begin()
    }

    deinit {
        // SAFETY: the connection's callbacks run inside calls on `pointer` only; none comes after this.
        SSL_set_ex_data(pointer, Self.index, nil)
        SSL_free(pointer)
        ERR_clear_error()
    }

    private func begin() {
        switch role {
        case .server:
            SSL_set_accept_state(pointer)
        case .client(let context, let peer):
            SSL_set_connect_state(pointer)
            presentsCertificate = context.settings.identity != nil
            if CertificateNames.octets(ofAddress: peer.name) == nil {
                _ = COpenSSL_SSL_set_tlsext_host_name(pointer, peer.name)
            }
            offeredAfterPresenting = context.offerSession(pointer, name: peer.sessionKey)
        }
    }

    /// The engine of a connection, for libssl's callbacks.
    static func of(_ connection: OpaquePointer?) -> TLSEngine? {
        guard let connection, let owner = SSL_get_ex_data(connection, index) else { return nil }
        // SAFETY: set in `init` to the engine that owns the connection, and cleared in `deinit`.
        return Unmanaged<TLSEngine>.fromOpaque(owner).takeUnretainedValue()
    }
}

extension TLSEngine {
    /// Takes ciphertext from the peer.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        BIO_write(incoming, base, Int32(clamping: bytes.count))
    }

    /// Goes on with the handshake.
    func handshake() -> Outcome {
        ERR_clear_error()
        let result = SSL_do_handshake(pointer)
        if result == 1 { return finishHandshake() }
        return outcome(of: result)
    }

    /// Decrypts what has come.
    func read(into buffer: inout ByteBuffer) -> Outcome {
        while true {
            ERR_clear_error()
            var result: Int32 = 0
            let room = max(512, Int(SSL_pending(pointer)), BIO_ctrl_pending(incoming))
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { bytes in
                result = SSL_read(pointer, bytes.baseAddress, Int32(clamping: bytes.count))
                return max(0, Int(result))
            }
            if result <= 0 { return outcome(of: result) }
        }
    }

    /// Encrypts plaintext.
    func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return .done }
        ERR_clear_error()
        let result = SSL_write(pointer, base, Int32(clamping: bytes.count))
        return result > 0 ? .done : outcome(of: result)
    }

    /// Says close_notify; says nothing when the connection has failed.
    func close() {
        ERR_clear_error()
        if SSL_is_init_finished(pointer) == 1 { SSL_shutdown(pointer) }
        ERR_clear_error()
    }

    /// The ciphertext to send; nil for none.
    func takeOutput(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
        let count = BIO_ctrl_pending(outgoing)
        guard count > 0 else { return nil }
        var buffer = allocator.buffer(capacity: count)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
            max(0, Int(BIO_read(outgoing, bytes.baseAddress, Int32(clamping: count))))
        }
        return buffer
    }

    /// Gives up the memory BIOs of the handshake, when empty, for fresh ones that hold nothing: what they grew to is of
    /// no use to a connection that stays idle.
    func shrink() {
        guard BIO_ctrl_pending(incoming) == 0, BIO_ctrl_pending(outgoing) == 0, let fresh = BIO_new(BIO_s_mem()),
            let other = BIO_new(BIO_s_mem())
        else { return }
        _ = COpenSSL_BIO_set_mem_eof_return(fresh, -1)
        incoming = fresh
        outgoing = other
        SSL_set_bio(pointer, fresh, other)
    }

    private func finishHandshake() -> Outcome {
        guard case .client(_, let peer) = role else { return .done }
        if SSL_session_reused(pointer) == 1 { presentedCertificate = offeredAfterPresenting }
        if peer.isMutual, !presentedCertificate { return .failed(.notMutual) }
        return .done
    }

    private func outcome(of result: Int32) -> Outcome {
        let code = SSL_get_error(pointer, result)
        switch code {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .starved
        case SSL_ERROR_ZERO_RETURN: return .closed
        default:
            let error = refusal ?? TLSError(libraryReason: COpenSSL_first_error_reason())
            ERR_clear_error()
            return .failed(error)
        }
    }
}

extension TLSEngine {
    /// A client's peer asked for a certificate, and gets it when there is one.
    func certificateRequested() {
        presentedCertificate = presentsCertificate
    }

    /// Takes a session to be resumed; false leaves it to libssl.
    func keeps(_ session: OpaquePointer) -> Bool {
        guard case .client(let context, let peer) = role, isVerified || SSL_session_reused(pointer) == 1 else {
            return false
        }
        context.keep(session, name: peer.sessionKey, presentedCertificate: presentedCertificate)
        return true
    }

    /// Shows the certificate of the domain that the client asks for.
    func chooseDomain() -> Bool {
        guard case .server(let context) = role, let name = serverName,
            let chosen = context.context(forDomain: name)
        else { return false }
        return SSL_set_SSL_CTX(pointer, chosen) != nil
    }

    /// The domain that a client asks for.
    private var serverName: String? {
        SSL_get_servername(pointer, TLSEXT_NAMETYPE_host_name).map { String(cString: $0) }
    }

    /// Checks a peer's chain, and on a connection opened from this side its name as well.
    static let verifyCallback: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { store, _ in
        guard let store,
            let connection = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
            let engine = TLSEngine.of(OpaquePointer(connection))
        else { return 0 }
        return engine.verify(store) ? 1 : 0
    }

    private func verify(_ store: OpaquePointer) -> Bool {
        let isGood = X509_verify_cert(store) == 1
        guard let certificate = X509_STORE_CTX_get0_cert(store) else { return false }
        let names = CertificateReader.names(of: certificate)
        guard case .client(let context, let peer) = role else {
            if isGood { isVerified = true } else { refuse(store, certificate, names) }
            return isGood
        }
        guard context.settings.verifies else {
            X509_STORE_CTX_set_error(store, X509_V_ERR_UNSPECIFIED)
            return true
        }
        guard isGood else {
            refuse(store, certificate, names)
            return false
        }
        let wildcards = context.settings.allowsWildcards
        guard ([peer.name] + peer.alternatives).contains(where: { names.covers($0, allowsWildcards: wildcards) }) else {
            refusal = .wrongName(names: names.domainIdentities, wanted: peer.name)
            X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH)
            return false
        }
        isVerified = true
        return true
    }

    private func refuse(_ store: OpaquePointer, _ certificate: OpaquePointer, _ names: CertificateNames) {
        // The words are about the certificate that is wrong, which may be an authority's.
        let wrong = X509_STORE_CTX_get_current_cert(store) ?? certificate
        let title = wrong == certificate ? names.title : CertificateReader.names(of: wrong).title
        refusal = TLSError(verification: X509_STORE_CTX_get_error(store), certificate: wrong, title: title)
    }

    /// What is known of the connection after its handshake.
    func security() -> ConnectionSecurity {
        let certificate = SSL_get1_peer_certificate(pointer)
        defer { X509_free(certificate) }
        let isResumed = SSL_session_reused(pointer) == 1
        // A resumed session was verified when it was made; what libssl then found is kept with it.
        let wasVerified = isResumed && SSL_get_verify_result(pointer) == Int(X509_V_OK)
        return ConnectionSecurity(
            version: String(cString: SSL_get_version(pointer)),
            cipher: SSL_CIPHER_get_name(SSL_get_current_cipher(pointer)).map { String(cString: $0) } ?? "",
            peer: certificate.map(CertificateReader.certificate),
            isVerified: certificate != nil && (isVerified || wasVerified),
            isResumed: isResumed,
            presentedCertificate: presentedCertificate,
            serverName: serverName
        )
    }
}
