// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import CallStore
import Logging
import MonotonicTime
import Registrar
import SIPMessage
import SIPTransaction
import SIPTransport
import TollgateConfiguration

extension Shard {
    /// A REGISTER (RFC 3261 §10.3): the 200 leaves after the commit of the bindings it promises.
    func registerReceived(_ message: SIPMessage, key: TransactionKey, from source: ReceivedFrom) {
        guard isLocal(message.requestURI, message) else {
            return answerStateless(message, from: source, 404, warning: "this registrar does not serve that domain")
        }
        guard let request = authenticate(message, from: source, asProxy: false) else { return }
        guard addressOfRecordUser(of: message) == request.endpoint.username else {
            return answerStateless(
                message,
                from: source,
                403,
                warning: "an endpoint may register its own address of record only"
            )
        }
        let server = openServer(message, key: key, from: source)
        let endpoint = request.endpoint.id
        let time = WallTime.current
        let existing = bindingsUnderWay[endpoint]?.bindings ?? bindings[endpoint] ?? []
        let outcome = register(
            request: message,
            existing: existing,
            flow: RegistrationFlow(source),
            limits: context.registrarLimits,
            now: time
        )
        switch outcome {
        case .refused(let refusal):
            answer(server, refusal.status) { composer in
                refusal.append(to: &composer, agent: localAddress(for: source).host)
            }
        case .answer(let bindings, let changed):
            let answer = acceptance(server, message, bindings, time)
            guard changed else { return respond(server, status: 200, answer) }
            commit(server, endpoint, bindings, answer)
        }
    }

    private func acceptance(
        _ server: ServerTransaction,
        _ message: SIPMessage,
        _ bindings: [Binding],
        _ time: WallTime
    ) -> [UInt8] {
        var composer = server.template.start(status: 200, toTag: statelessTag())
        appendAnswer(to: &composer, bindings: bindings, now: time, request: message)
        composer.finish()
        return composer.bytes
    }

    private func commit(
        _ server: ServerTransaction,
        _ endpoint: ResourceIdentifier,
        _ bindings: [Binding],
        _ answer: [UInt8]
    ) {
        let token = mint.next()
        let commits = (bindingsUnderWay[endpoint]?.commits ?? 0) + 1
        bindingsUnderWay[endpoint] = (bindings, commits)
        pending[token] = .registration(server, endpoint, bindings, answer: answer)
        let job = StoreJob.replaceBindings(endpoint: endpoint, bindings.map(StoredBinding.init))
        guard context.writer.submit(job, shard: index, token: token) == .accepted else {
            pending[token] = nil
            return registrationFailed(server, endpoint, "the store takes no more work")
        }
    }

    /// The bindings are on disk: every shard learns of them, and the endpoint gets its 200.
    func registered(
        _ server: ServerTransaction,
        _ endpoint: ResourceIdentifier,
        _ bindings: [Binding],
        _ answer: [UInt8]
    ) {
        finishCommit(endpoint)
        self.bindings[endpoint] = bindings
        for (number, peer) in peers.enumerated() where number != index {
            peer.execute { $0.bindings[endpoint] = bindings }
        }
        respond(server, status: 200, answer)
    }

    /// The bindings could not be made safe, so nothing is promised.
    func registrationFailed(_ server: ServerTransaction, _ endpoint: ResourceIdentifier, _ reason: String) {
        finishCommit(endpoint)
        context.logger.error("a registration could not be stored", metadata: ["reason": "\(reason)"])
        answer(server, 503) { $0.append("Retry-After: 5\r\n") }
    }

    private func finishCommit(_ endpoint: ResourceIdentifier) {
        guard let underWay = bindingsUnderWay[endpoint] else { return }
        bindingsUnderWay[endpoint] = underWay.commits > 1 ? (underWay.bindings, underWay.commits - 1) : nil
    }

    /// Forgets what has run out; runs every half minute.
    func sweep() {
        let time = WallTime.current
        for (endpoint, list) in bindings {
            let live = list.pruned(at: time)
            if live.count != list.count { bindings[endpoint] = live.isEmpty ? nil : live }
        }
        // What all shards share is swept by one.
        if index == 0 {
            _ = context.writer.submit(.removeExpiredBindings(before: time), shard: 0, token: 0)
            for ledger in policy.ledgers.values { ledger.sweep(at: now) }
        }
        lookUpTrunks()
        logCounters()
        armSweep()
    }

    /// Starts the sweep's timer.
    func armSweep() {
        if sweepSlot == nil { sweepSlot = owners.insert(.shard) }
        guard let slot = sweepSlot else { return }
        _ = wheel.arm(at: now + .seconds(30), TimerToken(owner: slot, purpose: 0))
    }
}

extension RegistrarLimits {
    /// The limits of the configuration.
    init(_ settings: RegistrarSettings) {
        self.init(
            minExpires: UInt32(clamping: settings.minimumExpires.milliseconds / 1000),
            defaultExpires: UInt32(clamping: settings.defaultExpires.milliseconds / 1000),
            maxExpires: UInt32(clamping: settings.maximumExpires.milliseconds / 1000),
            maxContacts: settings.maximumContacts
        )
    }
}

extension FlowTransport {
    fileprivate init(_ kind: TransportKind) {
        self =
            switch kind {
            case .udp: .udp
            case .tcp: .tcp
            case .tls: .tls
            }
    }
}

extension SIPTransportProtocol {
    fileprivate init(_ flow: FlowTransport) {
        self =
            switch flow {
            case .udp: .udp
            case .tcp: .tcp
            case .tls: .tls
            }
    }
}

extension RegistrationFlow {
    /// The flow that a request came by.
    init(_ source: ReceivedFrom) {
        self.init(
            transport: FlowTransport(source.kind),
            host: source.peer.hostText,
            port: source.peer.port,
            connection: source.connection.rawValue,
            listener: source.listener
        )
    }
}

extension NextHop {
    /// The way back along a registration's flow.
    init(_ flow: RegistrationFlow) {
        self.init(
            transport: SIPTransportProtocol(flow.transport),
            host: flow.host,
            port: flow.port,
            connection: flow.connection,
            listener: flow.listener
        )
    }
}

extension StoredBinding {
    /// A binding as the store keeps it.
    init(_ binding: Binding) {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        self.init(
            contact: text(binding.contact),
            callID: text(binding.callID),
            cseq: Int64(binding.sequenceNumber),
            expires: binding.expires,
            registered: binding.registered,
            quality: binding.quality,
            path: binding.path.map(text),
            instance: binding.instance.map(text),
            registrationID: binding.registrationID.map(Int.init),
            flow: binding.flow.text,
            userAgent: text(binding.userAgent)
        )
    }
}

extension Binding {
    /// A binding out of the store; nil when its flow cannot be read.
    init?(_ stored: StoredBinding) {
        guard let flow = RegistrationFlow(text: stored.flow) else { return nil }
        self.init(
            contact: Array(stored.contact.utf8),
            callID: Array(stored.callID.utf8),
            sequenceNumber: UInt32(clamping: stored.cseq),
            expires: stored.expires,
            registered: stored.registered,
            quality: stored.quality,
            path: stored.path.map { Array($0.utf8) },
            instance: stored.instance.map { Array($0.utf8) },
            registrationID: stored.registrationID.flatMap(UInt32.init(exactly:)),
            flow: flow,
            userAgent: Array(stored.userAgent.utf8)
        )
    }
}
