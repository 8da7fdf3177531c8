// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Rewrites the addresses of a captured message; what it does not change stays byte for byte.
struct AddressRewriter {
    let map: HostMap

    /// A URI, turned toward the live server when it named the captured one.
    func uri(_ uri: URIReference, _ bytes: [UInt8]) -> [UInt8] {
        guard uri.scheme == .sip || uri.scheme == .sips, isServer(uri, bytes) else {
            return Array(bytes[uri.whole.indices])
        }
        let place = Self.hostAndPort(uri, bytes)
        return bytes[uri.whole.indices.lowerBound..<place.lowerBound] + Array(map.domain.utf8)
            + bytes[place.upperBound..<uri.whole.indices.upperBound]
    }

    /// From or To with another tag; nil leaves it without one.
    func address(_ address: NameAddress, tag: [UInt8]?, _ bytes: [UInt8]) -> [UInt8] {
        let whole = address.whole.indices
        let inner = address.uri.whole.indices
        let parameters = address.parameters.range.isEmpty ? whole.upperBound : Int(address.parameters.range.offset)
        var text = bytes[whole.lowerBound..<inner.lowerBound] + uri(address.uri, bytes)
        text += bytes[inner.upperBound..<max(inner.upperBound, parameters)]
        var cursor = ParameterCursor(address.parameters.range.indices)
        while let parameter = cursor.next(bytes.span) {
            if bytes.span.equals(parameter.name, ignoringCase: "tag") { continue }
            text += [UInt8(ascii: ";")] + bytes[parameter.name]
            if !parameter.value.isEmpty { text += [UInt8(ascii: "=")] + bytes[parameter.value] }
        }
        if let tag { text += Array(";tag=".utf8) + tag }
        return Array(text)
    }

    /// An element of Contact that leads to the replay; one that is no SIP address stays.
    static func contact(
        _ element: Range<Int>,
        _ bytes: [UInt8],
        local: LocalEndpoint,
        _ transport: PlannedLine.Transport
    ) -> [UInt8] {
        guard let address = try? NameAddress.parse(bytes.span, element),
            address.uri.scheme == .sip || address.uri.scheme == .sips
        else { return Array(bytes[element]) }
        var text: [UInt8] = []
        if !address.displayName.isEmpty { text += bytes[address.displayName.indices] + [32] }
        text += Array("<sip:".utf8)
        if !address.uri.user.isEmpty { text += bytes[address.uri.user.indices] + [UInt8(ascii: "@")] }
        text += Array(local.sentBy.utf8)
        var cursor = ParameterCursor(address.uri.parameters.indices)
        while let parameter = cursor.next(bytes.span) {
            let isPlace =
                bytes.span.equals(parameter.name, ignoringCase: "transport")
                || bytes.span.equals(parameter.name, ignoringCase: "maddr")
            if isPlace { continue }
            text += [UInt8(ascii: ";")] + bytes[parameter.name]
            if !parameter.value.isEmpty { text += [UInt8(ascii: "=")] + bytes[parameter.value] }
        }
        if transport == .tcp { text += Array(";transport=tcp".utf8) }
        text += bytes[address.uri.headers.indices]
        text += [UInt8(ascii: ">")] + bytes[address.parameters.range.indices]
        return text
    }

    private func isServer(_ uri: URIReference, _ bytes: [UInt8]) -> Bool {
        guard !uri.host.isEmpty else { return false }
        return map.serverNames.contains(String(decoding: bytes[uri.host.indices], as: UTF8.self).lowercased())
    }

    /// Where host and port stand, brackets and colon included.
    private static func hostAndPort(_ uri: URIReference, _ bytes: [UInt8]) -> Range<Int> {
        let host = uri.host.indices
        var end = uri.isIPv6 ? host.upperBound + 1 : host.upperBound
        if uri.port != nil {
            end += 1
            while end < uri.whole.indices.upperBound, ASCII.isDigit(bytes[end]) { end += 1 }
        }
        return (uri.isIPv6 ? host.lowerBound - 1 : host.lowerBound)..<min(end, uri.whole.indices.upperBound)
    }
}
