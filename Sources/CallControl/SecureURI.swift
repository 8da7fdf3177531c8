// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import SIPMessage

extension ViaTransport {
    /// The word in Via for a transport protocol (RFC 3261 §20.42).
    package init(_ transport: SIPTransportProtocol) {
        self =
            switch transport {
            case .udp: .udp
            case .tcp: .tcp
            case .tls: .tls
            }
    }
}

/// Whether the bytes are a sips URI.
package func isSecureURI(_ uri: [UInt8]) -> Bool {
    uri.count > 5 && uri.span.equals(0..<5, ignoringCase: "sips:")
}

extension Dialog {
    /// The gateway's Contact in this dialog.
    var contact: [UInt8] {
        address.contact(hop.transport, isSecure: hop.transport == .tls && isSecureURI(target))
    }
}

extension OutboundTarget {
    /// The target of a call to a sips URI: nil unless it can be reached over TLS, and by a sips URI (RFC 5630 §5.3).
    package var secured: OutboundTarget? {
        guard hop.transport == .tls else { return nil }
        if isSecureURI(requestURI) { return self }
        // An endpoint decides by its Contact whether it is reached securely; a trunk by its transport.
        guard trunk != nil, requestURI.span.equals(0..<min(4, requestURI.count), ignoringCase: "sip:") else {
            return nil
        }
        var target = self
        var uri = Array("sips:".utf8) + requestURI.dropFirst(4)
        let suffix = Array(";transport=tls".utf8)
        if uri.suffix(suffix.count).elementsEqual(suffix) { uri.removeLast(suffix.count) }
        target.requestURI = uri
        target.toURI = uri
        return target
    }

    /// The target of a call to any other URI: an endpoint registered by a sips Contact is called by a sip URI, over TLS
    /// all the same (RFC 5630 §5.3).
    package var unsecured: OutboundTarget {
        guard isSecureURI(requestURI) else { return self }
        var target = self
        target.requestURI = Array("sip:".utf8) + requestURI.dropFirst(5)
        return target
    }
}
