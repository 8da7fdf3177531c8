// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import NIOCore
import SIPTransport

/// Looks host names up off the event loops: A and AAAA through the system's resolver.
final class HostResolver: Sendable {
    private let queue = DispatchQueue(label: "tollgate.resolver", attributes: .concurrent)

    /// Looks a name up and answers on the event loop; nil when it has no address of the family.
    func resolve(
        _ host: String,
        port: UInt16,
        isIPv6: Bool,
        on eventLoop: any EventLoop,
        _ completion: @escaping @Sendable (PeerAddress?) -> Void
    ) {
        queue.async {
            let found = Self.lookUp(host, port: port, isIPv6: isIPv6)
            eventLoop.execute { completion(found) }
        }
    }

    private static func lookUp(_ host: String, port: UInt16, isIPv6: Bool) -> PeerAddress? {
        var hints = addrinfo()
        hints.ai_family = isIPv6 ? AF_INET6 : AF_INET
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        var next = list
        while let entry = next {
            next = entry.pointee.ai_next
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let read = getnameinfo(
                entry.pointee.ai_addr,
                entry.pointee.ai_addrlen,
                &text,
                socklen_t(text.count),
                nil,
                0,
                NI_NUMERICHOST
            )
            guard read == 0 else { continue }
            let numeric = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if let address = PeerAddress(host: numeric, port: port) { return address }
        }
        return nil
    }
}
