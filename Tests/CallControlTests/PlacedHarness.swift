// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import MonotonicTime
import SIPMessage
import SIPParser
import SIPTransaction
import Testing

@testable import CallControl

/// A shard of virtual time around one placed call: the calls of its legs, the machine that is their caller, and all that
/// went out to the parties.
final class PlacedHarness {
    /// One leg's call with its clocks.
    struct LegState {
        var call: Call
        var timers: [CallTimer: Int64] = [:]
        var records: [CallProgress] = []
        var isFinished = false
    }

    private enum News {
        case action(Int, CallAction)
        case ended(Int, ReleaseCause)
    }

    var control: PlacedCall
    var legs: [Int: LegState] = [:]
    /// Everything sent to the parties, in order.
    var sent: [(leg: Int, message: Sent)] = []
    var isJoined = false
    var waits: [Int64] = []
    var keptStates = 0
    var problems: [String] = []
    var credentials: (Trunk, Method, [UInt8], SIPMessage) -> TrunkCredentials? = { _, _, _, _ in nil }
    var now: Int64 = 0
    let mint: IdentifierMint
    private let numbers: [String]
    private let deployments: [Int: Deployment]
    private let hidden: Set<Int>
    private var news: [News] = []
    private var isSettling = false
    private var outsideNumber = 500
    private var outsideTransaction: UInt64 = 1 << 60

    /// Begins a placed call to `+13125550101` that connects these numbers; leg `n` goes by trunks of `deployments[n]`.
    init(
        parties: [String] = ["+13125550102"],
        deployments: [Int: Deployment] = [:],
        hidden: Set<Int> = []
    ) throws {
        let counter = Counter()
        mint = IdentifierMint(shard: 7, random: counter.next)
        control = PlacedCall(parties: parties.count)
        numbers = ["+13125550101"] + parties
        self.deployments = deployments
        self.hidden = hidden
        try begin(0)
    }

    private func begin(_ leg: Int) throws {
        var inside = context()
        let number = numbers[leg]
        let invite = try Harness.scan(
            String(decoding: control.invite(toLeg: leg, host: "192.0.2.254", &inside).bytes, as: UTF8.self)
        )
        let deployment = deployments[leg] ?? Deployment()
        let asking = try Harness.scan(Caller.invite(number, hidden.contains(leg) ? ["Privacy: id"] : [], body: ""))
        let approved = try deployment.approve(asking, number)
        let transaction = try #require(control.seats[leg]).invite
        let setup = CallSetup(
            id: ResourceIdentifier(high: 9, low: UInt64(leg)),
            invite: invite,
            transaction: transaction,
            template: ResponseTemplate(invite, source: RequestSource(host: "gateway.invalid", port: 5060)),
            approved: approved,
            endpointHop: .inside,
            endpointLocal: LocalAddress(host: "gateway.invalid", port: 5060),
            targets: approved.route.map {
                .telephone(
                    trunk: $0,
                    number: number,
                    listener: 0,
                    local: LocalAddress(host: "192.0.2.254", port: 5060)
                )
            },
            settings: CallSettings(gatewayHost: "gw.example")
        )
        var call = CallContext(mint: mint)
        var begun = Call(setup, &call)
        begun.authored = control.session(ofLeg: leg)
        legs[leg] = LegState(call: begun)
        perform(call.actions, of: leg)
        event(leg) { $0.begin(&$1) }
    }

    private func context() -> PlacedContext {
        PlacedContext(mint: mint) { [weak self] bytes in
            do {
                return try Harness.scanner.scan(bytes, .datagram)
            } catch {
                self?.problems.append("cannot be read: \(String(decoding: bytes, as: UTF8.self))")
                return nil
            }
        }
    }

    func event(_ leg: Int, _ body: (inout Call, inout CallContext) -> Void) {
        guard var call = legs[leg]?.call else { return }
        var context = CallContext(mint: mint, credentials: credentials)
        body(&call, &context)
        legs[leg]?.call = call
        perform(context.actions, of: leg)
        settle()
    }

