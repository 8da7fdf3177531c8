// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import CallStore
import MonotonicTime
import NumberingPlan
import SIPMessage

extension CallAttempt {
    /// Reads an attempt to call out of an endpoint's INVITE; nothing in it is believed yet.
    init(_ request: AuthenticatedRequest, isLocal: Bool, selection: UInt64) {
        let message = request.message
        let bytes = message.bytes
        func text(_ range: FieldRange) -> ReceivedText { ReceivedText(buffer: bytes, range: range.indices) }
        let uri = message.requestURI ?? URIReference()
        let from = message.mandatory.from
        var preferred: ReceivedText?
        if let address = try? message.address(.pPreferredIdentity) { preferred = text(address.uri.user) }
        var privacy = PrivacyRequest()
        for field in message.fields where field.name == .privacy { privacy.read(text(field.value)) }
        var offer: SessionOffer?
        if !message.body.isEmpty {
            offer = SessionOffer(
                message: bytes,
                body: message.body.indices,
                contentType: message.first(.contentType)?.indices
            )
        }
        self.init(
            caller: .endpoint(request.endpoint.id),
            destination: DialledDestination(
                scheme: DestinationScheme(uri.scheme),
                user: text(uri.user),
                host: text(uri.host),
                isLocalDomain: isLocal,
                uri: text(uri.whole)
            ),
            identity: RequestedIdentity(
                preferredUser: preferred,
                fromUser: text(from.uri.user),
                fromDisplayName: from.displayName.isEmpty ? nil : text(from.displayName)
            ),
            privacy: privacy,
            anonymous: .auto,
            offer: offer,
            routes: RouteConditions(selection: selection)
        )
    }
}

extension DestinationScheme {
    /// The policy's word for a URI's scheme.
    init(_ scheme: URIScheme) {
        self =
            switch scheme {
            case .sip: .sip
            case .sips: .sips
            case .tel: .tel
            case .urn: .urn
            case .other: .other
            }
    }
}
