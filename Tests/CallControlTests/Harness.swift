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

/// Numbers in order, so that every run of a test composes the same bytes.
final class Counter {
    private var value: UInt64 = 0

    func next() -> UInt64 {
        value += 1
        return value
    }
}

/// A message that the call had sent.
struct Sent {
    let message: SIPMessage
    /// The transaction it belongs to; zero for an ACK.
    let transaction: UInt64
    let hop: NextHop?
    let isResponse: Bool

    var text: String { String(decoding: message.bytes, as: UTF8.self) }
    var method: Method { message.method }
    var status: Int { message.status }
    var body: String { message.text(message.body) }

    func header(_ name: HeaderName) -> String? { message.first(name).map(message.text) }
    func headers(_ name: HeaderName) -> [String] {
        message.fields.filter { $0.name == name }.map { message.text($0.value) }
    }
    func has(_ part: String) -> Bool { text.contains(part) }
}

/// A client transaction of the call.
struct Client {
    let sent: Sent
    var hasProvisional = false
    var isDone = false
    var deadline: Int64
}

/// A shard of virtual time around one call: it performs what the call asks, checks every message, and keeps all of it.
final class Harness {
    static let endpointHost = "198.51.100.66"
    static let scanner = Scanner()

    var call: Call
    var now: Int64 = 0
    var timers: [CallTimer: Int64] = [:]
    var clients: [UInt64: Client] = [:]
    /// Everything sent to the caller, in order.
    var toCaller: [Sent] = []
    /// Everything sent to the outside, in order.
    var toOutside: [Sent] = []
    var records: [CallProgress] = []
    var tags: Set<UInt64> = []
    var isFinished = false
    /// How often the call asked to have its dialog state kept anew.
    var savings = 0
    /// How often another process took the call up.
    var restarts = 0
    /// The final answers by server transaction.
    var finals: [UInt64: [UInt8]] = [:]
    /// The server transactions that came while the call lived.
    var served: Set<UInt64> = [1]
    var problems: [String] = []
    /// The dialogs of other calls that the call asked for.
    var searches: [(transaction: UInt64, dialog: ReplacedDialog)] = []
    /// Where names lead.
    var zone: [String: Result<[NextHop], LocationRefusal>] = [:]
    /// Whether names are looked up and never found.
    var delaysLocation = false
    /// The names that the call asked for, and the servers it wants avoided.
    var lookups: [NextHop] = []
    var avoided: [NextHop] = []
    /// The trunks that failed, and for how long they asked to be left alone.
    var failedTrunks: [(trunk: ResourceIdentifier, seconds: Int?)] = []
    /// The trunks that take no further call.
    var fullTrunks: Set<ResourceIdentifier> = []
    var credentials: (Trunk, Method, [UInt8], SIPMessage) -> TrunkCredentials? = { _, _, _, _ in nil }
    /// The port that the caller's requests come from.
    var callerPort: UInt16 = 5060
    let mint: IdentifierMint
    private var legs: [UInt64: Leg] = [1: .endpoint]
    private var sequences: [String: UInt32] = [:]
    private var nextTransaction: UInt64 = 1
    private var endpointNumber = 1
    private var outsideNumber = 500

    init(
        _ deployment: Deployment = Deployment(),
        to user: String = "+13125550123",
        local: Bool = true,
        targets: [OutboundTarget]? = nil,
        headers: [String] = [],
        body: String = Caller.offer,
        settings: CallSettings = CallSettings(gatewayHost: "gw.example")
    ) throws {
        let invite = try Self.scan(Caller.invite(user, headers, body: body))
        let approved = try deployment.approve(invite, user, local: local)
        let outside = LocalAddress(host: "192.0.2.254", port: 5060)
        let routed = approved.route.map {
            OutboundTarget.telephone(trunk: $0, number: user, listener: 0, local: outside)
        }
        let counter = Counter()
        mint = IdentifierMint(shard: 7, random: counter.next)
        let setup = CallSetup(
            id: ResourceIdentifier(high: 9, low: 9),
            invite: invite,
            transaction: 1,
            template: ResponseTemplate(invite, source: RequestSource(host: Self.endpointHost, port: 5060)),
            approved: approved,
            endpointHop: NextHop(transport: .udp, host: Self.endpointHost, port: 5060),
            endpointLocal: LocalAddress(host: "192.0.2.253", port: 5060),
            targets: targets ?? routed,
            settings: settings
        )
        var context = CallContext(mint: mint)
        call = Call(setup, &context)
        perform(context.actions)
    }

