// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SessionDescription
import Testing

@Suite("RFC 4317 offer and answer examples")
struct RFC4317Tests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "sip-traces/rfc4317")

    static func bodies() throws -> [(name: String, body: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasSuffix(".sdp") }.sorted()
            .map { ($0, Array(try Data(contentsOf: folder.appending(path: $0)))) }
    }

    /// The encoding names of the rtpmap lines in order, each once.
    static func names(in body: [UInt8]) -> [String] {
        var names: [String] = []
        for line in String(decoding: body, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard line.hasPrefix("a=rtpmap:"), let mapping = line.split(separator: " ").last else { continue }
            guard let name = mapping.split(separator: "/").first.map(String.init) else { continue }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    @Test("Every example is indexed, and crosses unchanged when all its codecs are listed")
    func survive() throws {
        let bodies = try Self.bodies()
        #expect(bodies.count == 54)
        for (name, body) in bodies {
            let description = try SessionDescription(body)
            // The examples of §5.1 open a session without media.
            let hasMedia = !name.hasPrefix("5.1_43") && !name.hasPrefix("5.1_44")
            #expect(description.media.isEmpty != hasMedia, "\(name)")
            let list = try CodecList(Self.names(in: body).joined(separator: ","))
            #expect(list.isEmpty != hasMedia, "\(name)")
            #expect(CodecFilter.filter(body, contentType: sdpType, by: list) == .unchanged, "\(name)")
            let unmatched = CodecFilter.filter(body, contentType: sdpType, by: try CodecList("none"))
            #expect(!unmatched.isMalformed && (unmatched == .unchanged) != hasMedia, "\(name)")
        }
    }

    @Test("§2.1 offer narrowed to PCMA keeps its video line")
    func firstOffer() throws {
        let offer = try #require(try Self.bodies().first)
        let text = String(decoding: offer.body, as: UTF8.self)
        let expected = text.replacing("AVP 0 8 97", with: "AVP 8").replacing("a=rtpmap:0 PCMU/8000\r\n", with: "")
            .replacing("a=rtpmap:97 iLBC/8000\r\n", with: "")
        #expect(CodecFilter.filter(offer.body, contentType: sdpType, by: try CodecList("PCMA")).text == expected)
    }
}
