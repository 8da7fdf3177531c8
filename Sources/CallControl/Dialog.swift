// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// One dialog of a leg (RFC 3261 §12), seen from the gateway.
struct Dialog {
    /// The Call-ID.
    var callID: [UInt8]
    /// Our tag.
    var localTag: UInt64
    /// The peer's tag; empty until known.
    var remoteTag: [UInt8]
    /// Our address with our tag, as From of our requests.
    var local: [UInt8]
    /// The peer's address with its tag, as To of our requests.
    var remote: [UInt8]
    /// The number of our latest request.
    var localSequence: UInt32
    /// The number of the peer's latest request; nil before the first.
    var remoteSequence: UInt32?
    /// The route set as Route lines, each ending in CRLF; without a strict router at its head.
    var routes: [UInt8] = []
    /// The URI of a strict router at the head of the route set (RFC 3261 §12.2.1.1); nil for a loose one.
    var strictRouter: [UInt8]?
    /// The peer's Contact URI, the Request-URI of our requests.
    var target: [UInt8]
    /// Where requests are sent.
    var hop: NextHop
    /// How the gateway names itself here.
    var address: LocalAddress
    /// Whether the peer's latest Allow lists UPDATE; not known after a restart.
    var takesUpdate = false

    /// Whether a request with our tag belongs to the dialog by its other two names too.
    func matches(_ request: SIPMessage) -> Bool {
        let mandatory = request.mandatory
        return remoteTag.elementsEqual(request.bytes[mandatory.fromTag.indices])
            && callID.elementsEqual(request.bytes[mandatory.callID.indices])
    }

    /// Composes a request inside the dialog with the next sequence number.
    mutating func request(
        _ method: Method,
        branch: UInt64,
        maxForwards: UInt8 = 70,
        rest: (inout MessageComposer) -> Void
    ) -> OutgoingRequest {
        localSequence &+= 1
        return compose(method, branch: branch, sequence: localSequence, maxForwards: maxForwards, rest: rest)
    }

    /// Composes the ACK of an INVITE's 2xx, which keeps the INVITE's number (RFC 3261 §13.2.2.4).
    func acknowledgement(
        branch: UInt64,
        sequence: UInt32,
        rest: (inout MessageComposer) -> Void
    ) -> OutgoingRequest {
        compose(.ack, branch: branch, sequence: sequence, maxForwards: 70, rest: rest)
    }

    private func compose(
        _ method: Method,
        branch: UInt64,
        sequence: UInt32,
        maxForwards: UInt8,
        rest: (inout MessageComposer) -> Void
    ) -> OutgoingRequest {
        OutgoingRequest(
            method: method,
            uri: strictRouter ?? target,
            via: ViaLine(transport: ViaTransport(hop.transport), sentBy: address.sentBy, branch: branch),
            routes: strictRouter == nil ? routes : routesEndingAtTarget,
            from: local,
            to: remote,
            callID: callID,
            sequenceNumber: sequence,
            maxForwards: maxForwards,
            rest: rest
        )
    }

    /// A strict router takes the Request-URI, so the remote target stands last among the routes.
    private var routesEndingAtTarget: [UInt8] {
        var composer = MessageComposer(capacity: routes.count + target.count + 16)
        composer.append(routes)
        composer.append("Route: <")
        composer.append(target)
        composer.append(">\r\n")
        return composer.bytes
    }

    /// Takes the peer's Contact as the new remote target (RFC 3261 §12.2.1.2).
    ///
    /// - Parameters:
    ///   - message: A target refresh request or its 2xx.
    ///   - followsContact: Whether the next hop is the Contact when there is no route set.
    mutating func refreshTarget(from message: SIPMessage, followsContact: Bool) {
        guard let contact = try? message.address(.contact), contact.uri.scheme == .sip || contact.uri.scheme == .sips
        else { return }
        let contactHop = NextHop(message.bytes, contact.uri, listener: hop.listener)
        // RFC 5630 §5.3: a sips target must not be reached but over TLS; by another transport it is no target at all.
        let staysInPlace = !followsContact || !routes.isEmpty || strictRouter != nil
        guard contact.uri.scheme == .sip || !staysInPlace || hop.transport == .tls else { return }
        target = message.copy(contact.uri.whole)
        guard followsContact, routes.isEmpty, strictRouter == nil,
            let next = contactHop
        else { return }
        let former = hop
        hop = hop.following(next)
        hop.stay(with: former, hasPort: contact.uri.port != nil)
    }

    /// Takes what a message of the peer says of its methods.
    mutating func noteMethods(of message: SIPMessage) {
        guard message.first(.allow) != nil else { return }
        takesUpdate = message.lists("UPDATE", in: .allow)
    }

    /// Takes the route set of a dialog-forming message (RFC 3261 §12.1).
    ///
    /// - Parameters:
    ///   - message: The request as server, or the response as client.
    ///   - isReversed: True as client.
    ///   - followsRoute: Whether the next hop is the first route.
    mutating func takeRouteSet(from message: SIPMessage, isReversed: Bool, followsRoute: Bool) {
        routes = []
        strictRouter = nil
        guard message.first(.recordRoute) != nil else { return }
        let elements = message.elements(.recordRoute)
        let ordered = isReversed ? Array(elements.reversed()) : elements
        let bytes = message.bytes
        let first = ordered.first.flatMap { try? NameAddress.parse(bytes.span, $0.indices) }
        var loose = ordered[...]
        if let first, !Parameters(first.uri.parameters).contains("lr", in: bytes.span) {
            strictRouter = message.copy(first.uri.whole)
            loose = loose.dropFirst()
        }
        var composer = MessageComposer(capacity: 128)
        for element in loose { composer.field("Route", bytes, element) }
        routes = composer.bytes
        guard followsRoute, let first, let next = NextHop(bytes, first.uri, listener: hop.listener) else { return }
        let former = hop
        hop = hop.following(next)
        hop.stay(with: former, hasPort: first.uri.port != nil)
    }
}

/// Text with a tag of ours behind it.
func tagged(_ address: [UInt8], _ tag: UInt64) -> [UInt8] {
    var composer = MessageComposer(capacity: address.count + 24)
    composer.append(address)
    composer.append(";tag=")
    composer.append(hexadecimal: tag)
    return composer.bytes
}

/// A tag of ours as it stands on the wire.
func tagBytes(_ tag: UInt64) -> [UInt8] {
    var composer = MessageComposer(capacity: 16)
    composer.append(hexadecimal: tag)
    return composer.bytes
}

extension SIPMessage {
    /// A range of the message as an array of its own, folded lines joined (RFC 3261 §7.3.1).
    func unfolded(_ range: FieldRange) -> [UInt8] {
        var composer = MessageComposer(capacity: Int(range.length))
        composer.appendUnfolded(bytes, range)
        return composer.bytes
    }
}