    private func perform(_ actions: [CallAction], of leg: Int) {
        for action in actions {
            if control.concerns(action) {
                news.append(.action(leg, action))
                continue
            }
            switch action {
            case .respond(let transaction, _, let bytes): take(leg, bytes, transaction, nil)
            case .send(let transaction, let request, let hop), .cancel(let transaction, let request, let hop):
                take(leg, request.bytes, transaction, hop)
            case .acknowledge(let bytes, let hop): take(leg, bytes, 0, hop)
            case .arm(let timer, let interval): legs[leg]?.timers[timer] = now + interval.milliseconds
            case .disarm(let timer): legs[leg]?.timers[timer] = nil
            case .claimTag, .findCounterpart, .locate, .avoid, .trunkFailed: break
            case .dialogChanged: keptStates += 1
            case .record(let progress):
                legs[leg]?.records.append(progress)
                if case .ended(_, let cause) = progress { news.append(.ended(leg, cause)) }
            case .finished:
                legs[leg]?.isFinished = true
                legs[leg]?.timers = [:]
            }
        }
    }

    private func settle() {
        guard !isSettling else { return }
        isSettling = true
        defer { isSettling = false }
        while !news.isEmpty {
            var context = context()
            switch news.removeFirst() {
            case .action(let leg, let action): control.take(action, ofLeg: leg, &context)
            case .ended(let leg, let cause): control.ended(leg: leg, cause: cause, &context)
            }
            perform(context.steps)
        }
    }

    private func perform(_ steps: [PlacedStep]) {
        for step in steps {
            switch step {
            case .request(let leg, let bytes, let transaction): deliver(bytes, transaction, to: leg)
            case .acknowledge(let leg, let bytes):
                guard let message = context().read(bytes) else { continue }
                event(leg) { $0.acknowledgementReceived(message, &$1) }
            case .cancel(let leg, let transaction, let elsewhere):
                event(leg) { $0.cancelReceived(for: transaction, isTakenElsewhere: elsewhere, &$1) }
            case .response(let leg, let bytes, let transaction):
                guard let message = context().read(bytes) else { continue }
                event(leg) { $0.responseReceived(message, to: transaction, &$1) }
            case .lost(let leg, let transaction): event(leg) { $0.transactionFailed(transaction, .transport, &$1) }
            case .hangUp(let leg, let text, let cause):
                event(leg) { $0.hangUp(status: 487, text: text, cause: cause, &$1) }
            case .connect:
                for leg in 1..<numbers.count {
                    do { try begin(leg) } catch { problems.append("leg \(leg): \(error)") }
                }
            case .join(let leg): join(leg)
            case .keep(let leg, let session):
                legs[leg]?.call.authored = session
                keptStates += 1
            case .wait(let interval): waits.append(interval.milliseconds)
            }
        }
    }

    private func deliver(_ bytes: [UInt8], _ transaction: UInt64, to leg: Int) {
        var context = context()
        guard legs[leg]?.isFinished == false, let message = context.read(bytes) else {
            control.undelivered(transaction, &context)
            return perform(context.steps)
        }
        let template = ResponseTemplate(message, source: RequestSource(host: "gateway.invalid", port: 5060))
        event(leg) {
            $0.requestReceived(message, transaction: transaction, template: template, from: .inside, &$1)
        }
    }

    private func join(_ leg: Int) {
        guard var one = legs[0]?.call, var two = legs[leg]?.call else { return }
        Call.join(&one, &two)
        legs[0]?.call = one
        legs[leg]?.call = two
        isJoined = true
    }

    /// The wait after a 491 passes.
    func waitPasses() {
        var context = context()
        control.waited(&context)
        perform(context.steps)
        settle()
    }

