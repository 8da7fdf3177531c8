// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import TraceCapture

/// Which addresses of the capture are the server, and by which names it went.
extension ReplayPlanner {
    mutating func findServers() {
        let openings = groups.compactMap { $0.entries.first }.filter(\.isOpening)
        chooseServers(openings)
        for opening in openings where isServer(opening.destination) { nameServer(opening) }
        for server in plan.servers { plan.serverNames.insert(server.hostText.lowercased()) }
    }

    func isServer(_ address: CaptureAddress?) -> Bool {
        guard let address else { return plan.servers.isEmpty }
        if !options.servers.isEmpty { return options.servers.contains { $0.contains(address) } }
        return plan.servers.contains(address)
    }

    private mutating func chooseServers(_ openings: [Entry]) {
        let receivers = openings.compactMap(\.destination)
        guard options.servers.isEmpty else {
            plan.servers = Self.unique(receivers.filter { found in options.servers.contains { $0.contains(found) } })
            plan.serverEvidence = "named on the command line"
            return
        }
        let registrations = openings.filter { $0.message.method == .register }
        let registrars = Set(registrations.compactMap(\.destination))
        // A server that passes registrations on to another is the one that telephones speak to.
        let nearest = registrations.filter { entry in entry.source.map { !registrars.contains($0) } ?? true }
        plan.servers = Self.unique(nearest.compactMap(\.destination))
        plan.serverEvidence = "it receives the registrations"
        let calls = openings.filter { $0.message.method != .register && !registrars.contains($0.source ?? .nowhere) }
        guard !calls.contains(where: { plan.servers.contains($0.destination ?? .nowhere) }) else { return }
        let others = calls.filter { entry in
            entry.source.map { source in !calls.contains { $0.destination == source && $0.ordinal < entry.ordinal } }
                ?? true
        }
        guard let busiest = Self.busiest(others.compactMap(\.destination)) else { return }
        plan.serverEvidence =
            plan.servers.isEmpty
            ? "it receives the most requests that open something"
            : "they receive the registrations, and the most other requests that open something"
        plan.servers.append(busiest)
    }

    /// The hosts that a client addresses the server by: the registrar, the server's address, and the domain that a
    /// caller and what it calls have in common.
    private mutating func nameServer(_ opening: Entry) {
        let message = opening.message
        guard let uri = message.requestURI, !uri.host.isEmpty else { return }
        let host = message.text(uri.host).lowercased()
        let from = message.text(message.mandatory.from.uri.host).lowercased()
        if message.method == .register || host == from { plan.serverNames.insert(host) }
    }

    private static func unique(_ addresses: [CaptureAddress]) -> [CaptureAddress] {
        var seen: Set<CaptureAddress> = []
        return addresses.filter { seen.insert($0).inserted }
    }

    /// The address that occurs most often; of several the first.
    private static func busiest(_ addresses: [CaptureAddress]) -> CaptureAddress? {
        var counts: [CaptureAddress: Int] = [:]
        for address in addresses { counts[address, default: 0] += 1 }
        let most = counts.values.max()
        return addresses.first { counts[$0] == most }
    }
}

extension ReplayPlanner.Entry {
    /// Whether it is a request that opens something: no ACK, CANCEL or request within a dialog.
    var isOpening: Bool {
        message.isRequest && message.mandatory.toTag.isEmpty && message.method != .ack && message.method != .cancel
    }
}

extension CaptureAddress {
    /// Stands for an address that a trace does not name.
    static var nowhere: CaptureAddress { CaptureAddress(ipv4: 0, port: 0) }
}
