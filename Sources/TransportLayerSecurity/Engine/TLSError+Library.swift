// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension TLSError {
    /// The words for a result of the verification of a chain.
    init(verification code: Int32, certificate: OpaquePointer, title: String) {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            self = .expired(name: title, until: CertificateReader.day(X509_get0_notAfter(certificate)))
        case X509_V_ERR_CERT_NOT_YET_VALID:
            self = .notYetValid(name: title, from: CertificateReader.day(X509_get0_notBefore(certificate)))
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            self = .selfSigned(name: title)
        case X509_V_ERR_CERT_REVOKED:
            self = .revoked(name: title)
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID:
            self = .noRevocationList(name: title)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_UNTRUSTED:
            self = .unknownIssuer(name: title)
        default:
            let words = X509_verify_cert_error_string(Int(code)).map { String(cString: $0) }
            self = .badCertificate(name: title, reason: words ?? "certificate refused")
        }
    }

    /// The words for the reason of a failed call.
    init(libraryReason reason: Int32) {
        switch reason {
        case SSL_R_NO_SHARED_CIPHER:
            self = .noSharedCipher
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_VERSION_TOO_LOW,
            SSL_R_WRONG_SSL_VERSION, SSL_R_NO_PROTOCOLS_AVAILABLE:
            self = .noSharedVersion
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            self = .noCertificate
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            self = .truncated
        case 1_000..<1_256:
            // Alerts of the peer are numbered from 1000 on.
            self = .refusedByPeer(alert: Self.words(ofAlert: reason - 1_000))
        default:
            // The library's text is looked up by a packed number: library in the upper bits, reason in the lower.
            let packed = UInt(ERR_LIB_SSL) << 23 | UInt(truncatingIfNeeded: max(0, reason))
            let words = ERR_reason_error_string(packed).map { String(cString: $0) }
            self = .malformed(reason: words ?? "reason \(reason)")
        }
    }

    private static func words(ofAlert alert: Int32) -> String {
        SSL_alert_desc_string_long(alert).map { String(cString: $0) } ?? "alert \(alert)"
    }
}
