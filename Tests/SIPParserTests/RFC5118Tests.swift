// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SIPMessage
import SIPParser
import Testing

@Suite("RFC 5118 IPv6 torture messages")
struct RFC5118Tests {
    static let rows: [[String]] = (try? Traces.verdicts("rfc5118")) ?? []

    @Test("every file has a verdict and every verdict a file")
    func tableIsComplete() throws {
        #expect(try Traces.messages("rfc5118") == Self.rows.map { $0[0] }.sorted())
        #expect(Self.rows.count == 12)
    }

    @Test("as printed, both readers give the verdict of the table", arguments: rows)
    func asPrinted(row: [String]) throws {
        #expect(verdict(try Traces.bytes("rfc5118", row[0])).column == row[1], "\(row[0])")
    }

    @Test("with the printing faults repaired, too", arguments: rows)
    func repaired(row: [String]) throws {
        #expect(verdict(Self.repair(try Traces.bytes("rfc5118", row[0]))).column == row[2], "\(row[0])")
    }

    @Test("what is refused as printed is refused for its printing fault")
    func reasons() throws {
        #expect(verdict(try Traces.bytes("rfc5118", "ipv6-in-sdp")) == .refuse(.contentLength, status: 400))
        #expect(verdict(try Traces.bytes("rfc5118", "ipv6-bug-abnf-3-colons")) == .refuse(.structure, status: 400))
        #expect(verdict(try Traces.bytes("rfc5118", "ipv6-correct-abnf-2-colons")) == .refuse(.structure, status: 400))
    }

    @Test("§4.2 an address without brackets is refused at the Request-URI")
    func withoutBrackets() throws {
        #expect(verdict(try Traces.bytes("rfc5118", "ipv6-bad")) == .refuse(.startLine, status: 400))
    }

    @Test("§4.3, §4.4 a port counts only behind the bracket")
    func port() throws {
        #expect(try read("port-ambiguous").requestURI?.port == nil)
        #expect(try read("port-unambiguous").requestURI?.port == 5070)
    }

    @Test("§4.8, §4.9 octets behind the declared length are ignored")
    func surplus() throws {
        #expect(try read("mult-ip-in-sdp").body.length == 181)
        #expect(try read("ipv4-mapped-ipv6").body.length == 236)
    }

    private func read(_ file: String) throws -> SIPMessage {
        try MessageReader(secondReading: .always).read(try Traces.bytes("rfc5118", file), .datagram)
    }

    /// Ends the header section where its empty line is missing, and writes the body's true length.
    private static func repair(_ bytes: [UInt8]) -> [UInt8] {
        var text = String(decoding: bytes, as: UTF8.self)
        if !text.contains("\r\n\r\n") { text += "\r\n" }
        let parts = text.components(separatedBy: "\r\n\r\n")
        let body = parts.dropFirst().joined(separator: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n").map {
            $0.hasPrefix("Content-Length:") ? "Content-Length: \(body.utf8.count)" : $0
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }
}
