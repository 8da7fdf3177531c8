// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage

/// Redirections by a trunk (RFC 3261 §8.1.3.4): followed inside the trunk's own hosts and to the number that was
/// approved, since nobody has judged another one. What else a 3xx says stays here.
extension Call {
    /// The most redirections that one call follows.
    private static let redirectLimit = 5

    /// Takes the places that a trunk's 3xx names, the most wanted first, to be tried before the next trunk.
    mutating func takeRedirection(_ index: Int, _ response: SIPMessage) {
        guard let setup, (300...302).contains(response.status), let trunk = branches[index].trunk else { return }
        let asked = target(branches[index].target, setup)
        let places = Redirection.places(of: response, trunk, asked: asked.requestURI)
        var tried = (setup.targets + redirectTargets).compactMap { Redirection(uri: $0.requestURI)?.key }
        var open: [Int] = []
        for place in places where redirectTargets.count < Self.redirectLimit && !tried.contains(place.key) {
            tried.append(place.key)
            open.append(setup.targets.count + redirectTargets.count)
            redirectTargets.append(
                OutboundTarget(
                    requestURI: place.bytes,
                    toURI: asked.toURI,
                    hop: NextHop(
                        transport: trunk.transport,
                        host: place.host,
                        port: place.port ?? UInt16(clamping: trunk.transport.defaultPort),
                        listener: asked.hop.listener,
                        mayPreferTCP: trunk.transport == .udp,
                        search: place.port == nil ? .services : .addresses,
                        trunk: trunk.id
                    ),
                    local: asked.local,
                    trunk: trunk
                )
            )
        }
        openRedirects = open + openRedirects
    }
}

/// A SIP URI that a redirection may name.
private struct Redirection {
    /// The URI without embedded headers.
    let bytes: [UInt8]
    let host: String
    /// The port, where one is written.
    let port: UInt16?
    /// The user without its parameters and a leading `+`.
    private let number: [UInt8]
    private let transport: SIPTransportProtocol?
    /// What makes two spellings the same place.
    let key: [UInt8]

    init?(uri: [UInt8]) {
        let span = uri.span
        guard let read = try? URIReference.parse(span, 0..<uri.count), read.scheme == .sip else { return nil }
        bytes = read.headers.isEmpty ? uri : Array(uri[..<(Int(read.headers.offset) - 1)])
        host = span.text(read.host.indices)
        let user = Array(uri[read.user.indices])
        number = Array(user.prefix { $0 != UInt8(ascii: ";") }.drop { $0 == UInt8(ascii: "+") })
        var key = MessageComposer(capacity: uri.count)
        key.append(user)
        var transport: SIPTransportProtocol?
        if let value = Parameters(read.parameters).value("transport", in: span) {
            transport = SIPTransportProtocol(rawValue: span.text(value).lowercased())
            guard transport != nil else { return nil }
        }
        port = read.port
        key.append("@\(host.lowercased()):\(read.port ?? UInt16(clamping: (transport ?? .udp).defaultPort))")
        var cursor = ParameterCursor(read.parameters.indices)
        while let parameter = cursor.next(span) {
            if !span.equals(parameter.name, ignoringCase: "transport"),
                !span.equals(parameter.name, ignoringCase: "user")
            {
                key.append(";\(span.text(parameter.name).lowercased())=\(span.text(parameter.value))")
            }
        }
        self.transport = transport
        self.key = key.bytes
    }

    /// The places of a 3xx that are the trunk's, by falling preference (RFC 3261 §20.10); without a number of its own
    /// in what was asked, as for a service URN, any user will do.
    static func places(of response: SIPMessage, _ trunk: Trunk, asked: [UInt8]) -> [Redirection] {
        let number = Redirection(uri: asked)?.number
        var places: [(place: Redirection, preference: Int)] = []
        for element in response.elements(.contact) {
            let bytes = response.bytes
            let span = bytes.span
            guard let contact = try? NameAddress.parse(span, element.indices),
                let place = Redirection(uri: response.copy(contact.uri.whole)), trunk.owns(host: place.host),
                number == nil || place.number == number, place.transport ?? trunk.transport == trunk.transport
            else { continue }
            let value = contact.parameters.value("q", in: span).map { Array(bytes[$0]) }
            places.append((place, value.map(thousandths) ?? 1000))
        }
        // Swift's sort is stable, so that equals stay in the order given.
        return places.sorted { $0.preference > $1.preference }.map(\.place)
    }

    /// A qvalue in thousandths; zero for anything else.
    private static func thousandths(_ value: [UInt8]) -> Int {
        let parts = value.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == [48] || whole == [49] else { return 0 }
        let fraction = parts.count > 1 ? parts[1].prefix(3) : []
        guard fraction.allSatisfy(ASCII.isDigit) else { return 0 }
        let digits = fraction + Array(repeating: 48, count: 3 - fraction.count)
        return min(1000, Int(whole[whole.startIndex] - 48) * 1000 + digits.reduce(0) { $0 * 10 + Int($1 - 48) })
    }
}
