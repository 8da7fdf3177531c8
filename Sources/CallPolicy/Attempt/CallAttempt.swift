// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// On whose behalf a call is attempted; the caller is already authenticated.
package enum Caller: Hashable, Sendable {
    /// A SIP endpoint, by its identity.
    case endpoint(ResourceIdentifier)
    /// A customer, through the control API.
    case customer(ResourceIdentifier)
}

/// The scheme of the URI that was called.
package enum DestinationScheme: String, Sendable, CaseIterable {
    case sip
    case sips
    case tel
    case urn
    /// Any other scheme; it cannot be called.
    case other
}

/// What was called, as it was received.
package struct DialledDestination: Hashable, Sendable {
    /// The URI's scheme.
    package var scheme: DestinationScheme
    /// The user part as it stood, escapes and parameters included; for `tel` and `urn` all that follows the scheme.
    package var user: ReceivedText
    /// The host as it stood; empty for `tel` and `urn`.
    package var host: ReceivedText
    /// Whether the host is this deployment; without meaning for `tel` and `urn`.
    package var isLocalDomain: Bool
    /// The whole URI, which a call to a SIP URI elsewhere goes to.
    package var uri: ReceivedText

    /// Makes a destination.
    package init(
        scheme: DestinationScheme,
        user: ReceivedText,
        host: ReceivedText = .empty,
        isLocalDomain: Bool = true,
        uri: ReceivedText = .empty
    ) {
        self.scheme = scheme
        self.user = user
        self.host = host
        self.isLocalDomain = isLocalDomain
        self.uri = uri
    }
}

/// Who the caller asks to be shown as; none of it is believed.
package struct RequestedIdentity: Hashable, Sendable {
    /// The user part of P-Preferred-Identity as it stood; nil without one (RFC 3325 §9.2).
    package var preferredUser: ReceivedText?
    /// The user part of From as it stood.
    package var fromUser: ReceivedText
    /// The display name of From, with or without its quotation marks.
    package var fromDisplayName: ReceivedText?

    /// Makes a requested identity.
    package init(
        preferredUser: ReceivedText? = nil,
        fromUser: ReceivedText = .empty,
        fromDisplayName: ReceivedText? = nil
    ) {
        self.preferredUser = preferredUser
        self.fromUser = fromUser
        self.fromDisplayName = fromDisplayName
    }

    /// Whether the caller called itself anonymous, as RFC 3323 §4.1.1.3 has user agents do.
    var isSelfAnonymous: Bool {
        fromUser.equalsIgnoringCase("anonymous")
    }
}

/// The body of an INVITE that offers a session, marked in the message it stands in.
package struct SessionOffer: Hashable, Sendable {
    /// The buffer the offer stands in.
    package var message: [UInt8]
    /// Where the body stands in the buffer.
    package var body: Range<Int>
    /// Where the value of Content-Type stands in the buffer; nil without one.
    package var contentType: Range<Int>?

    /// Marks an offer inside a message.
    package init(message: [UInt8], body: Range<Int>, contentType: Range<Int>?) {
        self.message = message
        self.body = body
        self.contentType = contentType
    }

    /// Makes an offer out of a body and its type.
    package init(body: [UInt8], contentType: [UInt8]) {
        message = body + contentType
        self.body = 0..<body.count
        self.contentType = body.count..<message.count
    }
}

/// What route selection depends on beside the snapshot.
package struct RouteConditions: Hashable, Sendable {
    /// Trunks that are known not to answer.
    package var downTrunks: Set<ResourceIdentifier>
    /// Trunks that carry as many calls as they may.
    package var fullTrunks: Set<ResourceIdentifier>
    /// A random value that decides among trunks of one priority; the same value gives the same order.
    package var selection: UInt64

    /// Makes conditions; by default every trunk is up and has room.
    package init(
        downTrunks: Set<ResourceIdentifier> = [],
        fullTrunks: Set<ResourceIdentifier> = [],
        selection: UInt64 = 0
    ) {
        self.downTrunks = downTrunks
        self.fullTrunks = fullTrunks
        self.selection = selection
    }
}

/// One attempt to call, with all that a decision about it depends on beside the snapshot.
package struct CallAttempt: Hashable, Sendable {
    /// On whose behalf.
    package var caller: Caller
    /// What was called.
    package var destination: DialledDestination
    /// Who the caller asks to be shown as.
    package var identity: RequestedIdentity
    /// What the caller's Privacy header fields ask for.
    package var privacy: PrivacyRequest
    /// Whether the caller is hidden; an endpoint is always judged by `auto`.
    package var anonymous: AnonymousSetting
    /// The offer; nil when the INVITE carries none.
    package var offer: SessionOffer?
    /// Which trunks are up, and the random value that spreads calls over them.
    package var routes: RouteConditions

    /// Makes an attempt; by default without wishes, without an offer, all trunks up.
    package init(
        caller: Caller,
        destination: DialledDestination,
        identity: RequestedIdentity = RequestedIdentity(),
        privacy: PrivacyRequest = .absent,
        anonymous: AnonymousSetting = .auto,
        offer: SessionOffer? = nil,
        routes: RouteConditions = RouteConditions()
    ) {
        self.caller = caller
        self.destination = destination
        self.identity = identity
        self.privacy = privacy
        self.anonymous = anonymous
        self.offer = offer
        self.routes = routes
    }
}