    static func scan(_ text: String) throws -> SIPMessage {
        try scanner.scan(Array(text.utf8), .datagram)
    }

    func event(_ body: (inout Call, inout CallContext) -> Void) {
        let fullTrunks = fullTrunks
        var context = CallContext(mint: mint, credentials: credentials) { trunk, isEmergency in
            isEmergency || !fullTrunks.contains(trunk.id)
        }
        body(&call, &context)
        perform(context.actions)
    }

    func begin() { event { $0.begin(&$1) } }

    private func perform(_ actions: [CallAction]) {
        var sought: [(target: Int, hop: NextHop)] = []
        for action in actions {
            if isFinished { problems.append("an action after the end: \(action)") }
            switch action {
            case .respond(let transaction, let status, let bytes): respond(transaction, status, bytes)
            case .send(let transaction, let request, let hop):
                guard let sent = take(request.bytes, transaction, hop) else { continue }
                clients[transaction] = Client(sent: sent, deadline: now + 32_000)
            case .cancel(let transaction, let request, let hop):
                if clients[transaction]?.hasProvisional != true { problems.append("CANCEL before a provisional") }
                _ = take(request.bytes, transaction, hop)
            case .acknowledge(let bytes, let hop): _ = take(bytes, 0, hop)
            case .arm(let timer, let interval): timers[timer] = now + interval.milliseconds
            case .disarm(let timer): timers[timer] = nil
            case .claimTag(let tag): tags.insert(tag)
            case .dialogChanged: savings += 1
            case .locate(let target, let hop): sought.append((target, hop))
            case .avoid(let hop, _): avoided.append(hop)
            case .trunkFailed(let trunk, let seconds): failedTrunks.append((trunk, seconds))
            case .record(let progress): records.append(progress)
            case .findCounterpart(let transaction, let dialog): searches.append((transaction, dialog))
            case .finished:
                isFinished = true
                timers = [:]
            }
        }
        for (target, hop) in sought { answer(target, hop) }
    }

    /// Tells the call where a name leads: as `zone` has it, else to the name itself.
    private func answer(_ target: Int, _ hop: NextHop) {
        let local = LocalAddress(host: "192.0.2.254", port: 5060)
        let known = zone[hop.host] ?? .success([hop])
        lookups.append(hop)
        guard !delaysLocation else { return }
        event { $0.located(target, known.map { $0.map { LocatedHop(hop: $0, local: local) } }, &$1) }
    }

    private func respond(_ transaction: UInt64, _ status: Int, _ bytes: [UInt8]) {
        if let final = finals[transaction] {
            let repeats = final == bytes && (200..<300).contains(status)
            if !repeats { problems.append("a second final answer \(status) in \(transaction)") }
        } else if status >= 200 {
            finals[transaction] = bytes
        }
        guard let message = scan(bytes) else { return }
        if message.status != status { problems.append("status \(status) beside \(message.status)") }
        let sent = Sent(message: message, transaction: transaction, hop: nil, isResponse: true)
        if legs[transaction] == .endpoint { toCaller.append(sent) } else { toOutside.append(sent) }
    }

    private func take(_ bytes: [UInt8], _ transaction: UInt64, _ hop: NextHop) -> Sent? {
        guard let message = scan(bytes) else { return nil }
        let sent = Sent(message: message, transaction: transaction, hop: hop, isResponse: false)
        if message.method != .ack, message.method != .cancel {
            let dialog = "\(sent.header(.callID) ?? "") \(sent.header(.from) ?? "") \(sent.header(.to) ?? "")"
            if let last = sequences[dialog], message.mandatory.sequenceNumber <= last {
                problems.append("CSeq not above \(last): \(sent.text)")
            }
            sequences[dialog] = message.mandatory.sequenceNumber
        }
        if hop.host == Self.endpointHost { toCaller.append(sent) } else { toOutside.append(sent) }
        return sent
    }

