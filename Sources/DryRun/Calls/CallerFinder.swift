// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import NumberingPlan
import SIPMessage
import TraceCapture

/// Finds out which endpoint of the policy a captured INVITE comes from.
struct CallerFinder {
    /// What was found.
    enum Answer {
        case found(Endpoint, FoundCaller.Evidence)
        /// Nobody; the text says why and what to do.
        case nobody(String)
    }

    private let snapshot: PolicySnapshot
    private let forced: Answer?
    private let withAddresses: [Endpoint]
    private let byName: [String: [Endpoint]]

    init(_ snapshot: PolicySnapshot, caller: String?) {
        self.snapshot = snapshot
        forced = caller.map { name in
            if let endpoint = snapshot.endpointsByUsername[name] { return .found(endpoint, .commandLine) }
            return .nobody("--as names `\(name)`, which is no endpoint of the policy: give one of its user names")
        }
        let endpoints = snapshot.endpoints.values
        withAddresses = endpoints.filter { !$0.sourceAddresses.isEmpty && !$0.requiresRegistration && $0.isEnabled }
        var byName: [String: [Endpoint]] = [:]
        for endpoint in endpoints {
            var names = Set(endpoint.extensions)
            if let number = endpoint.number?.description {
                names.insert(number)
                names.insert(String(number.dropFirst()))
            }
            names.remove(endpoint.username)
            for name in names { byName[name, default: []].append(endpoint) }
        }
        self.byName = byName
    }

    /// The endpoint that sent an INVITE.
    func caller(
        of invite: SIPMessage,
        from source: CaptureAddress?,
        credentials: DigestCredentials?,
        _ book: RegistrationBook
    ) -> Answer {
        if let forced { return forced }
        if let name = credentials?.usernameText {
            if let endpoint = snapshot.endpointsByUsername[name] { return .found(endpoint, .credentials) }
            return .nobody("its credentials name `\(name)`, which is no endpoint of the policy: add it, or say --as")
        }
        switch endpoints(at: source) {
        case let found where found.count == 1: return .found(found[0], .sourceAddress)
        case let found where found.count > 1:
            let names = Self.list(found)
            return .nobody("its source address stands for several endpoints (\(names)): say which with --as")
        default: break
        }
        if let user = book.user(of: invite, from: source), let endpoint = snapshot.endpointsByUsername[user] {
            return .found(endpoint, .registration)
        }
        return caller(named: invite.text(invite.mandatory.from.uri.user))
    }

    private func caller(named name: String) -> Answer {
        if let endpoint = snapshot.endpointsByUsername[name] { return .found(endpoint, .from) }
        let found = byName[name] ?? []
        if found.count == 1 { return .found(found[0], .from) }
        if found.count > 1 {
            return .nobody(
                "From names `\(name)`, which several endpoints have (\(Self.list(found))): say which with --as"
            )
        }
        let shown = name.isEmpty ? "nobody" : "`\(name)`"
        return .nobody(
            "no credentials, address, registration or From (\(shown)) tells an endpoint: say which with --as"
        )
    }

    private func endpoints(at source: CaptureAddress?) -> [Endpoint] {
        guard let source, let address = IPAddressBits(source) else { return [] }
        return withAddresses.filter { $0.sourceAddresses.contains { $0.contains(address) } }
    }

    private static func list(_ endpoints: [Endpoint]) -> String {
        endpoints.map(\.username).sorted().prefix(5).joined(separator: ", ")
    }
}

extension IPAddressBits {
    /// A captured address.
    init?(_ address: CaptureAddress) {
        if let ipv4 = address.ipv4Bits {
            self.init(ipv4: ipv4)
        } else if let halves = address.ipv6Bits {
            self.init(high: halves.high, low: halves.low)
        } else {
            return nil
        }
    }
}
