// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPTransaction
import SIPTransport

extension Shard {
    /// Opens a server transaction for a request.
    func openServer(_ message: SIPMessage, key: TransactionKey, from source: ReceivedFrom) -> ServerTransaction {
        let isReliable = source.kind.isStream
        let machine: ServerTransaction.Machine =
            message.method == .invite
            ? .invite(INVITEServerTransaction(reliable: isReliable, timers: context.timers))
            : .other(NonINVITEServerTransaction(reliable: isReliable, timers: context.timers))
        let server = ServerTransaction(
            identifier: mint.next(),
            key: key,
            source: source,
            via: message.mandatory.via,
            template: ResponseTemplate(message, source: requestSource(source)),
            machine: machine
        )
        server.slot = owners.insert(.server(server))
        servers[key] = server
        serversByIdentifier[server.identifier] = server
        switch server.machine {
        case .invite(var machine):
            let actions = machine.start(sendsTryingAtOnce: true)
            server.machine = .invite(machine)
            perform(actions, on: server)
        case .other(let machine):
            perform(machine.start(), on: server)
        }
        return server
    }

    /// Answers through a server transaction.
    func respond(_ server: ServerTransaction, status: Int, _ bytes: [UInt8]) {
        server.lastResponse = bytes
        perform(server.respond(status: status), on: server)
    }

    /// Does what a server transaction's machine asks.
    func perform(_ actions: TransactionActions, on server: ServerTransaction) {
        if actions.contains(.sendTrying) {
            var composer = server.template.start(status: 100, toTag: nil)
            composer.finish()
            server.lastResponse = composer.bytes
            send(server.lastResponse, backTo: server.source, via: server.via)
        }
        if actions.contains(.sendResponse) { send(server.lastResponse, backTo: server.source, via: server.via) }
        if !actions.cancel.isDisjoint(with: .retransmission) { wheel.cancel(server.retransmission) }
        if !actions.cancel.isDisjoint(with: .lifetime) { wheel.cancel(server.lifetime) }
        if let request = actions.retransmission { server.retransmission = arm(request, server.slot) }
        if let request = actions.lifetime { server.lifetime = arm(request, server.slot) }
        guard actions.contains(.terminated) else { return }
        owners.remove(server.slot)
        servers[server.key] = nil
        if !server.merge.isEmpty { invites.remove(server.merge) }
        serversByIdentifier[server.identifier] = nil
        server.call = nil
    }

    private func arm(_ request: TimerRequest, _ slot: UInt32) -> TimerHandle {
        wheel.arm(
            at: now + request.interval,
            TimerToken(owner: slot, purpose: UInt32(request.timer.rawValue))
        )
    }

    /// Opens a client transaction and sends its request.
    func openClient(
        _ key: ClientTransactionKey,
        _ request: OutgoingRequest,
        _ hop: NextHop,
        peer: PeerAddress? = nil,
        call: ActiveCall?,
        completion: ((Shard, SIPMessage?) -> Void)? = nil
    ) {
        var request = request
        var hop = hop
        let peer = peer ?? literalPeer(hop)
        let prefersTCP = prefersTCP(request, hop, peer)
        if prefersTCP {
            hop.transport = .tcp
            hop.listener = listener(for: .tcp, peer)
            request.setViaTransport(.tcp)
        }
        let machine = Self.machine(request.method, isReliable: hop.transport != .udp, context.timers)
        let client = ClientTransaction(key: key, request: request, hop: hop, machine: machine, call: call)
        client.peer = peer
        client.mayFallBack = prefersTCP
        client.completion = completion
        client.slot = owners.insert(.client(client))
        clients[key] = client
        guard client.peer == nil else { return start(client) }
        locate(for: client) { shard, client in shard.start(client) }
    }

    /// Sends the first request of a client transaction whose peer was located.
    func start(_ client: ClientTransaction) {
        if let peer = client.peer, isSecureEnough(client.request.bytes, client.hop),
            mayReach(peer, client.request, client.call)
        {
            perform(client.start(), on: client, response: nil)
        } else {
            perform(client.transportFailed(), on: client, response: nil)
        }
    }

    static func machine(
        _ method: Method,
        isReliable: Bool,
        _ timers: TimerConfiguration
    ) -> ClientTransaction.Machine {
        method == .invite
            ? .invite(INVITEClientTransaction(reliable: isReliable, timers: timers))
            : .other(NonINVITEClientTransaction(reliable: isReliable, timers: timers))
    }

    /// RFC 3261 §18.1.1: a request over 1300 bytes goes by TCP, unless the peer has lately refused a connection.
    private func prefersTCP(_ request: OutgoingRequest, _ hop: NextHop, _ peer: PeerAddress?) -> Bool {
        guard hop.mayPreferTCP, hop.transport == .udp, request.bytes.count > 1300,
            listeners.contains(where: { $0.transport == .tcp })
        else { return false }
        guard let peer, let refusal = refusesTCP[peer] else { return true }
        return refusal < now
    }

