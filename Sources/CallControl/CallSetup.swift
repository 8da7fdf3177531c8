// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime
package import SIPMessage
package import SIPTransaction

/// The clocks and manners that all calls share.
package struct CallSettings: Sendable {
    /// The transaction timers.
    package var timers: TimerConfiguration
    /// How long one attempt may go without an answer.
    package var dialTimeout: Interval
    /// How long a server of a name that has others may go without a sign of life before the next one is tried.
    package var targetTimeout: Interval
    /// The longest a call may last.
    package var maximumDuration: Interval
    /// How long an answered call may go without a sign of life from an end, when neither end asked for a session timer:
    /// 90 s or more (RFC 4028 §4), or zero for as long as it likes.
    package var sessionInterval: Interval
    /// The host that the gateway shows in From and P-Asserted-Identity.
    package var gatewayHost: String
    /// What the gateway says in User-Agent; empty for nothing.
    package var userAgent: [UInt8]
    /// Header field names beyond the table that may cross between SIP legs, in lower case.
    package var passedHeaders: Set<String>
    /// The header field that tells trunks what an outside call API knows the call by; empty for none.
    package var externalIdentifierHeader: String

    /// Makes settings.
    package init(
        timers: TimerConfiguration = TimerConfiguration(),
        dialTimeout: Interval = .seconds(60),
        targetTimeout: Interval = .seconds(4),
        maximumDuration: Interval = .seconds(3600),
        sessionInterval: Interval = .seconds(1800),
        gatewayHost: String,
        userAgent: String = "Tollgate",
        passedHeaders: Set<String> = [],
        externalIdentifierHeader: String = ""
    ) {
        self.timers = timers
        self.dialTimeout = dialTimeout
        self.targetTimeout = targetTimeout
        self.maximumDuration = maximumDuration
        self.sessionInterval = sessionInterval
        self.gatewayHost = gatewayHost
        self.userAgent = Array(userAgent.utf8)
        self.passedHeaders = passedHeaders
        self.externalIdentifierHeader = externalIdentifierHeader
    }
}

/// One place that a call may be offered to.
package struct OutboundTarget: Sendable {
    /// The Request-URI.
    package var requestURI: [UInt8]
    /// The To URI.
    package var toURI: [UInt8]
    /// Where the INVITE is sent.
    package var hop: NextHop
    /// How the gateway names itself there.
    package var local: LocalAddress
    /// Route lines that the binding's Path asks for, each ending in CRLF (RFC 3327 §5.3).
    package var routes: [UInt8]
    /// The trunk; nil for endpoints and SIP URIs.
    package var trunk: Trunk?
    /// Whether in-dialog requests follow the flow of the registration instead of the Contact.
    package var keepsFlow: Bool

    /// Makes a target.
    package init(
        requestURI: [UInt8],
        toURI: [UInt8],
        hop: NextHop,
        local: LocalAddress,
        routes: [UInt8] = [],
        trunk: Trunk? = nil,
        keepsFlow: Bool = false
    ) {
        self.requestURI = requestURI
        self.toURI = toURI
        self.hop = hop
        self.local = local
        self.routes = routes
        self.trunk = trunk
        self.keepsFlow = keepsFlow
    }

    /// The target of a telephone call on a trunk, which gets the number in its own spelling.
    ///
    /// - Parameters:
    ///   - trunk: The trunk.
    ///   - number: `+` and digits, or an emergency number as dialled.
    ///   - listener: The listener to send from.
    ///   - local: How the gateway names itself there.
    /// - Returns: The target.
    package static func telephone(
        trunk: Trunk,
        number: String,
        listener: Int,
        local: LocalAddress
    ) -> OutboundTarget {
        var uri = MessageComposer(capacity: 96)
        uri.append("sip:")
        uri.append(trunk.techPrefix)
        uri.append(trunk.identity.called.text(dialled: number))
        uri.append(trunk.techPostfix)
        uri.append("@")
        uri.append(place: trunk)
        if trunk.identity.marksTelephone { uri.append(";user=phone") }
        uri.append(transportOf: trunk)
        return behind(trunk, uri: uri.bytes, listener: listener, local: local)
    }

    /// The target of an emergency call on a trunk that takes service URNs (RFC 5031, RFC 6881 §9.2).
    ///
    /// - Parameters:
    ///   - trunk: The trunk.
    ///   - service: The URN, such as `urn:service:sos`.
    ///   - listener: The listener to send from.
    ///   - local: How the gateway names itself there.
    /// - Returns: The target.
    package static func emergencyService(
        trunk: Trunk,
        service: String,
        listener: Int,
        local: LocalAddress
    ) -> OutboundTarget {
        behind(trunk, uri: Array(service.utf8), listener: listener, local: local)
    }

    static func behind(_ trunk: Trunk, uri: [UInt8], listener: Int, local: LocalAddress) -> OutboundTarget {
        let hop = NextHop(
            transport: trunk.transport,
            host: trunk.host,
            port: trunk.port == 0
                ? UInt16(clamping: trunk.transport.defaultPort) : UInt16(truncatingIfNeeded: trunk.port),
            listener: listener,
            mayPreferTCP: trunk.transport == .udp,
            search: trunk.port != 0 ? .addresses : trunk.findsTransport ? .transports : .services,
            trunk: trunk.id
        )
        return OutboundTarget(requestURI: uri, toURI: uri, hop: hop, local: local, trunk: trunk)
    }
}

/// All that a call begins with; shared, so that handing it on costs nothing.
package final class CallSetup: Sendable {
    /// The call's identity, as in its record.
    package let id: ResourceIdentifier
    /// The INVITE that opened it.
    package let invite: SIPMessage
    /// The INVITE's server transaction.
    package let transaction: ServerTransactionIdentifier
    /// What responses to the INVITE begin with.
    package let template: ResponseTemplate
    /// The policy's approval.
    package let approved: ApprovedCall
    /// Where requests to the caller go: back to where the INVITE came from.
    package let endpointHop: NextHop
    /// How the gateway names itself to the caller.
    package let endpointLocal: LocalAddress
    /// Where the call may be offered: one after another for trunks, all at once otherwise.
    package let targets: [OutboundTarget]
    /// Clocks and manners.
    package let settings: CallSettings

    /// Makes a setup.
    package init(
        id: ResourceIdentifier,
        invite: SIPMessage,
        transaction: ServerTransactionIdentifier,
        template: ResponseTemplate,
        approved: ApprovedCall,
        endpointHop: NextHop,
        endpointLocal: LocalAddress,
        targets: [OutboundTarget],
        settings: CallSettings
    ) {
        self.id = id
        self.invite = invite
        self.transaction = transaction
        self.template = template
        self.approved = approved
        self.endpointHop = endpointHop
        self.endpointLocal = endpointLocal
        self.targets = targets
        self.settings = settings
    }

    /// Whether targets are tried one after another.
    var isSequential: Bool {
        approved.destination.kind == .telephone || approved.destination.kind == .emergency
    }
}
