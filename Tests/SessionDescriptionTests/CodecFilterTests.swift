// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription
import Testing

@Suite("Codec filter")
struct CodecFilterTests {
    private let head = SampleOffer.head

    @Test("Listed codecs stay in the list's order; lines of the others go and nothing else changes")
    func softphone() throws {
        let outcome = try filter(SampleOffer.softphone, "pcma,PCMU")
        let expected =
            head + "m=audio 11780 RTP/AVP 8 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
            + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n"
        #expect(outcome.text == expected)
        let line = try #require(outcome.lines.first)
        #expect(line.before == ["opus", "G722", "PCMU", "PCMA", "G729", "telephone-event"])
        #expect(line.after == ["PCMA", "PCMU", "telephone-event"])
        #expect(line.description.hasSuffix("→ PCMA, PCMU, telephone-event"))
    }

    @Test("RFC 3551 §6 static payload types need no rtpmap line; an unmapped dynamic one goes")
    func staticTypes() throws {
        let outcome = try filter(head + "m=audio 9 RTP/AVP 18 0 8 3 9 97 13\r\n", "G729,GSM,G722")
        #expect(outcome.text == head + "m=audio 9 RTP/AVP 18 3 9 13\r\n")
        #expect(outcome.lines.first?.before == ["G729", "PCMU", "PCMA", "GSM", "G722", "97", "CN"])
    }

    @Test("An rtpmap line overrules the static assignment")
    func remappedStaticType() throws {
        let outcome = try filter(head + "m=audio 9 RTP/AVP 0 8\r\na=rtpmap:0 opus/48000/2\r\n", "PCMU,PCMA")
        #expect(outcome.text == head + "m=audio 9 RTP/AVP 8\r\n")
    }

    @Test("All listed in the offer's order is no change, whatever the case")
    func unchanged() throws {
        #expect(try filter(SampleOffer.softphone, "OPUS,g722,pcmu,pcma,g729") == .unchanged)
        #expect(try filter(head + "m=audio 9 RTP/AVP 0\r\n", "PCMU") == .unchanged)
    }

