// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import TransportLayerSecurity

extension StreamConnection: TLSHandlerDelegate {
    func handshakeMayBegin(_ channel: any Channel) -> Bool {
        origin == .opened || admit(channel)
    }

    func handshakeEnded(_ result: Result<ConnectionSecurity, TLSError>) {
        endHandshake()
        switch result {
        case .success(let found):
            security = found
            transport.counters.handshakes &+= 1
            if found.isResumed { transport.counters.handshakesResumed &+= 1 }
        case .failure:
            transport.counters.handshakesFailed &+= 1
        }
    }

    /// Counts an accepted connection among those in their handshake.
    func beginHandshake() {
        isInHandshake = true
        transport.connections.beginHandshake(of: self)
    }

    /// Counts it there no more.
    func endHandshake() {
        guard isInHandshake else { return }
        isInHandshake = false
        transport.connections.endHandshake(of: self)
    }

    /// TLS failed, in the handshake or later.
    func noteBroken(_ error: TLSError) {
        if error == .truncated {
            transport.counters.truncatedStreams &+= 1
            // Telephones that lose their network end like this all day; only a message cut short is worth telling.
            guard partialSince != nil else { return }
        }
        transport.postSecurityFailed(self, reason: error.description)
    }
}
