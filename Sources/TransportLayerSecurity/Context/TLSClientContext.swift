// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Synchronization

/// The rules and the certificate of connections opened from this side, with the sessions that can be resumed.
///
/// Never changed but for the sessions, which a lock guards: every shard may use it. A reload makes a new one.
package final class TLSClientContext: @unchecked Sendable {
    /// What it was made from.
    package let settings: TLSClientSettings
    let pointer: OpaquePointer
    /// Sessions by the name that their peer was verified for.
    private let sessions = Mutex<[String: ResumableSession]>([:])

    private static let mostSessions = 256

    /// Reads the files.
    ///
    /// - Throws: `TLSSettingsError` when one of them is unusable.
    package init(_ settings: TLSClientSettings) throws(TLSSettingsError) {
        let context = try ContextMaker.make(settings.common, isServer: false)
        if let identity = settings.identity {
            do throws(TLSSettingsError) {
                try ContextMaker.install(identity, in: context)
            } catch {
                SSL_CTX_free(context)
                throw error
            }
        }
        self.settings = settings
        pointer = context
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(context, TLSEngine.verifyCallback, nil)
        SSL_CTX_set_cert_cb(
            context,
            { connection, _ in
                TLSEngine.of(connection)?.certificateRequested()
                return 1
            },
            nil
        )
        let mode = SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
        _ = COpenSSL_SSL_CTX_set_session_cache_mode(context, Int(mode))
        SSL_CTX_sess_set_new_cb(context) { connection, session in
            guard let session, let engine = TLSEngine.of(connection), engine.keeps(session) else { return 0 }
            return 1
        }
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// Takes over a session for later connections to the same name.
    func keep(_ session: OpaquePointer, name: String, presentedCertificate: Bool) {
        let kept = ResumableSession(session, presentedCertificate: presentedCertificate)
        sessions.withLock { sessions in
            if sessions.count >= Self.mostSessions, sessions[name] == nil, let other = sessions.keys.first {
                sessions[other] = nil
            }
            sessions[name] = kept
        }
    }

    /// Offers the session kept for a name to a connection; tells whether this side had shown its certificate then.
    func offerSession(_ connection: OpaquePointer, name: String) -> Bool {
        let found = sessions.withLock { sessions -> ResumableSession? in
            guard let session = sessions[name] else { return nil }
            // RFC 8446 §C.4: a ticket is used once, so that connections cannot be told to be the same client's. TLS 1.2
            // gives out no new one with each connection.
            if SSL_SESSION_get_protocol_version(session.pointer) >= TLS1_3_VERSION { sessions[name] = nil }
            return session
        }
        guard let session = found else { return false }
        return SSL_set_session(connection, session.pointer) == 1 && session.presentedCertificate
    }
}

/// A session that libssl handed over.
private final class ResumableSession: @unchecked Sendable {
    let pointer: OpaquePointer
    let presentedCertificate: Bool

    init(_ pointer: OpaquePointer, presentedCertificate: Bool) {
        self.pointer = pointer
        self.presentedCertificate = presentedCertificate
    }

    deinit {
        SSL_SESSION_free(pointer)
    }
}
