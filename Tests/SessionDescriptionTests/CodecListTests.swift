// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SessionDescription

@Suite("Codec list")
struct CodecListTests {
    @Test("An empty text is the empty list, which filters nothing")
    func emptyList() throws {
        let list = try CodecList("")
        #expect(list.isEmpty)
        #expect(list == .unrestricted)
        let body = Array(SampleOffer.softphone.utf8)
        #expect(CodecFilter.filter(body, contentType: sdpType, by: list) == .unchanged)
    }

    @Test(
        "Names are alphanumeric runs joined by single hyphens",
        arguments: ["PCMU", "AMR-WB,G726-32,a", "telephone-event"]
    )
    func valid(_ text: String) throws {
        let list = try CodecList(text)
        #expect(list.description == text)
        #expect(list.names.joined(separator: ",") == text)
    }

    @Test(
        "A text that is no list says why",
        arguments: [
            ("PCMU;G729", .forbiddenCharacter), ("-PCMU", .misplacedHyphen), ("PCMU-", .misplacedHyphen),
            ("AMR--WB", .misplacedHyphen), ("PCMU,,PCMA", .emptyName), ("PCMU, PCMA", .forbiddenCharacter),
            (",", .emptyName), ("PCMU,", .emptyName), (",PCMU", .emptyName), ("PCMU\r\nPCMA", .lineBreak),
            ("PCMU\n", .lineBreak), ("é", .forbiddenCharacter), ("opus/48000", .forbiddenCharacter),
            ("-", .misplacedHyphen),
        ] as [(String, CodecListError)]
    )
    func invalid(_ text: String, _ error: CodecListError) {
        #expect(throws: error) { try CodecList(text) }
    }

    @Test("255 characters are a list, 256 are not")
    func length() throws {
        _ = try CodecList(String(repeating: "a", count: 255))
        #expect(throws: CodecListError.tooLong(length: 256)) { try CodecList(String(repeating: "a", count: 256)) }
    }

    @Test("Names compare without regard to case and keep the operator's spelling")
    func folding() throws {
        let list = try CodecList("opus,PCMU")
        let same = try CodecList("OPUS,pcmu")
        #expect(list == same)
        #expect(list.hashValue == same.hashValue)
        #expect(same.description == "OPUS,pcmu")
        #expect(try list != CodecList("PCMU,opus"))
    }

    @Test("The packed words are the names they are documented as")
    func packedWords() {
        let words: [(PackedWord, String)] = [
            (.rtpmap, "rtpmap"), (.formatParameters, "fmtp"), (.rtcpFeedback, "rtcp-fb"),
            (.bundleOnly, "bundle-only"), (.audio, "audio"), (.video, "video"), (.text, "text"), (.rtp, "RTP"),
            (.telephoneEvent, "telephone-event"), (.comfortNoise, "CN"), (.redundancy, "red"),
            (.retransmission, "rtx"), (.application, "application"), (.sdp, "sdp"), (.multipart, "multipart"),
            (.signed, "signed"), (.encrypted, "encrypted"),
        ]
        for (word, text) in words {
            #expect(word == PackedWord(text))
            let bytes = Array(text.utf8)
            #expect(word == bytes.span.packedWord(0..<bytes.count))
        }
    }
}