    @Test("telephone-event and CN stay for each clock rate that survives")
    func companions() throws {
        let offer =
            head + "m=audio 9 RTP/AVP 100 96 101 0 102 13\r\na=rtpmap:100 telephone-event/48000\r\n"
            + "a=rtpmap:96 opus/48000/2\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:100 0-16\r\n"
            + "a=rtpmap:102 CN/16000\r\n"
        #expect(try filter(offer, "opus").text?.contains("SAVP") == false)
        #expect(try filter(offer, "opus").text?.contains("m=audio 9 RTP/AVP 96 100\r\n") == true)
        #expect(try filter(offer, "PCMU").text?.contains("m=audio 9 RTP/AVP 0 101 13\r\n") == true)
        #expect(try filter(offer, "PCMU,opus").text?.contains("m=audio 9 RTP/AVP 0 96 100 101 13\r\n") == true)
        let named = try filter(offer, "PCMU,telephone-event").text
        #expect(named?.contains("m=audio 9 RTP/AVP 0 100 101 13\r\n") == true)
        #expect(
            try filter(offer, "telephone-event") == .nothingLeft(offered: ["telephone-event", "opus", "PCMU", "CN"])
        )
    }

    @Test("RFC 2198 red stays only while all it wraps stays")
    func redundancy() throws {
        let offer =
            head + "m=audio 9 UDP/TLS/RTP/SAVPF 63 111 0\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"
            + "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=rtcp-fb:* nack\r\n"
        let opus = try filter(offer, "opus")
        #expect(opus.text == offer.replacing("63 111 0\r\n", with: "111 63\r\n"))
        let pcmu = try filter(offer, "PCMU")
        #expect(pcmu.text == head + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=rtcp-fb:* nack\r\n")
        #expect(try filter(offer, "red,opus,PCMU") == .unchanged)
    }

    @Test("RFC 4588 rtx stays only with the payload type it repeats; other media need a listed codec of their kind")
    func retransmission() throws {
        let video =
            "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n"
            + "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 H264/90000\r\na=rtcp-fb:98 nack\r\n"
            + "a=rtpmap:99 rtx/90000\r\na=fmtp:99 rtx-time=3000; apt=98\r\na=ssrc:1 cname:x\r\n"
        let offer = head + "m=audio 9 RTP/AVP 0\r\n" + video
        #expect(try filter(offer, "PCMU") == .unchanged)
        let expected =
            head + "m=audio 9 RTP/AVP 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 98 99\r\na=rtpmap:98 H264/90000\r\n"
            + "a=rtcp-fb:98 nack\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 rtx-time=3000; apt=98\r\na=ssrc:1 cname:x\r\n"
        #expect(try filter(offer, "PCMU,H264").text == expected)
        let none = try #require(try filter(offer, "PCMU,AV1").text)
        #expect(
            none.contains("m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\na=ssrc")
        )
    }

    @Test("Nothing left in every audio line is the 488 outcome")
    func nothingLeft() throws {
        #expect(try filter(head + "m=audio 9 RTP/AVP 0 8\r\n", "opus") == .nothingLeft(offered: ["PCMU", "PCMA"]))
        let two = head + "m=audio 9 RTP/AVP 0\r\nm=audio 11 RTP/AVP 8\r\n"
        #expect(try filter(two, "opus") == .nothingLeft(offered: ["PCMU", "PCMA"]))
    }

    @Test("RFC 3264 §6: one audio line without a codec is disabled while another survives")
    func disabledLine() throws {
        let two =
            head
            + "m=audio 49170/2 RTP/AVP 8 18\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:18 G729/8000\r\nm=audio 11 RTP/AVP 0\r\n"
        let outcome = try filter(two, "PCMU")
        #expect(outcome.text == head + "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\nm=audio 11 RTP/AVP 0\r\n")
        #expect(outcome.lines.map(\.after) == [[], ["PCMU"]])
    }

    @Test("A rejected line is left alone and is no line with nothing left; a bundle-only one is an offer (RFC 9143 §6)")
    func rejectedLine() throws {
        let rejected = "m=audio 0 RTP/AVP 8 18\r\na=rtpmap:18 G729/8000\r\n"
        #expect(try filter(head + rejected, "PCMU") == .unchanged)
        #expect(try filter(head + rejected + "m=audio 9 RTP/AVP 0\r\n", "PCMU") == .unchanged)
        #expect(try filter(head + "m=audio 0 RTP/AVP\r\nm=audio 9 RTP/AVP 0\r\n", "PCMU") == .unchanged)
        let bundled = head + "m=audio 9 RTP/AVP 0\r\nm=audio 0 RTP/AVP 8\r\na=bundle-only\r\na=mid:1\r\n"
        #expect(try filter(bundled, "PCMU").text == bundled.replacing("a=bundle-only\r\n", with: ""))
    }

    @Test("Lines that are not RTP, and lines of telephone-event alone, are left alone")
    func notRuled() throws {
        let others =
            "m=image 4000 udptl t38\r\nm=audio 9 TCP/XYZ 0 8\r\nm=message 7394 TCP/MSRP *\r\n"
            + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nm=audio 98 RTP/AVP 98\r\na=rtpmap:98 telephone-event/8000\r\n"
        #expect(try filter(head + others, "opus") == .unchanged)
        #expect(
            try filter(head + "m=audio 9 RTP/AVP 0 8\r\n" + others, "PCMU").text == head + "m=audio 9 RTP/AVP 0\r\n"
                + others
        )
    }

    @Test("Every line end is kept as it came", arguments: ["\r\n", "\n", "\r"])
    func lineEnds(_ end: String) throws {
        let offer = SampleOffer.softphone.replacing("\r\n", with: end)
        let expected = try #require(try filter(SampleOffer.softphone, "PCMU").text).replacing("\r\n", with: end)
        #expect(try filter(offer, "PCMU").text == expected)
    }

    @Test("Blanks, repeated formats and a missing last line end do not hide a codec")
    func oddities() throws {
        let offer = head + "m=AUDIO  9  RTP/AVP  8 0  0 \r\na=RTPMAP: 8 PCMA/8000"
        #expect(try filter(offer, "PCMU").text == head + "m=AUDIO  9  RTP/AVP  0 \r\n")
    }

    @Test("A body of another type, or none at all, crosses as it is; one without a type is recognised by v=")
    func contentTypes() throws {
        let list = try CodecList("PCMU")
        let body = Array(SampleOffer.softphone.utf8)
        #expect(try filter(SampleOffer.softphone, "PCMU", type: "application/isup") == .unchanged)
        #expect(CodecFilter.filter([], contentType: sdpType, by: list) == .unchanged)
        #expect(CodecFilter.filter(body, contentType: nil, by: list).text != nil)
        #expect(CodecFilter.filter(Array("hello".utf8), contentType: nil, by: list) == .unchanged)
        #expect(try filter(SampleOffer.softphone, "PCMU", type: "APPLICATION / SDP ; charset=utf-8").text != nil)
        #expect(try filter(SampleOffer.softphone, "PCMU", type: "sdp").isMalformed)
    }

    @Test("A message held whole is filtered by ranges, and ranges beyond it do no harm")
    func ranges() throws {
        let message = Array("c: application/sdp\r\n\r\n\(SampleOffer.softphone)trailer".utf8)
        let end = message.count - 7
        let list = try CodecList("PCMU")
        let outcome = CodecFilter.filter(message, body: 22..<end, contentType: 3..<18, by: list)
        #expect(try outcome.text == filter(SampleOffer.softphone, "PCMU").text)
        #expect(CodecFilter.filter(message, body: 9000..<9999, contentType: 3..<18, by: list) == .unchanged)
        #expect(CodecFilter.filter(message, body: 22..<end, contentType: 9000..<9999, by: list).isMalformed)
    }

    @Test("A codec name longer than sixteen letters is matched whole")
    func longName() throws {
        let offer =
            head
            + "m=audio 9 RTP/AVP 96 97\r\na=rtpmap:96 a-very-long-codec-name/8000\r\na=rtpmap:97 a-very-long-codec-namf/8000\r\n"
        let outcome = try filter(offer, "A-Very-Long-Codec-Name")
        #expect(outcome.text == head + "m=audio 9 RTP/AVP 96\r\na=rtpmap:96 a-very-long-codec-name/8000\r\n")
    }

    @Test("Two rtpmap lines that contradict each other name nothing; two that agree name their codec")
    func contradictingMappings() throws {
        let start = head + "m=audio 9 RTP/AVP 96 0\r\n"
        let twice = "a=rtpmap:96 iLBC/8000\r\na=rtpmap:96 iLBC/8000\r\n"
        #expect(try filter(start + twice, "iLBC,PCMU") == .unchanged)
        let contradicting = try filter(start + twice + "a=rtpmap:96 G729/8000\r\n", "iLBC,PCMU")
        #expect(contradicting.text == head + "m=audio 9 RTP/AVP 0\r\n")
        #expect(contradicting.lines.first?.before == ["96", "PCMU"])
    }

    @Test("A list of video names alone leaves no audio codec; an unlisted audio line is not overlooked for it")
    func videoNamesAlone() throws {
        let offer = head + "m=audio 9 RTP/AVP 0\r\nm=video 11 RTP/AVP 34 31\r\n"
        #expect(try filter(offer, "H263") == .nothingLeft(offered: ["PCMU"]))
        let expected = offer.replacing("34 31", with: "34")
        #expect(try filter(offer, "PCMU,H263").text == expected)
    }
}