    private func take(_ leg: Int, _ bytes: [UInt8], _ transaction: UInt64, _ hop: NextHop?) {
        guard let message = try? Harness.scanner.scan(bytes, .datagram) else {
            return problems.append("the scanner refuses: \(String(decoding: bytes, as: UTF8.self))")
        }
        if hop?.isInside == true { problems.append("went outside: \(String(decoding: bytes, as: UTF8.self))") }
        sent.append((leg, Sent(message: message, transaction: transaction, hop: hop, isResponse: hop == nil)))
    }

    /// The process ends, and another takes the legs up from what was kept of them.
    func restart() throws {
        let states = try [0, 1].map { leg -> AnsweredState in
            let bytes = try #require(legs[leg]?.call.dialogState())
            return try #require(AnsweredState(bytes))
        }
        let trunks = [Deployment.trunk(1)]
        for (leg, state) in states.enumerated() {
            var context = CallContext(mint: mint)
            let call = Call(
                restoring: state,
                settings: CallSettings(gatewayHost: "gw.example"),
                lasted: .seconds(10),
                trunk: { id in trunks.first { $0.id == id } },
                hop: { $0 },
                &context
            )
            legs[leg] = LegState(call: call)
            perform(context.actions, of: leg)
        }
        let (one, two) = (try #require(legs[0]?.call), try #require(legs[1]?.call))
        #expect(one.isPlaced && one.isJoined(with: two))
        var context = context()
        control = try #require(PlacedCall(rejoining: one, two, &context))
    }

    // MARK: The parties

    /// What the party of a leg was sent last, of a method.
    func last(_ method: Method, _ leg: Int) throws -> Sent {
        try #require(
            sent.last { $0.leg == leg && !$0.message.isResponse && $0.message.method == method }?.message,
            "no \(method) went to leg \(leg)"
        )
    }

    func count(_ method: Method, _ leg: Int) -> Int {
        sent.count { $0.leg == leg && !$0.message.isResponse && $0.message.method == method }
    }

    /// The last response that a party got.
    func response(_ leg: Int) throws -> Sent {
        try #require(sent.last { $0.leg == leg && $0.message.isResponse }?.message)
    }

