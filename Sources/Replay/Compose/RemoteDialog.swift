// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The other side of a live dialog: RFC 3261 §12.1.
struct RemoteDialog {
    /// The other side's tag.
    let tag: [UInt8]
    /// Its Contact URI; empty when it named none.
    private(set) var target: [UInt8]
    /// The route set, each element as it stands in Route.
    private(set) var routes: [[UInt8]]
    /// The last reliable provisional response's number (RFC 3262 §4).
    var provisionalNumber: UInt64 = 0

    /// Takes the dialog out of a response to our request: the routes in reverse order.
    init(response: SIPMessage) {
        tag = response.copy(response.mandatory.toTag)
        target = Self.target(of: response) ?? []
        routes = response.elements(.recordRoute).reversed().map(response.copy)
    }

    /// Takes the dialog out of a request of the other side.
    init(request: SIPMessage) {
        tag = request.copy(request.mandatory.fromTag)
        target = Self.target(of: request) ?? []
        routes = request.elements(.recordRoute).map(request.copy)
    }

    /// RFC 3261 §13.2.2.4: the 2xx settles the route set of its dialog anew.
    mutating func confirm(_ response: SIPMessage) {
        routes = response.elements(.recordRoute).reversed().map(response.copy)
        refresh(response)
    }

    /// RFC 3261 §12.2: a target refresh.
    mutating func refresh(_ message: SIPMessage) {
        if let found = Self.target(of: message) { target = found }
    }

    /// The Request-URI and the Route elements of a request in this dialog, RFC 3261 §12.2.1.1.
    func route(or fallback: [UInt8]) -> (uri: [UInt8], routes: [[UInt8]]) {
        let target = target.isEmpty ? fallback : target
        guard let first = routes.first else { return (target, []) }
        guard let address = try? NameAddress.parse(first.span, 0..<first.count),
            !Parameters(address.uri.parameters).contains("lr", in: first.span)
        else { return (target, routes) }
        // A strict router wants to stand in the Request-URI, and the target behind the other routes.
        let bracketed = [UInt8(ascii: "<")] + target + [UInt8(ascii: ">")]
        return (Array(first[address.uri.whole.indices]), Array(routes.dropFirst()) + [bracketed])
    }

    private static func target(of message: SIPMessage) -> [UInt8]? {
        guard let contact = try? message.address(.contact), !contact.uri.whole.isEmpty else { return nil }
        return message.copy(contact.uri.whole)
    }
}
