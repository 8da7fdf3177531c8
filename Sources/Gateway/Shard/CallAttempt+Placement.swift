// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallPolicy
import SIPMessage

extension CallAttempt {
    /// Makes an attempt out of what a customer asks for through the control API; nothing in it is believed yet.
    ///
    /// - Parameters:
    ///   - wish: What is asked for.
    ///   - customer: On whose behalf.
    ///   - snapshot: Knows the customer's extensions.
    ///   - selection: The random value that decides among trunks of one priority.
    ///   - isLocal: Whether a host is this deployment.
    init(
        _ wish: CallConnection,
        of customer: ResourceIdentifier,
        under snapshot: PolicySnapshot,
        selection: UInt64,
        isLocal: (String) -> Bool
    ) {
        let destination: DialledDestination =
            switch wish.destination {
            case .telephone(let number): DialledDestination(scheme: .tel, user: ReceivedText(number))
            case .sipURI(let uri): DialledDestination(uri: uri, isLocal: isLocal)
            case .extensionName(let name): DialledDestination(extension: name, of: customer, under: snapshot)
            }
        let name = wish.sourceName.isEmpty ? nil : ReceivedText(wish.sourceName)
        self.init(
            caller: .customer(customer),
            destination: destination,
            identity: RequestedIdentity(fromUser: ReceivedText(wish.source), fromDisplayName: name),
            anonymous: wish.anonymous,
            routes: RouteConditions(selection: selection)
        )
    }
}

extension DialledDestination {
    /// Reads a SIP URI; what is none has a scheme that cannot be called.
    fileprivate init(uri text: String, isLocal: (String) -> Bool) {
        let bytes = Array(text.utf8)
        let whole = ReceivedText(text)
        guard let uri = try? URIReference.parse(bytes.span, 0..<bytes.count),
            Int(uri.whole.length) == bytes.count
        else {
            self.init(scheme: .other, user: whole, uri: whole)
            return
        }
        func part(_ range: FieldRange) -> ReceivedText { ReceivedText(buffer: bytes, range: range.indices) }
        let scheme: DestinationScheme =
            switch uri.scheme {
            case .sip: .sip
            case .sips: .sips
            case .tel: .tel
            case .urn: .urn
            case .other: .other
            }
        self.init(
            scheme: scheme,
            user: part(uri.user),
            host: part(uri.host),
            isLocalDomain: isLocal(bytes.span.text(uri.host.indices)),
            uri: whole
        )
    }

    /// An extension by its name; a name that nobody has is kept from being read as a number.
    fileprivate init(extension name: String, of customer: ResourceIdentifier, under snapshot: PolicySnapshot) {
        let isKnown = snapshot.endpointsByExtension[ExtensionKey(customer: customer, name: name)] != nil
        self.init(scheme: .sip, user: ReceivedText(isKnown ? name : "extension:\(name)"))
    }
}
