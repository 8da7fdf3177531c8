// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import Logging
import MonotonicTime
import NIOCore
import NIOPosix
import SIPMessage
import SIPParser
import SIPTransaction

/// A minimal caller: one SIP socket, one media socket, one call.
struct Caller {
    let trunk: Int
    var signalling: DatagramPeer
    var media: DatagramPeer
    var sequence = 1
    var toTag = ""

    private let callID = "call-\(UInt64.random(in: 0...UInt64.max))"
    private var branches = 0

    init(_ trunk: DemoTrunk) async throws {
        self.trunk = trunk.port
        signalling = try await DatagramPeer.open()
        media = try await DatagramPeer.open()
    }

    /// An SDP offer or answer of PCMU and telephone events, with an extra line or two.
    func session(_ extra: String = "", formats: String = "0 101") -> String {
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            + "m=audio \(media.port) RTP/AVP \(formats)\r\na=rtpmap:101 telephone-event/8000\r\n\(extra)"
    }

    /// Composes a request; a repeated `branch` makes a retransmission, a CANCEL, or an ACK of a refusal.
    mutating func request(
        _ method: String,
        to number: String = "12025550000",
        branch: String? = nil,
        headers: String = "",
        body: String = ""
    ) -> [UInt8] {
        branches += 1
        let type = body.isEmpty ? "" : "Content-Type: application/sdp\r\n"
        let text =
            "\(method) sip:\(number)@127.0.0.1:\(trunk) SIP/2.0\r\n"
            + "Via: SIP/2.0/UDP 127.0.0.1:\(signalling.port);branch=z9hG4bK\(branch ?? "\(callID)-\(branches)");rport\r\n"
            + "Max-Forwards: 70\r\nFrom: <sip:anonymous@anonymous.invalid>;tag=caller\r\n"
            + "To: <sip:\(number)@127.0.0.1>\(toTag.isEmpty ? "" : ";tag=\(toTag)")\r\nCall-ID: \(callID)\r\n"
            + "CSeq: \(sequence) \(method)\r\nContact: <sip:caller@127.0.0.1:\(signalling.port)>\r\n"
            + "\(headers)\(type)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return Array(text.utf8)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await signalling.send(bytes, to: trunk)
    }

    /// The next message, request or response.
    mutating func next() async throws -> SIPMessage {
        try Scanner().scan(try await signalling.receive(), .datagram)
    }

    /// The next response with this status, others being skipped; remembers the tag of To.
    mutating func response(_ status: Int) async throws -> SIPMessage {
        while true {
            let message = try await next()
            guard message.status == status else { continue }
            toTag = message.text(message.mandatory.toTag)
            return message
        }
    }

    /// The next request, responses being skipped.
    mutating func awaitRequest() async throws -> SIPMessage {
        while true {
            let message = try await next()
            if message.isRequest { return message }
        }
    }

    /// Calls, awaits the answer and acknowledges it; answers the 200.
    mutating func call(_ number: String = "12025550000", extra: String = "") async throws -> SIPMessage {
        try await send(request("INVITE", to: number, body: session(extra)))
        let answer = try await response(200)
        try await send(request("ACK", to: number))
        return answer
    }

    /// A packet of media for the trunk.
    func sendMedia(_ packet: RTPPacket, to answer: SIPMessage) async throws {
        try await media.send(packet.bytes, to: Self.mediaPort(of: answer))
    }

    /// The next packet of media.
    mutating func receiveMedia() async throws -> RTPPacket {
        guard let packet = RTPPacket(try await media.receive()) else { throw DatagramPeer.Ended() }
        return packet
    }

    /// The port in a message's first audio line; 0 when there is none.
    static func mediaPort(of message: SIPMessage) -> Int {
        for line in message.text(message.body).split(whereSeparator: \.isNewline) where line.hasPrefix("m=audio ") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        }
        return 0
    }
}

/// A configuration with a free port and intervals fit for tests.
func configured(_ change: (inout DemoTrunkConfiguration) -> Void) -> DemoTrunkConfiguration {
    var configuration = DemoTrunkConfiguration()
    configuration.port = 0
    configuration.ringAfter = .milliseconds(20)
    configuration.answerAfter = .milliseconds(60)
    configuration.toneLength = .milliseconds(600)
    configuration.quickHangUpAfter = .milliseconds(80)
    // Long, so that a slow machine brings no retransmission into a test that is not about them.
    configuration.timers = TimerConfiguration(t1: .seconds(5), t2: .seconds(5))
    configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    change(&configuration)
    return configuration
}

/// Runs a test against a trunk of its own.
func withTrunk(
    _ configuration: DemoTrunkConfiguration = configured { _ in },
    _ body: (DemoTrunk) async throws -> Void
) async throws {
    let trunk = try await DemoTrunk.start(configuration: configuration, group: MultiThreadedEventLoopGroup.singleton)
    do {
        try await body(trunk)
    } catch {
        await trunk.shutdown()
        throw error
    }
    await trunk.shutdown()
}
