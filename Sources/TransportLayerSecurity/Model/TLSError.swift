// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a TLS connection could not be made, or ended badly, in words for an operator.
package enum TLSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The peer's first byte begins no TLS record (RFC 8446 §5.1).
    case notTLS(firstByte: UInt8)
    /// The certificate's time is over; `until` is its last day as year-month-day.
    case expired(name: String, until: String)
    /// The certificate's time has not come; `from` is its first day as year-month-day.
    case notYetValid(name: String, from: String)
    /// The certificate is good, but for other names than the one wanted (RFC 5922 §7.2).
    case wrongName(names: [String], wanted: String)
    /// The certificate is signed by itself, or its chain ends in a root that is not trusted.
    case selfSigned(name: String)
    /// The certificate stands on its issuer's revocation list.
    case revoked(name: String)
    /// There is no usable revocation list of the certificate's issuer.
    case noRevocationList(name: String)
    /// No trusted authority vouches for the certificate.
    case unknownIssuer(name: String)
    /// The chain fails another check; libssl's words.
    case badCertificate(name: String, reason: String)
    /// The peer sent no certificate where one is required.
    case noCertificate
    /// The peer never asked for this side's certificate where mutual authentication is required.
    case notMutual
    /// The two sides have no cipher suite in common.
    case noSharedCipher
    /// The two sides have no protocol version in common.
    case noSharedVersion
    /// The peer ended the connection with this alert (RFC 8446 §6).
    case refusedByPeer(alert: String)
    /// A record or handshake message is malformed or does not authenticate; libssl's words.
    case malformed(reason: String)
    /// The handshake took longer than allowed.
    case handshakeTimeout
    /// The connection ended without close_notify: what came last may be missing (RFC 8446 §6.1).
    case truncated
    /// The connection ended before the handshake did.
    case closedInHandshake
    /// More plaintext waits for the end of the handshake than is held.
    case tooMuchWaiting
    /// libssl could not make the connection's state, for want of memory.
    case unavailable

    /// The reason in words.
    package var description: String {
        switch self {
        case .notTLS(let byte): "peer speaks no TLS (first byte 0x\(TLSError.hexadecimal(byte)))"
        case .expired(let name, let until): "certificate has expired (\(name), \(until))"
        case .notYetValid(let name, let from): "certificate is not valid yet (\(name), \(from))"
        case .wrongName(let names, let wanted):
            "the certificate is for \(names.isEmpty ? "no name" : names.joined(separator: ", ")), not for \(wanted)"
        case .selfSigned(let name): "self-signed certificate (\(name))"
        case .revoked(let name): "certificate is revoked (\(name))"
        case .noRevocationList(let name): "no current revocation list of the certificate's issuer (\(name))"
        case .unknownIssuer(let name): "the certificate's issuer is not trusted (\(name))"
        case .badCertificate(let name, let reason): "\(reason) (\(name))"
        case .noCertificate: "peer sent no certificate"
        case .notMutual: "peer did not ask for a certificate, so that the connection is not mutual TLS"
        case .noSharedCipher: "no shared cipher"
        case .noSharedVersion: "no shared TLS version"
        case .refusedByPeer(let alert): "peer refused: \(alert)"
        case .malformed(let reason): "broken TLS: \(reason)"
        case .handshakeTimeout: "TLS handshake timed out"
        case .truncated: "connection ended without close_notify"
        case .closedInHandshake: "connection ended during the TLS handshake"
        case .tooMuchWaiting: "too much waits for the TLS handshake"
        case .unavailable: "TLS is out of memory"
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
