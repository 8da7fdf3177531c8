// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallControl
import CallLifecycle
import CallPolicy
import CallStore
import Logging
import MonotonicTime
import NumberingPlan
import Registrar
import SIPMessage
import SIPTransaction
import SIPTransport
import Synchronization

extension Shard {
    /// An INVITE outside any dialog: whose is it, may it call, and if so hand it to the call API.
    func inviteReceived(_ message: SIPMessage, key: TransactionKey, from source: ReceivedFrom) {
        if isDraining, !mayCallForHelp(message) { return refuseWhileDraining(message, source) }
        let merge = mergeKey(of: message)
        if invites.contains(merge) {
            return answerStateless(message, from: source, 482, warning: "the same INVITE came by another way before")
        }
        guard let request = authenticate(message, from: source, asProxy: true) else { return }
        if isDraining, !callsForHelp(request) { return refuseWhileDraining(message, source) }
        guard mayCall(request) || callsForHelp(request) else {
            return answerStateless(
                message,
                from: source,
                403,
                warning: "the endpoint must register before it may call"
            )
        }
        let server = openServer(message, key: key, from: source)
        server.merge = merge
        invites.insert(merge)
        if let limit = context.maximumConcurrentCalls, context.concurrentCalls.load(ordering: .relaxed) >= limit,
            !callsForHelp(request)
        {
            return answer(server, 503) { $0.append("Retry-After: 5\r\n") }
        }
        decide(request, server)
    }

    /// RFC 3261 §8.2.2.2: copies of one request share From tag, Call-ID and CSeq, whatever way they took.
    private func mergeKey(of message: SIPMessage) -> [UInt8] {
        let mandatory = message.mandatory
        var composer = MessageComposer(capacity: Int(mandatory.fromTag.length + mandatory.callID.length) + 12)
        composer.append(decimal: Int(mandatory.sequenceNumber))
        composer.append(" ")
        composer.append(message.bytes, mandatory.fromTag)
        composer.append(" ")
        composer.append(message.bytes, mandatory.callID)
        return composer.bytes
    }

    private func refuseWhileDraining(_ message: SIPMessage, _ source: ReceivedFrom) {
        answerStateless(message, from: source, 503, warning: "the gateway is shutting down") {
            $0.append("Retry-After: 30\r\n")
        }
    }

    /// Whether an INVITE could call an emergency service, as far as that can be told before its caller is known:
    /// emergency numbers are short, whatever separators and prefixes stand around them, and not international.
    private func mayCallForHelp(_ message: SIPMessage) -> Bool {
        guard let uri = message.requestURI else { return false }
        guard uri.scheme != .urn else { return true }
        return uri.user.length <= 24 && message.bytes[uri.user.indices].first != UInt8(ascii: "+")
    }

    /// Whether an INVITE calls an emergency service; such a call is carried where others are refused.
    private func callsForHelp(_ request: AuthenticatedRequest) -> Bool {
        let message = request.message
        let attempt = CallAttempt(request, isLocal: isLocal(message.requestURI, message), selection: 0)
        return PolicyEngine.isEmergency(attempt.destination, of: attempt.caller, under: policy.snapshot)
    }

    /// A live binding stands behind every call, but for endpoints that do not register.
    private func mayCall(_ request: AuthenticatedRequest) -> Bool {
        guard request.endpoint.requiresRegistration else { return true }
        guard let bindings = bindings[request.endpoint.id] else { return false }
        return bindings.hasLiveBinding(at: .current)
    }

    private func decide(_ request: AuthenticatedRequest, _ server: ServerTransaction) {
        var attempt = CallAttempt(
            request,
            isLocal: isLocal(request.message.requestURI, request.message),
            selection: random.next()
        )
        attempt.routes = context.trunks.conditions(selection: attempt.routes.selection, at: now)
        let ledger = policy.ledgers[request.endpoint.customer] ?? CustomerLedger()
        let decision = ledger.decide(attempt, under: policy.snapshot, at: now)
        let time = WallTime.current
        let id = ResourceIdentifier(unixMilliseconds: time.milliseconds, random: (random.next(), random.next()))
        let record = CallRecord(id, request, attempt, decision, time)
        log(decision, record)
        switch decision.verdict {
        case .rejected(let rejection):
            counters.rejected += 1
            context.callAPI.noteRejected(record)
            reject(server, rejection)
        case .approved(let approved):
            counters.approved += 1
            if approved.isEmergency { counters.emergencies += 1 }
            begin(request, approved, record, server, ledger)
        }
    }

    /// Whether a URI's host is this gateway.
    func isLocal(_ uri: URIReference?, _ message: SIPMessage) -> Bool {
        guard let uri else { return false }
        return context.localNames.contains(message.text(uri.host).lowercased())
    }

    private func reject(_ server: ServerTransaction, _ rejection: Rejection) {
        var composer = server.template.start(
            status: rejection.status,
            reason: rejection.reasonPhrase,
            toTag: statelessTag()
        )
        let text = rejection.text
        composer.append("Reason: Q.850;cause=\(rejection.q850Cause);text=\"")
        composer.append(text)
        composer.append("\"\r\nWarning: \(rejection.warningCode) \(localAddress(for: server.source).host) \"")
        composer.append(text)
        composer.append("\"\r\n")
        if let seconds = rejection.retryAfter { composer.append("Retry-After: \(seconds)\r\n") }
        composer.finish()
        respond(server, status: rejection.status, composer.bytes)
    }