    private func scan(_ bytes: [UInt8]) -> SIPMessage? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let message = try? Self.scanner.scan(bytes, .datagram) else {
            problems.append("the scanner refuses: \(text)")
            return nil
        }
        for name in [HeaderName.from, .to, .callID, .cseq, .contentLength] where message.count(name) != 1 {
            problems.append("\(message.count(name)) \(name) in: \(text)")
        }
        let needsContact =
            [.invite, .update].contains(message.method)
            && (message.isRequest || (message.status > 100 && message.status < 300))
        let contacts = message.count(.contact)
        if contacts > 1 || (needsContact && contacts != 1) { problems.append("\(contacts) Contact in: \(text)") }
        return message
    }

    /// The process ends and another takes the call up from what was kept; transactions and timers are gone.
    func restart(
        from kept: [UInt8]? = nil,
        lasted: Interval = .seconds(10),
        trunks: [Trunk] = [Deployment.trunk(1)],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let bytes = try #require(kept ?? call.dialogState(), sourceLocation: location)
        let state = try #require(AnsweredState(bytes), sourceLocation: location)
        restarts += 1
        timers = [:]
        clients = [:]
        tags = []
        var context = CallContext(mint: mint)
        call = Call(
            restoring: state,
            settings: call.settings,
            callerNumbers: call.callerNumbers,
            lasted: lasted,
            trunk: { id in trunks.first { $0.id == id } },
            hop: { $0 },
            &context
        )
        perform(context.actions)
    }

    // MARK: Time

    /// Lets time pass, firing what falls due on the way.
    func advance(seconds: Int64) { advance(milliseconds: seconds * 1000) }

    func advance(milliseconds: Int64) {
        let end = now + milliseconds
        while !isFinished {
            let timer = timers.min { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }
            let client = clients.filter { !$0.value.isDone && !isQuiet($0.value) }
                .min { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
            let next = min(timer?.value ?? .max, client?.value.deadline ?? .max)
            guard next <= end else { break }
            now = next
            if let timer, timer.value == next {
                timers[timer.key] = nil
                event { $0.timerFired(timer.key, &$1) }
            } else if let client {
                fail(client.key, .timeout)
            }
        }
        now = end
    }

    /// RFC 3261 §17.1.1.2: an INVITE that had a provisional response never times out by itself.
    private func isQuiet(_ client: Client) -> Bool { client.sent.method == .invite && client.hasProvisional }

    func fail(_ transaction: UInt64, _ failure: TransactionFailure) {
        guard clients[transaction]?.isDone == false else { return }
        clients[transaction]?.isDone = true
        event { $0.transactionFailed(transaction, failure, &$1) }
    }

    // MARK: The outside

    /// The latest request of a method toward the outside.
    func outside(_ method: Method) throws -> Sent {
        try #require(toOutside.last { !$0.isResponse && $0.method == method }, "no \(method) went out")
    }

    /// The latest request of a method toward the caller.
    func caller(_ method: Method) throws -> Sent {
        try #require(toCaller.last { !$0.isResponse && $0.method == method }, "no \(method) went to the caller")
    }

    func answer(
        _ request: Sent,
        _ status: Int,
        tag: String = "bt",
        _ headers: [String] = [],
        body: String = ""
    ) throws {
        var lines = ["SIP/2.0 \(status) X"]
        lines += request.headers(.via).map { "Via: \($0)" }
        lines.append("From: \(request.header(.from) ?? "")")
        let to = request.header(.to) ?? ""
        lines.append("To: \(to)" + (to.contains(";tag=") || status == 100 ? "" : ";tag=\(tag)"))
        lines += ["Call-ID: \(request.header(.callID) ?? "")", "CSeq: \(request.header(.cseq) ?? "")"]
        if !headers.contains(where: { $0.hasPrefix("Contact") }), status < 300 {
            lines.append("Contact: <sip:\(request.hop?.host ?? "192.0.2.77"):5060>")
        }
        if status == 401 || status == 407, !headers.contains(where: { $0.contains("-Authenticate") }) {
            let name = status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate"
            lines.append("\(name): Digest realm=\"carrier\", nonce=\"n\(request.transaction)\"")
        }
        lines += headers
        if !body.isEmpty, !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
            lines.append("Content-Type: application/sdp")
        }
        lines.append("Content-Length: \(body.utf8.count)")
        let response = try Self.scan(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        let transaction = request.transaction
        if status < 200 { clients[transaction]?.hasProvisional = true } else { clients[transaction]?.isDone = true }
        event { $0.responseReceived(response, to: transaction, &$1) }
    }

    /// A request of the callee in the dialog that `invite` made.
    @discardableResult
    func outsideSends(
        _ method: String,
        in invite: Sent,
        tag: String = "bt",
        _ headers: [String] = [],
        body: String = "",
        number: Int? = nil
    ) throws -> UInt64 {
        outsideNumber += 1
        var lines = [
            "\(method) sip:gw SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKb\(outsideNumber)",
            "From: \(invite.header(.to) ?? "");tag=\(tag)", "To: \(invite.header(.from) ?? "")",
            "Call-ID: \(invite.header(.callID) ?? "")", "CSeq: \(number ?? outsideNumber) \(method)",
            "Max-Forwards: 20",
        ]
        if !headers.contains(where: { $0.hasPrefix("Contact") }) { lines.append("Contact: <sip:192.0.2.1:5060>") }
        lines += headers
        if !body.isEmpty, !headers.contains(where: { $0.hasPrefix("Content-Type") }) {
            lines.append("Content-Type: application/sdp")
        }
        lines.append("Content-Length: \(body.utf8.count)")
        return try receive(lines.joined(separator: "\r\n") + "\r\n\r\n" + body, .outbound)
    }

    // MARK: The caller

    /// The To tag of the latest response to the caller's INVITE.
    func callerTag() throws -> String {
        let response = try #require(toCaller.last { $0.isResponse && $0.transaction == 1 && $0.status > 100 })
        return response.message.text(response.message.mandatory.toTag)
    }

    @discardableResult
    func callerSends(
        _ method: String,
        _ headers: [String] = [],
        toTag: String? = nil,
        body: String = "",
        number: Int? = nil
    ) throws -> UInt64 {
        endpointNumber = number ?? endpointNumber + 1
        let tag = try toTag ?? callerTag()
        let text = Caller.request(
            method,
            "sip:192.0.2.253",
            endpointNumber,
            headers.contains { $0.hasPrefix("Max-Forwards") } ? headers : headers + ["Max-Forwards: 70"],
            toTag: tag,
            body: body
        )
        return try receive(text, .endpoint)
    }

    func callerAcknowledges(number: Int = 1, body: String = "") throws {
        let text = Caller.request(
            "ACK",
            "sip:192.0.2.253",
            number,
            ["Max-Forwards: 70"],
            toTag: try callerTag(),
            body: body
        )
        let message = try Self.scan(text)
        event { $0.acknowledgementReceived(message, &$1) }
    }

    func callerCancels() { event { $0.cancelReceived(for: 1, &$1) } }

    private func receive(_ text: String, _ leg: Leg) throws -> UInt64 {
        let message = try Self.scan(text)
        guard message.method != .ack else {
            event { $0.acknowledgementReceived(message, &$1) }
            return 0
        }
        nextTransaction += 1
        let transaction = nextTransaction
        legs[transaction] = leg
        if !isFinished { served.insert(transaction) }
        let host = leg == .endpoint ? Self.endpointHost : "192.0.2.1"
        let template = ResponseTemplate(message, source: RequestSource(host: host, port: 5060))
        let hop = NextHop(transport: .udp, host: host, port: leg == .endpoint ? callerPort : 5060)
        event { $0.requestReceived(message, transaction: transaction, template: template, from: hop, &$1) }
        return transaction
    }

    /// Answers what the call asked for last.
    func found(_ dialog: ReplacedDialog?) {
        guard let search = searches.popLast() else { return }
        event { $0.counterpartFound(dialog, for: search.transaction, &$1) }
    }

    // MARK: Findings

    /// The status of the answer in a server transaction; zero when there is none.
    func final(_ transaction: UInt64 = 1) -> Int {
        (toCaller + toOutside).first { $0.isResponse && $0.transaction == transaction && $0.status >= 200 }?.status ?? 0
    }

    func response(_ transaction: UInt64 = 1) throws -> Sent {
        try #require((toCaller + toOutside).last { $0.isResponse && $0.transaction == transaction })
    }

    var ends: [CallProgress] {
        records.filter { if case .ended = $0 { true } else { false } }
    }

    /// Brings a call up to its acknowledged answer.
    @discardableResult
    func establish(_ headers: [String] = []) throws -> Sent {
        begin()
        let invite = try outside(.invite)
        try answer(invite, 180)
        try answer(invite, 200, headers, body: Caller.description(codecs: "0"))
        try callerAcknowledges()
        return invite
    }

    /// Answers every request that waits for an answer with 200.
    func settle() throws {
        for (transaction, client) in clients.sorted(by: { $0.key < $1.key })
        where !client.isDone && client.sent.method != .invite {
            clients[transaction]?.isDone = true
            try answer(client.sent, 200)
        }
    }

    func expectSound(finished: Bool = true, _ location: SourceLocation = #_sourceLocation) {
        #expect(problems == [], sourceLocation: location)
        #expect(isFinished == finished, sourceLocation: location)
        guard finished else { return }
        #expect(ends.count == 1, sourceLocation: location)
        #expect(served.subtracting(finals.keys) == [], sourceLocation: location)
    }
}