    /// Does what a client transaction's machine asks.
    func perform(_ actions: TransactionActions, on client: ClientTransaction, response: SIPMessage?) {
        if actions.contains(.sendRequest) { sendRequest(client) }
        if actions.contains(.sendACK) {
            if client.acknowledgement == nil, let response {
                client.acknowledgement = client.request.acknowledgement(of: response)
            }
            if let bytes = client.acknowledgement { send(bytes, of: client, token: 0) }
        }
        if !actions.cancel.isDisjoint(with: .retransmission) { wheel.cancel(client.retransmission) }
        if !actions.cancel.isDisjoint(with: .lifetime) { wheel.cancel(client.lifetime) }
        if let request = actions.retransmission { client.retransmission = arm(request, client.slot) }
        if let request = actions.lifetime { client.lifetime = arm(request, client.slot) }
        let call = client.key.isCancel ? nil : client.call
        if actions.contains(.terminated) { close(client) }
        conclude(client, actions, response)
        guard let call else { return }
        if actions.contains(.deliver), let response { deliver(response, client, call) }
        if actions.contains(.timeout) { fail(client, call, .timeout) }
        if actions.contains(.transportError) { fail(client, call, .transport) }
    }

    /// Lets go of an INVITE that waits for a final response its call no longer needs (RFC 3261 §9.1).
    func abandon(_ key: ClientTransactionKey) {
        guard let client = clients[key], case .invite(var machine) = client.machine, machine.state == .proceeding
        else { return }
        let actions = machine.abandoned()
        client.machine = .invite(machine)
        perform(actions, on: client, response: nil)
    }

    private func close(_ client: ClientTransaction) {
        owners.remove(client.slot)
        clients[client.key] = nil
        client.call = nil
    }

    private func deliver(_ response: SIPMessage, _ client: ClientTransaction, _ call: ActiveCall) {
        noteAnswer(response.status, from: client)
        guard call.call != nil else { return takeBack(response, client) }
        if response.status == 503, tryNextServer(client, call) { return }
        handle(call) { $0.call?.responseReceived(response, to: client.identifier, &$1) }
    }

    /// A downstream fork answered an INVITE whose call is over: acknowledged, then ended.
    private func takeBack(_ response: SIPMessage, _ client: ClientTransaction) {
        guard client.request.method == .invite, 200..<300 ~= response.status else { return }
        let tag = response.copy(response.mandatory.toTag)
        if let known = client.lateAnswers[tag] { return send(known, of: client, token: 0) }
        guard client.lateAnswers.count < 32 else { return }
        let address = localAddress(listener: client.hop.listener, toward: client.peer)
        let late = LateAnswer(response, hop: client.hop, address: address, mint: mint)
        client.lateAnswers[tag] = late.acknowledgement
        send(late.acknowledgement, of: client, token: 0)
        let key = ClientTransactionKey(branch: late.transaction, isCancel: false)
        openClient(key, late.bye, client.hop, peer: client.peer, call: nil)
    }

    private func fail(_ client: ClientTransaction, _ call: ActiveCall, _ failure: TransactionFailure) {
        if tryNextServer(client, call) { return }
        handle(call) { $0.call?.transactionFailed(client.identifier, failure, &$1) }
    }

    private func sendRequest(_ client: ClientTransaction) {
        // Only a connection's failures are told one by one: a datagram socket learns of none that matter.
        send(client.request.bytes, of: client, token: client.hop.transport != .udp ? client.key.branch : 0)
    }

    private func send(_ bytes: [UInt8], of client: ClientTransaction, token: UInt64) {
        guard let peer = client.peer else { return }
        send(
            bytes,
            kind: TransportKind(client.hop.transport),
            to: peer,
            listener: client.hop.listener,
            destination: destination(of: client.hop),
            connection: ConnectionIdentifier(rawValue: client.hop.connection),
            token: client.key.isCancel ? 0 : token
        )
    }

    /// A request could not be sent: by UDP after all when its length alone had it go by TCP, else it failed.
    func clientSendFailed(_ token: UInt64, _ reason: TransportFailure) {
        guard let client = clients[ClientTransactionKey(branch: token, isCancel: false)] else { return }
        guard client.mayFallBack, let peer = client.peer else {
            return perform(client.transportFailed(), on: client, response: nil)
        }
        client.mayFallBack = false
        if refusesTCP.count > 4096 { refusesTCP.removeAll() }
        refusesTCP[peer] = now + .seconds(600)
        wheel.cancel(client.retransmission)
        wheel.cancel(client.lifetime)
        client.hop.transport = .udp
        client.hop.listener = listener(for: .udp, peer)
        client.request.setViaTransport(.udp)
        client.machine = Self.machine(client.request.method, isReliable: false, context.timers)
        perform(client.start(), on: client, response: nil)
    }

    /// A timer of the wheel fired.
    func fire(_ token: TimerToken) {
        switch owners[token.owner] {
        case .server(let server):
            guard let timer = TransactionTimer(rawValue: UInt8(truncatingIfNeeded: token.purpose)) else { return }
            perform(server.timerFired(timer), on: server)
        case .client(let client):
            guard let timer = TransactionTimer(rawValue: UInt8(truncatingIfNeeded: token.purpose)) else { return }
            perform(client.timerFired(timer), on: client, response: nil)
        case .call(let call):
            fire(CallTimer(purpose: token.purpose), of: call)
        case .shard:
            sweep()
        case .trunks:
            watchTrunks()
        case nil:
            break
        }
    }
}