    private func begin(
        _ request: AuthenticatedRequest,
        _ approved: ApprovedCall,
        _ record: CallRecord,
        _ server: ServerTransaction,
        _ ledger: CustomerLedger
    ) {
        let isSecure = request.message.requestURI?.scheme == .sips && !approved.isEmergency
        let targets = targets(targets(of: approved), isSecure: isSecure)
        guard !isSecure || !targets.isEmpty else { return refuseSecure(server, record) }
        let setup = CallSetup(
            id: record.id,
            invite: request.message,
            transaction: server.identifier,
            template: server.template,
            approved: approved,
            endpointHop: nextHop(of: request.source),
            endpointLocal: localAddress(for: request.source),
            targets: targets,
            settings: context.settings
        )
        var context = callContext()
        let call = Call(setup, &context)
        let active = ActiveCall(
            id: record.id,
            call: call,
            ledger: ledger,
            account: CallAccount(approved),
            goesElsewhere: approved.destination.kind == .sip,
            summary: CallSummary(record),
            began: now
        )
        active.slot = owners.insert(.call(active))
        server.call = active
        activeCalls += 1
        perform(context.actions, of: active)
        recycle(&context)
        let token = mint.next()
        pending[token] = .call(active)
        guard self.context.callAPI.create(record, shard: index, token: token) else {
            pending[token] = nil
            return recordFailed(active)
        }
    }

    /// RFC 5630 §5.3: a call to a sips URI that cannot be reached over TLS all the way is refused, not carried otherwise.
    private func refuseSecure(_ server: ServerTransaction, _ record: CallRecord) {
        context.logger.notice("no target by TLS for a sips URI", metadata: ["call": "\(record.id)"])
        let host = localAddress(for: server.source).host
        answer(server, 480) { $0.append("Warning: 380 \(host) \"SIPS Not Allowed\"\r\n") }
    }

    /// The call's record is not safe: its INVITE never goes out, unless it calls for help.
    func recordFailed(_ active: ActiveCall) {
        active.awaitsRecord = false
        active.whenRecorded.take()?(false)
        if active.summary.isEmergency {
            context.logger.critical("an emergency call goes out without its record", metadata: ["call": "\(active.id)"])
            return handle(active) { $0.call?.begin(&$1) }
        }
        handle(active) { $0.call?.recordFailed(&$1) }
    }

    /// Where an approved call may be offered.
    func targets(of approved: ApprovedCall) -> [OutboundTarget] {
        switch approved.destination {
        case .telephone(let number, _): trunkTargets(approved, number.description)
        case .emergency: emergencyTargets(approved)
        case .extensions(let endpoints): endpoints.flatMap(endpointTargets)
        case .sipURI(let text): sipTarget(text).map { [$0] } ?? []
        }
    }

    private func trunkTargets(_ approved: ApprovedCall, _ number: String) -> [OutboundTarget] {
        approved.route.map { target($0, number) }
    }

    private func target(_ trunk: Trunk, _ number: String) -> OutboundTarget {
        let (listener, local) = reach(trunk)
        return OutboundTarget.telephone(trunk: trunk, number: number, listener: listener, local: local)
    }

    func reach(_ trunk: Trunk) -> (listener: Int, local: LocalAddress) {
        let peer = PeerAddress(host: trunk.host, port: UInt16(truncatingIfNeeded: trunk.port))
        let listener = listener(for: trunk.transport, peer)
        return (listener, localAddress(listener: listener, toward: peer))
    }

    /// Each trunk is called in the terms it takes: the number as dialled, or the service's URN (RFC 5031).
    private func emergencyTargets(_ approved: ApprovedCall) -> [OutboundTarget] {
        approved.route.map { trunk in
            switch approved.emergencyTarget(for: trunk) {
            case .number(let number): return target(trunk, number)
            case .serviceURN(let service):
                let (listener, local) = reach(trunk)
                return .emergencyService(trunk: trunk, service: service, listener: listener, local: local)
            }
        }
    }

    /// The listener to send from: of the transport wanted, and of the peer's address family where it is known.
    func listener(for transport: SIPTransportProtocol, _ peer: PeerAddress?) -> Int {
        var fallback: ShardListener?
        for listener in listeners where listener.transport == transport {
            if peer == nil || listener.bound.isIPv6 == peer?.isIPv6 { return listener.index }
            if fallback == nil { fallback = listener }
        }
        return (fallback ?? listeners.first)?.index ?? 0
    }

    private func endpointTargets(_ endpoint: ResourceIdentifier) -> [OutboundTarget] {
        guard let known = bindings[endpoint], let name = policy.snapshot.endpoints[endpoint]?.username else {
            return []
        }
        let live = known.inForkingOrder(at: .current)
        return live.map { binding in
            var routes = MessageComposer(capacity: 64)
            for path in binding.path { routes.line("Route: ", path) }
            let hop = NextHop(binding.flow)
            let peer = PeerAddress(host: hop.host, port: hop.port)
            var to = MessageComposer(capacity: 64)
            to.append("sip:")
            to.append(name)
            to.append("@")
            to.append(context.settings.gatewayHost)
            return OutboundTarget(
                requestURI: binding.contact,
                toURI: to.bytes,
                hop: hop,
                local: localAddress(listener: hop.listener, toward: peer),
                routes: routes.bytes,
                keepsFlow: true
            )
        }
    }

    private func sipTarget(_ text: ReceivedText) -> OutboundTarget? {
        let bytes = Array(text.buffer[text.range])
        guard let uri = try? URIReference.parse(bytes.span, 0..<bytes.count),
            var hop = NextHop(bytes, uri, listener: 0)
        else { return nil }
        let peer = PeerAddress(host: hop.host, port: hop.port)
        hop.listener = listener(for: hop.transport, peer)
        hop.mayPreferTCP = hop.transport == .udp
        return OutboundTarget(
            requestURI: bytes,
            toURI: bytes,
            hop: hop,
            local: localAddress(listener: hop.listener, toward: peer)
        )
    }
}
