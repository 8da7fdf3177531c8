// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import SIPTransport
import ServerLocation

/// Requests to hops by name: located when they are sent, and sent to the next server when one fails (RFC 3263 §4.3).
extension Shard {
    /// Locates where a client transaction's request goes, and starts it.
    func locate(for client: ClientTransaction, _ start: @escaping (Shard, ClientTransaction) -> Void) {
        if let known = client.call?.servers[client.hop] {
            aim(client, at: known)
            return start(self, client)
        }
        locate(LocationRequest(client.hop)) { shard, outcome in
            guard shard.clients[client.key] === client else { return }
            if case .success(let found) = outcome {
                let servers = found.servers.filter { $0.sipTransport != nil }
                client.others = Array(servers.dropFirst())
                if let first = servers.first { shard.aim(client, at: first) }
            }
            start(shard, client)
        }
    }

    /// Directs a transaction that has not started to a server.
    private func aim(_ client: ClientTransaction, at server: LocatedServer) {
        guard let transport = server.sipTransport else { return }
        if client.asked == nil { client.asked = client.hop }
        client.server = server
        client.peer = server.peer
        client.hop.listener = listener(for: transport, server.peer, preferring: client.hop.listener)
        guard transport != client.hop.transport else { return }
        client.hop.transport = transport
        client.request.setViaTransport(ViaTransport(transport))
        client.machine = Self.machine(client.request.method, isReliable: transport != .udp, context.timers)
    }

    /// A listener of the transport and family, the one given if it is such.
    func listener(for transport: SIPTransportProtocol, _ peer: PeerAddress, preferring given: Int) -> Int {
        let serves = listeners.contains {
            $0.index == given && $0.transport == transport && $0.bound.isIPv6 == peer.isIPv6
        }
        return serves ? given : listener(for: transport, peer)
    }

    /// Notes what an answer says of the server that gave it; in a call it stays with the server that answered.
    func noteAnswer(_ status: Int, from client: ClientTransaction) {
        guard let server = client.server ?? LocatedServer(client.hop) else { return }
        guard status != 503 else { return }
        context.locator.noteSuccess(of: server)
        if let trunk = client.hop.trunk, status > 100, client.request.method == .invite {
            context.trunks.callAnswered(on: trunk, at: now)
        }
        if let asked = client.asked, let call = client.call, call.servers.count < 8 { call.servers[asked] = server }
    }

    /// Sends a request inside a call to the next server of its hop's name, as a new transaction; tells whether it did.
    func tryNextServer(_ client: ClientTransaction, _ call: ActiveCall) -> Bool {
        guard let failed = client.server, let asked = client.asked else { return false }
        context.locator.noteFailure(of: failed)
        call.servers[asked] = nil
        guard let next = client.others.first, call.call != nil, !client.key.isCancel else { return false }
        let key = ClientTransactionKey(branch: mint.next(), isCancel: false)
        var request = client.request
        request.setViaBranch(key.branch)
        let isReliable = client.hop.transport != .udp
        let machine = Self.machine(request.method, isReliable: isReliable, context.timers)
        let retry = ClientTransaction(key: key, request: request, hop: client.hop, machine: machine, call: call)
        retry.asked = asked
        retry.others = Array(client.others.dropFirst())
        retry.identifier = client.identifier
        retry.slot = owners.insert(.client(retry))
        clients[key] = retry
        if request.method == .invite { call.invites.append(key.branch) }
        aim(retry, at: next)
        start(retry)
        return true
    }

    /// The transaction that an INVITE of a call goes by at present, under whatever branch.
    func presentInvite(_ identifier: UInt64, of call: ActiveCall) -> ClientTransaction? {
        if let client = clients[ClientTransactionKey(branch: identifier, isCancel: false)] { return client }
        for branch in call.invites.reversed() {
            let client = clients[ClientTransactionKey(branch: branch, isCancel: false)]
            if let client, client.identifier == identifier { return client }
        }
        return nil
    }
}

extension [UInt8] {
    /// A request of ours with another transport in its Via, the line behind the first; all names have three letters.
    func withViaTransport(_ transport: SIPTransportProtocol) -> [UInt8] {
        guard let end = firstIndex(of: 10), end + 17 < count else { return self }
        var changed = self
        changed.replaceSubrange(end + 14..<end + 17, with: transport.rawValue.uppercased().utf8)
        return changed
    }
}
