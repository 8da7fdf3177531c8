// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import NIOCore
internal import TransportLayerSecurity

/// Turns the system's error numbers into this module's words.
enum SystemError {
    /// The system's own text for an error number.
    static func text(_ code: Int32) -> String {
        guard let words = strerror(code) else { return "error \(code)" }
        return String(cString: words)
    }

    /// The failure an error number of `sendto` or `connect` stands for.
    static func failure(_ code: Int32) -> TransportFailure {
        switch code {
        case ECONNREFUSED: .refused
        case ETIMEDOUT: .timedOut
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL, EINVAL: .unreachable
        case EMSGSIZE: .tooLong
        case ECONNRESET, EPIPE, ENOTCONN, EBADF: .connectionClosed
        case EAFNOSUPPORT: .noSuitableListener
        default: .system(code)
        }
    }

    /// The failure a NIO error stands for.
    static func failure(_ error: any Error) -> TransportFailure {
        if let failure = error as? IOError {
            return SystemError.failure(failure.errnoCode)
        }
        if let failure = error as? TLSError {
            return .insecure(failure.description)
        }
        switch error as? ChannelError {
        case .connectTimeout: return .timedOut
        case .some, .none: return .connectionClosed
        }
    }
}
