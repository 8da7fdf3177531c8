// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription
import Testing

/// A small seeded generator (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed &>> 31)
    }
}

@Suite("Codec filter properties")
struct CodecFilterPropertyTests {
    private static let codecs = [
        "PCMU/8000", "PCMA/8000", "opus/48000/2", "G722/8000", "iLBC/8000", "AMR-WB/16000", "G729/8000",
    ]
    private static let listed = ["pcmu", "PCMA", "OPUS", "g722", "iLBC", "amr-wb", "G729", "speex", "H264"]

    private static func offer(_ random: inout SeededGenerator) -> String {
        let end = ["\r\n", "\n", "\r"].randomElement(using: &random) ?? "\n"
        var lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "t=0 0", "a=group:BUNDLE 0"]
        for section in 0..<Int.random(in: 1...3, using: &random) {
            let chosen = codecs.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random))
            let types = (96..<127).shuffled(using: &random)
            let port = Bool.random(using: &random) ? 0 : 4000 + section
            lines.append(
                "m=audio \(section == 0 ? 9 : port) RTP/SAVPF "
                    + types.prefix(chosen.count).map(String.init).joined(separator: " ")
            )
            lines.append("a=candidate:1 1 udp 1 192.0.2.1 5000 typ host")
            for (type, codec) in zip(types, chosen) {
                lines.append("a=rtpmap:\(type) \(codec)")
                if Bool.random(using: &random) { lines.append("a=fmtp:\(type) x=\(type)") }
                if Bool.random(using: &random) { lines.append("a=rtcp-fb:\(type) nack") }
            }
            lines.append("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc")
        }
        return lines.joined(separator: end) + end
    }

    private static func list(_ random: inout SeededGenerator) throws -> CodecList {
        let names = listed.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random))
        return try CodecList(names.joined(separator: ","))
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" })
    }

    private static func isPayloadLine(_ line: Substring) -> Bool {
        line.hasPrefix("m=") || line.hasPrefix("a=rtpmap") || line.hasPrefix("a=fmtp") || line.hasPrefix("a=rtcp-fb")
    }

    @Test("Only listed codecs remain, in the list's order; other lines are the same; a second pass changes nothing")
    func generatedOffers() throws {
        var random = SeededGenerator(state: 4317)
        var filtered = 0
        for _ in 0..<2000 {
            let offer = Self.offer(&random)
            let list = try Self.list(&random)
            let outcome = CodecFilter.filter(Array(offer.utf8), contentType: sdpType, by: list)
            #expect(!outcome.isMalformed)
            guard case .filtered(let body, let report) = outcome else { continue }
            filtered += 1
            let text = String(decoding: body, as: UTF8.self)
            #expect(
                Self.lines(text).filter { !Self.isPayloadLine($0) }
                    == Self.lines(offer).filter { !Self.isPayloadLine($0) }
            )
            #expect(Set(Self.lines(text).filter { $0.hasPrefix("a=") }).isSubset(of: Self.lines(offer)))
            #expect(CodecFilter.filter(body, contentType: sdpType, by: list) == .unchanged)
            let names = list.names.map { $0.lowercased() }
            for line in report.lines {
                let expected = names.filter { line.before.map { $0.lowercased() }.contains($0) }
                #expect(line.after.map { $0.lowercased() } == expected)
            }
            try Self.expectConsistent(text)
        }
        #expect(filtered > 500)
    }

    /// In each section, the rtpmap lines name exactly the formats of the m-line.
    private static func expectConsistent(_ text: String) throws {
        var formats: Set<Substring> = []
        var mapped: Set<Substring> = []
        for line in lines(text) + ["m=end 0 x"] {
            if line.hasPrefix("m=") {
                #expect(formats == mapped)
                formats = Set(line.split(separator: " ").dropFirst(3))
                mapped = []
            } else if line.hasPrefix("a=rtpmap:") {
                mapped.insert(try #require(line.dropFirst(9).split(separator: " ").first))
            }
        }
    }

    @Test("Mutated bodies never trap, and what is filtered once stays as it is")
    func mutations() throws {
        var random = SeededGenerator(state: 2046)
        let list = try CodecList("PCMU,opus,VP8,telephone-event,red")
        let alphabet = Array("\r\n :=/;-\"\\0919am\0\u{FF}".utf8)
        let types = [
            sdpType, Array("multipart/mixed;boundary=b".utf8), Array("multipart/related; boundary=\"b\\".utf8),
        ]
        let multipart = "--b\r\nContent-Type: application/sdp\r\nContent-Length: 12\r\n\r\n"
        for round in 0..<20_000 {
            let type = types[round % types.count]
            var body = Array(SampleOffer.softphone.utf8)
            if round % 3 != 0 { body = Array(multipart.utf8) + body + Array("\r\n--b--\r\n".utf8) }
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[place] = alphabet.randomElement(using: &random) ?? 0
                case 1: body.insert(alphabet.randomElement(using: &random) ?? 0, at: place)
                case 2: body.removeSubrange(place..<min(body.count, place + Int.random(in: 1...20, using: &random)))
                default: body.insert(contentsOf: body[place..<min(body.count, place + 30)], at: 0)
                }
                if body.isEmpty { body = [0] }
            }
            let outcome = CodecFilter.filter(body, contentType: type, by: list)
            guard case .filtered(let once, let report) = outcome else { continue }
            #expect(!report.lines.isEmpty)
            #expect(CodecFilter.filter(once, contentType: type, by: list) == .unchanged)
        }
    }

    @Test("Mutated content types never trap")
    func mutatedTypes() throws {
        var random = SeededGenerator(state: 2045)
        let list = try CodecList("PCMU")
        let body = Array(SampleOffer.softphone.utf8)
        let alphabet = Array("/;=\"\\ b\r".utf8)
        for _ in 0..<5000 {
            var type = Array("multipart/mixed; charset=\"a;b\"; boundary=\"b\"".utf8)
            for _ in 0..<4 {
                type[Int.random(in: 0..<type.count, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            type.removeLast(Int.random(in: 0..<type.count, using: &random))
            let outcome = CodecFilter.filter(body, contentType: type, by: list)
            #expect(outcome.text == nil)
        }
    }
}
