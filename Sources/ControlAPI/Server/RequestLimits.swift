// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Glibc
import MonotonicTime
import Synchronization

/// How often anybody has asked of late, for all requests of the process.
final class RequestLimits: Sendable {
    private let addresses = Mutex(RateLimiter<String>(capacity: 16_384))
    private let authentications = Mutex(RateLimiter<String>(capacity: 16_384))
    private let usernames = Mutex(RateLimiter<String>(capacity: 16_384))
    private let customers = Mutex(RateLimiter<ResourceIdentifier>(capacity: 16_384))

    /// Counts a request from an address; `/auth/…` has a count of its own.
    func admit(address: String, path: String, _ settings: ControlAPISettings, at now: WallTime) throws(APIError) {
        let key = Self.block(of: address)
        let wait =
            path.hasPrefix("/auth/")
            ? authentications.withLock { $0.take(key, settings.authenticationRate, at: now) }
            : addresses.withLock { $0.take(key, settings.addressRate, at: now) }
        if let wait { throw .rateLimited(by: "ip", retryAfter: wait) }
    }

    /// Counts a request of a customer, or of an agent who belongs to none.
    func admit(_ identity: APIIdentity, _ settings: ControlAPISettings, at now: WallTime) throws(APIError) {
        let key = identity.customer ?? identity.kind.identifier
        let wait = customers.withLock { $0.take(key, settings.customerRate, at: now) }
        if let wait { throw .rateLimited(by: "customer", retryAfter: wait) }
    }

    /// Counts an attempt to log in under a name, whether there is such an agent or not.
    func admit(username: String, _ settings: ControlAPISettings, at now: WallTime) throws(APIError) {
        let wait = usernames.withLock { $0.take(username, settings.usernameRate, at: now) }
        if let wait { throw .rateLimited(by: "username", retryAfter: wait) }
    }

    /// Forgets an attempt that succeeded.
    func succeeded(username: String, _ settings: ControlAPISettings) {
        usernames.withLock { $0.giveBack(username, settings.usernameRate) }
    }

    /// What counts as one address: an IPv4 address, or the 64 bits of an IPv6 address that one site has to itself.
    private static func block(of address: String) -> String {
        var octets = [UInt8](repeating: 0, count: 16)
        guard address.utf8.contains(UInt8(ascii: ":")), inet_pton(AF_INET6, address, &octets) == 1 else {
            return address
        }
        let isMapped = octets.prefix(10).allSatisfy { $0 == 0 } && octets[10] == 255 && octets[11] == 255
        return isMapped ? "\(octets[12]).\(octets[13]).\(octets[14]).\(octets[15])" : "\(octets.prefix(8))"
    }
}

extension APIIdentity.Kind {
    /// The agent's or the key's own identity.
    var identifier: ResourceIdentifier {
        switch self {
        case .agent(let id), .accessKey(let id): id
        }
    }
}
