// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime
import SIPMessage
import SIPParser
import TraceCapture

@testable import Replay

/// A captured conversation, written message by message.
struct Trace {
    static let phone = "192.0.2.10:5060"
    static let server = "192.0.2.1:5060"

    private(set) var messages: [CapturedMessage] = []
    var transport = CapturedMessage.Transport.udp
    var hasAddresses = true

    /// Adds a message; line ends become CRLF, and a body gets its Content-Length.
    mutating func add(
        _ time: Int64,
        _ source: String = phone,
        _ destination: String = server,
        _ head: String,
        body: String = "",
        isTruncated: Bool = false
    ) {
        let lines = head.split(separator: "\n").joined(separator: "\r\n")
        let text = "\(lines)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        messages.append(
            CapturedMessage(
                bytes: Array(text.utf8),
                time: hasAddresses ? CaptureTime(seconds: 1_000, nanoseconds: time * 1_000_000) : nil,
                source: hasAddresses ? CaptureAddress(source) : nil,
                destination: hasAddresses ? CaptureAddress(destination) : nil,
                transport: transport,
                place: CapturePlace(file: "test.pcap", packet: messages.count + 1),
                isTruncated: isTruncated
            )
        )
    }

    /// A request of the phone.
    mutating func sends(
        _ time: Int64,
        _ method: String,
        _ sequence: Int,
        uri: String = "sip:+12025550123@pbx.example.com",
        toTag: String = "",
        call: String = "call-1",
        branch: String? = nil,
        source: String = phone,
        _ headers: String = "",
        body: String = ""
    ) {
        let to = method == "REGISTER" ? "sip:alice@pbx.example.com" : "sip:+12025550123@pbx.example.com"
        add(
            time,
            source,
            """
            \(method) \(uri) SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.10:5060;branch=\(branch ?? "z9hG4bK-\(call)-\(sequence)-\(method)");rport
            Max-Forwards: 70
            From: "Alice" <sip:alice@pbx.example.com>;tag=a-\(call)
            To: <\(to)>\(toTag.isEmpty ? "" : ";tag=\(toTag)")
            Call-ID: \(call)
            CSeq: \(sequence) \(method)
            Contact: <sip:alice@192.0.2.10:5060;transport=udp;ob>;expires=60
            \(headers)
            """,
            body: body
        )
    }

    /// A response to the phone.
    mutating func gets(
        _ time: Int64,
        _ status: Int,
        _ method: String,
        _ sequence: Int,
        toTag: String = "b",
        call: String = "call-1",
        destination: String = phone,
        _ headers: String = "",
        body: String = ""
    ) {
        add(
            time,
            Self.server,
            destination,
            """
            SIP/2.0 \(status) Text
            Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-\(call)-\(sequence)-\(method);rport=5060
            From: "Alice" <sip:alice@pbx.example.com>;tag=a-\(call)
            To: <sip:+12025550123@pbx.example.com>;tag=\(toTag)
            Call-ID: \(call)
            CSeq: \(sequence) \(method)
            Contact: <sip:192.0.2.1:5060>
            \(headers)
            """,
            body: body
        )
    }

    private mutating func add(_ time: Int64, _ source: String, _ head: String, body: String) {
        add(time, source, Self.server, head, body: body)
    }

    /// INVITE, 180, 200, ACK, BYE, 200.
    static func call(_ name: String = "call-1", at start: Int64 = 0, source: String = phone) -> Trace {
        var trace = Trace()
        trace.addCall(name, at: start, source: source)
        return trace
    }

    mutating func addCall(_ name: String = "call-1", at start: Int64 = 0, source: String = phone) {
        sends(start, "INVITE", 1, call: name, source: source, "Content-Type: application/sdp", body: Self.offer)
        gets(start + 10, 100, "INVITE", 1, call: name, destination: source)
        gets(start + 200, 180, "INVITE", 1, call: name, destination: source)
        gets(start + 1_000, 200, "INVITE", 1, call: name, destination: source)
        sends(
            start + 1_010,
            "ACK",
            1,
            uri: "sip:192.0.2.1:5060",
            toTag: "b",
            call: name,
            source: source,
            "X-Ack: captured"
        )
        sends(start + 5_000, "BYE", 2, uri: "sip:192.0.2.1:5060", toTag: "b", call: name, source: source)
        gets(start + 5_010, 200, "BYE", 2, call: name, destination: source)
    }

    /// REGISTER with its challenge and its answer.
    mutating func addRegistration(
        _ name: String = "reg-1",
        at start: Int64 = 0,
        expires: Int = 60,
        sequence: Int = 1,
        source: String = phone
    ) {
        let uri = "sip:pbx.example.com"
        sends(start, "REGISTER", sequence, uri: uri, call: name, source: source, "Expires: \(expires)")
        gets(start + 10, 401, "REGISTER", sequence, call: name, destination: source, Self.challenge("WWW-Authenticate"))
        let credentials =
            "Authorization: Digest username=\"alice\", realm=\"pbx\", nonce=\"old\", uri=\"\(uri)\", response=\"\(String(repeating: "0", count: 32))\""
        sends(
            start + 20,
            "REGISTER",
            sequence + 1,
            uri: uri,
            call: name,
            source: source,
            "Expires: \(expires)\n\(credentials)"
        )
        gets(start + 30, 200, "REGISTER", sequence + 1, call: name, destination: source)
    }

    static let offer =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8\r\n"

    static func challenge(_ name: String, realm: String = "live", nonce: String = "n1", _ more: String = "") -> String {
        "\(name): Digest realm=\"\(realm)\", nonce=\"\(nonce)\", qop=\"auth\"\(more)"
    }

    func plan(_ options: ReplayPlanOptions = ReplayPlanOptions()) -> ReplayPlan {
        var planner = ReplayPlanner(options)
        for message in messages { planner.take(message) }
        return planner.finish()
    }
}