    func answer(
        _ leg: Int,
        _ request: Sent,
        _ status: Int,
        _ headers: [String] = [],
        tag: String? = nil,
        body: String = ""
    ) throws {
        let tag = tag ?? "party\(leg)"
        var lines = ["SIP/2.0 \(status) X"]
        lines += request.headers(.via).map { "Via: \($0)" }
        let to = request.header(.to) ?? ""
        lines += [
            "From: \(request.header(.from) ?? "")", "To: \(to)" + (to.contains(";tag=") ? "" : ";tag=\(tag)"),
            "Call-ID: \(request.header(.callID) ?? "")", "CSeq: \(request.header(.cseq) ?? "")",
        ]
        if status < 300 { lines.append("Contact: <sip:party\(leg)@\(request.hop?.host ?? "192.0.2.1"):5060>") }
        lines += headers
        if !body.isEmpty { lines.append("Content-Type: application/sdp") }
        lines.append("Content-Length: \(body.utf8.count)")
        let response = try Harness.scan(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        event(leg) { $0.responseReceived(response, to: request.transaction, &$1) }
    }

    /// A request of a party in the dialog that `invite` made.
    func sends(_ leg: Int, _ method: String, in invite: Sent, _ headers: [String] = [], body: String = "") throws {
        outsideNumber += 1
        outsideTransaction += 1
        var lines = [
            "\(method) sip:gw SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKb\(outsideNumber)",
            "From: \(invite.header(.to) ?? "");tag=party\(leg)", "To: \(invite.header(.from) ?? "")",
            "Call-ID: \(invite.header(.callID) ?? "")", "CSeq: \(outsideNumber) \(method)", "Max-Forwards: 20",
            "Contact: <sip:party\(leg)@192.0.2.1:5060>",
        ]
        lines += headers
        if !body.isEmpty { lines.append("Content-Type: application/sdp") }
        lines.append("Content-Length: \(body.utf8.count)")
        try receive(leg, lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// The ACK of a party for the last 2xx that it got to a re-INVITE.
    func acknowledges(_ leg: Int, in invite: Sent, body: String = "") throws {
        let number = try response(leg).message.mandatory.sequenceNumber
        let type = body.isEmpty ? "" : "Content-Type: application/sdp\r\n"
        let message = try Harness.scan(
            "ACK sip:gw SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKack\(outsideNumber)\r\n"
                + "From: \(invite.header(.to) ?? "");tag=party\(leg)\r\nTo: \(invite.header(.from) ?? "")\r\n"
                + "Call-ID: \(invite.header(.callID) ?? "")\r\nCSeq: \(number) ACK\r\nMax-Forwards: 20\r\n\(type)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        event(leg) { $0.acknowledgementReceived(message, &$1) }
    }

    private func receive(_ leg: Int, _ text: String) throws {
        let message = try Harness.scan(text)
        let template = ResponseTemplate(message, source: RequestSource(host: "192.0.2.1", port: 5060))
        let hop = NextHop(transport: .udp, host: "192.0.2.1", port: 5060)
        let transaction = outsideTransaction
        event(leg) { $0.requestReceived(message, transaction: transaction, template: template, from: hop, &$1) }
    }

    /// Lets a leg's timer fire.
    func fire(_ timer: CallTimer, _ leg: Int) throws {
        let removed = legs[leg]?.timers.removeValue(forKey: timer)
        let due = try #require(removed, "\(timer) of leg \(leg) does not run")
        now = max(now, due)
        event(leg) { $0.timerFired(timer, &$1) }
    }

    // MARK: The flow

    static func session(_ media: String..., origin: String = "- 77 5 IN IP4 203.0.113.5") -> String {
        "v=0\r\no=\(origin)\r\ns=-\r\nc=IN IP4 203.0.113.5\r\nt=0 0\r\n" + media.map { "m=\($0)\r\n" }.joined()
    }

    /// The first party answers with an offer; hands back its INVITE.
    @discardableResult
    func firstAnswers(_ body: String = session("audio 40000 RTP/AVP 0 8")) throws -> Sent {
        let invite = try last(.invite, 0)
        try answer(0, invite, 180)
        try answer(0, invite, 200, body: body)
        return invite
    }

    /// A party answers with an offer; hands back its INVITE.
    @discardableResult
    func partyAnswers(_ leg: Int = 1, _ body: String = session("audio 41000 RTP/AVP 0")) throws -> Sent {
        let invite = try last(.invite, leg)
        try answer(leg, invite, 200, body: body)
        return invite
    }

    /// Brings both parties together; hands back their INVITEs.
    func connect(
        first: String = session("audio 40000 RTP/AVP 0 8"),
        party: String = session("audio 41000 RTP/AVP 0"),
        answer: String = session("audio 40000 RTP/AVP 0")
    ) throws -> (first: Sent, party: Sent) {
        let one = try firstAnswers(first)
        let two = try partyAnswers(1, party)
        try self.answer(0, try last(.invite, 0), 200, body: answer)
        #expect(isJoined)
        return (one, two)
    }

    /// Answers every BYE that waits with 200.
    func answerByes() throws {
        for (leg, message) in sent where !message.isResponse && message.method == .bye {
            try answer(leg, message, 200)
        }
    }

    func end(_ leg: Int) -> CallProgress? {
        legs[leg]?.records.last { if case .ended = $0 { true } else { false } }
    }

    /// Everything is over: each leg ended once and waits for nothing.
    func expectOver(_ location: SourceLocation = #_sourceLocation) throws {
        try answerByes()
        #expect(problems == [], sourceLocation: location)
        for (leg, state) in legs {
            #expect(state.isFinished, "leg \(leg)", sourceLocation: location)
            #expect(state.timers.isEmpty, "leg \(leg)", sourceLocation: location)
            let ends = state.records.count { if case .ended = $0 { true } else { false } }
            #expect(ends == 1, "leg \(leg)", sourceLocation: location)
        }
    }
}
