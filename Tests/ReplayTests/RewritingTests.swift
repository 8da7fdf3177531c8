// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import Testing

@testable import Replay

@Suite("What a captured request becomes")
struct RewritingTests {
    private func invite(
        _ headers: String,
        body: String = "",
        uri: String = "sip:+12025550123@pbx.example.com"
    ) throws -> Rig.Sent {
        var trace = Trace()
        trace.sends(0, "INVITE", 7, uri: uri, headers, body: body)
        trace.gets(10, 200, "INVITE", 7)
        return try #require(try Rig(trace.plan()).next())
    }

    @Test("RFC 3261 §8.1.1: Call-ID, From tag and branch are fresh, the sequence number stays")
    func fresh() throws {
        let sent = try invite("X-Other: 1")
        #expect(sent.callID != "call-1")
        #expect(!sent.fromTag.isEmpty && sent.fromTag != "a-call-1")
        #expect(sent.branch.hasPrefix("z9hG4bK") && sent.branch != "z9hG4bK-call-1-7-INVITE")
        #expect(sent.header(.cseq) == "7 INVITE")
        #expect(sent.toTag.isEmpty)
        #expect(try invite("X-Other: 1").callID != sent.callID)
    }

    @Test("Via and Contact name the replay's own socket; Contact keeps its parameters but the transport")
    func ownAddress() throws {
        let sent = try invite("Via: SIP/2.0/UDP 198.51.100.9;branch=z9hG4bKupstream")
        #expect(sent.headers(.via).count == 1)
        #expect(sent.header(.via).hasPrefix("SIP/2.0/UDP 127.0.0.1:40000;branch="))
        #expect(sent.header(.contact) == "<sip:alice@127.0.0.1:40000;ob>;expires=60")
    }

    @Test("Hosts that named the captured server name the live domain, other hosts stay")
    func hosts() throws {
        let sent = try invite("")
        #expect(sent.uri == "sip:+12025550123@live.example.net")
        #expect(sent.header(.from).hasPrefix("\"Alice\" <sip:alice@live.example.net>;tag="))
        #expect(sent.header(.to) == "<sip:+12025550123@live.example.net>")
        #expect(try invite("", uri: "sip:bob@192.0.2.1:5060;user=phone").uri == "sip:bob@live.example.net;user=phone")
        #expect(try invite("", uri: "sip:bob@elsewhere.example.org:5070").uri == "sip:bob@elsewhere.example.org:5070")
        #expect(try invite("", uri: "tel:+12025550123").uri == "tel:+12025550123")
    }

    @Test("Credentials and routes of the capture are dropped; every other field and the body go byte for byte")
    func rest() throws {
        let body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"
        let sent = try invite(
            "Proxy-Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:x\", response=\"\(String(repeating: "0", count: 32))\"\n"
                + "Route: <sip:192.0.2.1;lr>\nRecord-Route: <sip:192.0.2.7;lr>\nx-oDd :  spaced  value\n"
                + "P-Preferred-Identity: <sip:alice@pbx.example.com>\nPrivacy: id",
            body: body
        )
        #expect(sent.header(.proxyAuthorization).isEmpty)
        #expect(sent.header(.route).isEmpty && sent.header(.recordRoute).isEmpty)
        #expect(sent.text.contains("\r\nx-oDd :  spaced  value\r\n"))
        #expect(sent.header(.pPreferredIdentity) == "<sip:alice@pbx.example.com>")
        #expect(sent.header(.privacy) == "id")
        #expect(sent.header(.maxForwards) == "70")
        #expect(sent.headers(.contentLength) == ["\(body.utf8.count)"])
        #expect(sent.body == body)
    }

    @Test("RFC 3261 §12.2.1.1: requests in a dialog follow the live target and route set")
    func dialog() throws {
        let rig = try Rig(Trace.call().plan()) { $0.speed = 0 }
        let invite = try #require(rig.next())
        rig.answer(invite, 180, "Record-Route: <sip:early.example.net;lr>")
        rig.answer(
            invite,
            200,
            contact: "sip:far@10.0.0.9:5080",
            "Record-Route: <sip:p2.example.net;lr>, <sip:p1.example.net;lr>"
        )
        let ack = try #require(rig.next())
        #expect(ack.method == "ACK" && ack.uri == "sip:far@10.0.0.9:5080" && ack.sequence == invite.sequence)
        #expect(ack.headers(.route) == ["<sip:p1.example.net;lr>", "<sip:p2.example.net;lr>"])
        #expect(ack.toTag == "live" && ack.fromTag == invite.fromTag && ack.branch != invite.branch)
        #expect(ack.text.contains("X-Ack: captured"))
        let bye = try #require(rig.next())
        #expect(bye.method == "BYE" && bye.uri == "sip:far@10.0.0.9:5080" && bye.sequence == 2)
        #expect(bye.headers(.route) == ack.headers(.route))
    }

    @Test("RFC 3261 §12.2.1.1: a strict router stands in the Request-URI, the target behind the routes")
    func strictRoute() throws {
        let rig = try Rig(Trace.call().plan()) { $0.speed = 0 }
        let invite = try #require(rig.next())
        rig.answer(invite, 180)
        rig.answer(
            invite,
            200,
            contact: "sip:far@10.0.0.9",
            "Record-Route: <sip:p2.example.net;lr>, <sip:strict.example.net>"
        )
        let ack = try #require(rig.next())
        #expect(ack.uri == "sip:strict.example.net")
        #expect(ack.headers(.route) == ["<sip:p2.example.net;lr>", "<sip:far@10.0.0.9>"])
    }

    @Test("RFC 3261 §17.1.1.3: the ACK of a refusal has the INVITE's branch, URI and number")
    func refusal() throws {
        let rig = try Rig(Trace.call().plan())
        let invite = try #require(rig.next())
        rig.answer(invite, 403, "Reason: Q.850;cause=21")
        let ack = try #require(rig.next())
        #expect(ack.method == "ACK" && ack.branch == invite.branch && ack.uri == invite.uri)
        #expect(ack.header(.cseq) == "1 ACK" && ack.toTag == "live")
        rig.pass(10_000)
        #expect(rig.next() == nil)
        let report = try #require(rig.reports.first)
        #expect(report.differs && report.captured.status == 200 && report.live.status == 403)
        #expect(report.live.reasons == ["Q.850;cause=21"])
        #expect(report.differences.map(\.kind).contains(.status))
    }
}