/// A replay on virtual time: the test is the live server.
final class Rig {
    private var machine: ReplayMachine
    private(set) var now = Instant(milliseconds: 0)
    /// What was sent and not looked at yet.
    private(set) var sent: [Sent] = []
    private(set) var reports: [ReplayReport] = []
    private(set) var openings: [Int] = []
    var opensLines = true

    /// A message that went out.
    struct Sent {
        let line: Int
        let message: SIPMessage
        let time: Int64

        var text: String { String(decoding: message.bytes, as: UTF8.self) }

        func header(_ name: HeaderName) -> String { message.first(name).map(message.text) ?? "" }
        func headers(_ name: HeaderName) -> [String] {
            message.fields.filter { $0.name == name }.map { message.text($0.value) }
        }
        var branch: String { message.text(message.mandatory.via.branch) }
        var fromTag: String { message.text(message.mandatory.fromTag) }
        var toTag: String { message.text(message.mandatory.toTag) }
        var callID: String { message.text(message.mandatory.callID) }
        var sequence: UInt32 { message.mandatory.sequenceNumber }
        var method: String { message.methodText }
        var uri: String { message.requestURI.map { message.text($0.whole) } ?? "" }
        var body: String { message.text(message.body) }
    }

    init(
        _ plan: ReplayPlan,
        secrets: ReplaySecrets = Rig.alice,
        _ change: (inout ReplayOptions) -> Void = { _ in }
    ) throws {
        var options = ReplayOptions(server: LocalEndpoint(host: "127.0.0.1", port: 5060), domain: "live.example.net")
        change(&options)
        machine = try ReplayMachine(plan, options, secrets, now: now)
        machine.begin()
        drain()
    }

    static var alice: ReplaySecrets {
        var secrets = ReplaySecrets()
        secrets.add(username: "alice", password: "secret")
        return secrets
    }

    var isFinished: Bool { machine.isFinished }

    private func drain() {
        while let output = machine.nextOutput() {
            switch output {
            case .open(let line, _):
                openings.append(line)
                if opensLines {
                    machine.opened(line, at: LocalEndpoint(host: "127.0.0.1", port: UInt16(40_000 + line)), now: now)
                }
            case .send(let line, let bytes):
                guard let message = try? Scanner().scan(bytes, .datagram) else { continue }
                sent.append(Sent(line: line, message: message, time: now.milliseconds))
            case .report(let report): reports.append(report)
            }
        }
    }

    /// Lets time pass, alarm by alarm.
    func pass(_ milliseconds: Int64) {
        let end = now + .milliseconds(milliseconds)
        while let deadline = machine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            machine.advance(to: now)
            drain()
        }
        now = end
        machine.advance(to: now)
        drain()
    }

    /// The next message that went out; nil when there is none.
    func next() -> Sent? { sent.isEmpty ? nil : sent.removeFirst() }

    func fail(_ line: Int, _ reason: String) {
        machine.failed(line, reason, now: now)
        drain()
    }

    /// Answers a request.
    func answer(
        _ request: Sent,
        _ status: Int,
        tag: String = "live",
        contact: String = "sip:gw@127.0.0.1:5060",
        _ headers: String = "",
        body: String = ""
    ) {
        let vias = request.headers(.via).map { "Via: \($0)\r\n" }.joined()
        let to = request.toTag.isEmpty && status > 100 ? "\(request.header(.to));tag=\(tag)" : request.header(.to)
        let more = headers.isEmpty ? "" : headers + "\r\n"
        receive(
            "SIP/2.0 \(status) Live\r\n\(vias)From: \(request.header(.from))\r\nTo: \(to)\r\nCall-ID: \(request.callID)\r\n"
                + "CSeq: \(request.header(.cseq))\r\nContact: <\(contact)>\r\n\(more)Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            on: request.line
        )
    }

    /// A request of the server in the dialog that `invite` opened.
    func request(_ method: String, in invite: Sent, tag: String = "live", sequence: Int = 900, body: String = "") {
        receive(
            "\(method) sip:alice@127.0.0.1:40000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-server-\(sequence)\r\n"
                + "Max-Forwards: 70\r\nFrom: <sip:gw@127.0.0.1>;tag=\(tag)\r\nTo: <sip:alice@127.0.0.1>;tag=\(invite.fromTag)\r\n"
                + "Call-ID: \(invite.callID)\r\nCSeq: \(sequence) \(method)\r\nContact: <sip:gw@127.0.0.1:5060>\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
            on: invite.line
        )
    }

    func receive(_ text: String, on line: Int) {
        machine.received(Array(text.utf8), on: line, now: now)
        drain()
    }

    func interrupt() {
        machine.interrupt(now: now)
        drain()
    }
}
