// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import SIPMessage

extension CallAttempt {
    /// Reads an attempt to call out of an endpoint's INVITE; nothing in it is believed yet.
    ///
    /// - Parameters:
    ///   - invite: The INVITE.
    ///   - caller: The endpoint that sent it.
    ///   - isLocal: Whether the Request-URI's host is this deployment.
    ///   - selection: The random value that decides among trunks of one priority.
    package init(_ invite: SIPMessage, of caller: ResourceIdentifier, isLocal: Bool, selection: UInt64) {
        let bytes = invite.bytes
        func text(_ range: FieldRange) -> ReceivedText { ReceivedText(buffer: bytes, range: range.indices) }
        let uri = invite.requestURI ?? URIReference()
        let from = invite.mandatory.from
        var preferred: ReceivedText?
        if let address = try? invite.address(.pPreferredIdentity) { preferred = text(address.uri.user) }
        var privacy = PrivacyRequest()
        for field in invite.fields where field.name == .privacy { privacy.read(text(field.value)) }
        var offer: SessionOffer?
        if !invite.body.isEmpty {
            offer = SessionOffer(
                message: bytes,
                body: invite.body.indices,
                contentType: invite.first(.contentType)?.indices
            )
        }
        self.init(
            caller: .endpoint(caller),
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
