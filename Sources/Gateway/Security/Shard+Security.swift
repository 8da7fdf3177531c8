// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import Logging
import MonotonicTime
import SIPMessage
import SIPTransport
import TransportLayerSecurity

extension TransportKind {
    /// The transport as policy and configuration name it.
    init(_ transport: SIPTransportProtocol) {
        self =
            switch transport {
            case .udp: .udp
            case .tcp: .tcp
            case .tls: .tls
            }
    }

    /// The transport as policy and configuration name it.
    var name: SIPTransportProtocol {
        switch self {
        case .udp: .udp
        case .tcp: .tcp
        case .tls: .tls
        }
    }
}

extension Shard {
    /// Whom a TLS connection for a hop must lead to (RFC 5922 §7.3); nil where only a connection that is there will do.
    ///
    /// A trunk must prove the name that it is configured by, whatever address or Contact led to the hop. Its further
    /// hosts may prove their own names instead, and so may what an untrusted trunk's route set or Contact names: a
    /// trusted trunk's other hosts would be told identities on nobody's word.
    func destination(of hop: NextHop) -> SecureDestination? {
        guard hop.transport == .tls else { return nil }
        guard let id = hop.trunk else {
            // The way back along a connection: nobody else may stand in for its far end.
            guard hop.connection == 0, let general = security.general else { return nil }
            return SecureDestination(context: general.context, peer: PeerName(hop.name ?? hop.host))
        }
        guard let context = security.trunks[id]?.context,
            let trunk = policy.snapshot.trunks.first(where: { $0.id == id })
        else { return nil }
        let name = trunk.security.verifyName ?? trunk.host
        // An address that the name was located at proves nothing: whoever answers DNS chose it (RFC 5922 §7.2).
        let host = hop.name ?? hop.host
        let mayBeItself = host != trunk.host && (trunk.owns(host: host) || !trunk.isInTrustDomain)
        return SecureDestination(
            context: context,
            peer: PeerName(
                name,
                alternatives: mayBeItself ? [host] : [],
                isMutual: trunk.demandsMutualTLS
            )
        )
    }

    /// RFC 5630 §3: a sips Request-URI goes nowhere but over TLS.
    func isSecureEnough(_ request: [UInt8], _ hop: NextHop) -> Bool {
        guard hop.transport != .tls, let blank = request.firstIndex(of: UInt8(ascii: " ")),
            request.count > blank + 6
        else { return true }
        return !request.span.equals((blank + 1)..<(blank + 6), ignoringCase: "sips:")
    }

    /// What is wrong with the schemes of a request that names a sips URI, or a sips Contact (RFC 5630 §5.2 and §5.3);
    /// nil when nothing is.
    func schemeFault(of message: SIPMessage) -> String? {
        guard let uri = message.requestURI else { return nil }
        let bytes = message.bytes
        for element in message.elements(.contact) {
            guard let contact = try? NameAddress.parse(bytes.span, element.indices) else { continue }
            if contact.uri.scheme == .sips, uri.scheme != .sips, message.method == .register {
                return "a sips Contact is registered by a sips Request-URI"
            }
            if contact.uri.scheme == .sip, uri.scheme == .sips {
                return "a sips Request-URI needs a sips Contact"
            }
        }
        return nil
    }

    /// The targets that a call may be offered to, for the scheme it was dialled by.
    func targets(_ all: [OutboundTarget], isSecure: Bool) -> [OutboundTarget] {
        if isSecure { return all.compactMap(\.secured) }
        return all.contains { isSecureURI($0.requestURI) } ? all.map(\.unsecured) : all
    }

    func securityFailed(with peer: PeerAddress, listener: Int, reason: String) {
        touch()
        securityNotices.failed += 1
        // Anyone can make handshakes fail; the log is told of one in a second, and how many there were.
        guard securityNotices.until <= now else { return }
        context.logger.notice(
            "TLS failed",
            metadata: ["peer": "\(peer)", "reason": "\(reason)", "failures": "\(securityNotices.failed)"]
        )
        securityNotices = SecurityNotices(until: now + .seconds(1))
    }
}

/// How often TLS has failed since the log was told.
struct SecurityNotices {
    var failed = 0
    var until = Instant(milliseconds: 0)
}
