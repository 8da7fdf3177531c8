// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import SIPMessage

extension MessageComposer {
    /// Appends a trunk's host, and its port where one has to be named.
    mutating func append(place trunk: Trunk) {
        append(host: trunk.host)
        guard trunk.port != trunk.transport.defaultPort, trunk.port != 0 else { return }
        append(":")
        append(decimal: trunk.port)
    }

    /// Appends the transport parameter of a trunk's URI, where one has to be named.
    mutating func append(transportOf trunk: Trunk) {
        guard !trunk.findsTransport else { return }
        append(parameterOf: trunk.transport)
    }

    /// Appends a transport parameter; UDP goes without.
    fileprivate mutating func append(parameterOf transport: SIPTransportProtocol) {
        switch transport {
        case .udp: break
        case .tcp: append(";transport=tcp")
        case .tls: append(";transport=tls")
        }
    }

    /// Appends the user part of a URI; what may not stand in one is escaped (RFC 3261 §19.1.2).
    fileprivate mutating func append(user: String) {
        for byte in user.utf8 {
            let isMark = "-_.!~*'()&=+$,;?/".utf8.contains(byte)
            let isAlphanumeric = ASCII.isDigit(byte) || (0x41...0x5A).contains(byte & 0xDF)
            append(isMark || isAlphanumeric ? [byte] : Array("%\(byte < 16 ? "0" : "")".utf8) + Self.hexadecimal(byte))
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        Array(String(byte, radix: 16, uppercase: true).utf8)
    }
}

/// A request of the gateway's own to a trunk, outside any call.
package struct TrunkRequest {
    /// Names the request among all: its Call-ID, its number, its From tag and its branch.
    package struct Names {
        /// The Call-ID.
        package var callID: UInt64
        /// The From tag.
        package var tag: UInt64
        /// The branch.
        package var branch: UInt64
        /// The CSeq number.
        package var sequenceNumber: UInt32

        /// Makes names.
        package init(callID: UInt64, tag: UInt64, branch: UInt64, sequenceNumber: UInt32) {
            self.callID = callID
            self.tag = tag
            self.branch = branch
            self.sequenceNumber = sequenceNumber
        }
    }

    /// The trunk.
    package let trunk: Trunk
    /// Where the request goes.
    package let server: LocatedHop
    /// What the gateway says in User-Agent; empty for nothing.
    package let userAgent: [UInt8]

    /// Makes a request to one of a trunk's servers.
    package init(_ trunk: Trunk, at server: LocatedHop, userAgent: [UInt8]) {
        self.trunk = trunk
        self.server = server
        self.userAgent = userAgent
    }

    /// The next hop to a trunk, which may have to be located.
    package static func hop(to trunk: Trunk, listener: Int, local: LocalAddress) -> NextHop {
        OutboundTarget.behind(trunk, uri: [], listener: listener, local: local).hop
    }

    /// An OPTIONS that asks whether the trunk is there (RFC 3261 §11.1).
    package func options(_ names: Names) -> OutgoingRequest {
        var uri = MessageComposer(capacity: 64)
        uri.append("sip:")
        uri.append(place: trunk)
        uri.append(transportOf: trunk)
        var from = MessageComposer(capacity: 64)
        from.append("<sip:")
        from.append(server.local.host)
        from.append(">")
        return request(.options, uri.bytes, from: from.bytes, to: Self.bracketed(uri.bytes), names) { composer in
            composer.append("Accept: application/sdp\r\n")
        }
    }

    /// The Request-URI of a REGISTER: the registrar's domain, without a user (RFC 3261 §10.2).
    package func registrar(_ settings: TrunkRegistrationSettings) -> [UInt8] {
        var uri = MessageComposer(capacity: 64)
        uri.append("sip:")
        appendDomain(settings, to: &uri)
        return uri.bytes
    }

    /// A REGISTER (RFC 3261 §10.2).
    ///
    /// - Parameters:
    ///   - settings: Whose contact is registered, and where.
    ///   - expires: The seconds to ask for; 0 takes the contact back.
    ///   - names: Its names.
    ///   - credentials: The answer to the trunk's challenge, if there is one.
    /// - Returns: The request.
    package func register(
        _ settings: TrunkRegistrationSettings,
        expires: Int,
        _ names: Names,
        credentials: TrunkCredentials?
    ) -> OutgoingRequest {
        var record = MessageComposer(capacity: 64)
        record.append("<sip:")
        record.append(user: user(settings))
        record.append("@")
        appendDomain(settings, to: &record)
        record.append(">")
        let contact = contact(settings)
        return request(.register, registrar(settings), from: record.bytes, to: record.bytes, names) { composer in
            composer.line("Contact: ", contact)
            composer.append("Expires: \(expires)\r\n")
            if let credentials { composer.append(credentials) }
        }
    }

    /// The user part of the contact that is registered.
    package func contactUser(_ settings: TrunkRegistrationSettings) -> String {
        settings.contactUser ?? user(settings)
    }

    private func user(_ settings: TrunkRegistrationSettings) -> String {
        settings.username ?? trunk.username ?? ""
    }

    private func contact(_ settings: TrunkRegistrationSettings) -> [UInt8] {
        var contact = MessageComposer(capacity: 96)
        contact.append("<sip:")
        contact.append(user: contactUser(settings))
        contact.append("@")
        contact.append(server.local.sentBy)
        contact.append(parameterOf: server.hop.transport)
        contact.append(">")
        return contact.bytes
    }

    private func appendDomain(_ settings: TrunkRegistrationSettings, to composer: inout MessageComposer) {
        if let domain = settings.domain { composer.append(host: domain) } else { composer.append(place: trunk) }
    }

    private static func bracketed(_ uri: [UInt8]) -> [UInt8] {
        Array("<".utf8) + uri + Array(">".utf8)
    }

    private func request(
        _ method: Method,
        _ uri: [UInt8],
        from: [UInt8],
        to: [UInt8],
        _ names: Names,
        rest: (inout MessageComposer) -> Void
    ) -> OutgoingRequest {
        var sender = MessageComposer(capacity: from.count + 24)
        sender.append(from)
        sender.append(";tag=")
        sender.append(hexadecimal: names.tag)
        var callID = MessageComposer(capacity: 16)
        callID.append(hexadecimal: names.callID)
        return OutgoingRequest(
            method: method,
            uri: uri,
            via: ViaLine(
                transport: ViaTransport(server.hop.transport),
                sentBy: server.local.sentBy,
                branch: names.branch
            ),
            routes: [],
            from: sender.bytes,
            to: to,
            callID: callID.bytes,
            sequenceNumber: names.sequenceNumber,
            maxForwards: 70
        ) { composer in
            rest(&composer)
            if !userAgent.isEmpty { composer.line("User-Agent: ", userAgent) }
            composer.finish()
        }
    }
}
