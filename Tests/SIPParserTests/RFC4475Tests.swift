// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser
import Testing

@Suite("RFC 4475 torture messages")
struct RFC4475Tests {
    static let rows: [[String]] = (try? Traces.verdicts("rfc4475")) ?? []

    @Test("every file has a verdict and every verdict a file")
    func tableIsComplete() throws {
        #expect(try Traces.messages("rfc4475") == Self.rows.map { $0[0] }.sorted())
        #expect(Self.rows.count == 50)
    }

    @Test("both readers together give the verdict of the table", arguments: rows)
    func verdicts(row: [String]) throws {
        #expect(verdict(try Traces.bytes("rfc4475", row[0])).column == row[1], "\(row[0])")
    }

    @Test("§3.1.1.1 wsinv is read through its folding")
    func folding() throws {
        let message = try read("wsinv.dat")
        #expect(message.mandatory.sequenceNumber == 9)
        #expect(message.mandatory.maxForwards == 68)
        #expect(message.text(message.mandatory.fromTag) == "98asjd8")
        #expect(message.elements(.via).count == 3)
        #expect(message.body.length == 150)
    }

    @Test("§3.1.1.2 intmeth keeps its method, its NUL in a quoted pair and its tag")
    func unusualMethod() throws {
        let message = try read("intmeth.dat")
        guard case .request(.other, let name, let uri) = message.startLine else {
            Issue.record("not a request with a method of its own")
            return
        }
        #expect(message.text(name) == "!interesting-Method0123456789_*+`.%indeed'~")
        #expect(message.text(uri.user) == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*")
        #expect(message.copy(message.mandatory.to.displayName).contains(0))
    }

    @Test("§3.1.1.8 dblreq ends where Content-Length says")
    func twoRequestsInOneDatagram() throws {
        let message = try read("dblreq.dat")
        #expect(message.method == .register)
        #expect(message.body.isEmpty)
        #expect(message.bytes.count < 400)
    }

    @Test("§3.1.1.11 mpart01 keeps its binary body")
    func multipart() throws {
        #expect(try read("mpart01.dat").body.length == 553)
    }

    @Test("§3.1.2.15 baddn lacks its last line end as archived, and is refused for its display name once it has it")
    func displayName() throws {
        let archived = try Traces.bytes("rfc4475", "baddn.dat")
        #expect(verdict(archived) == .refuse(.structure, status: 400))
        #expect(verdict(archived + [13, 10]) == .refuse(.field, status: 400))
    }

    @Test("§3.3.3 novelsc comes through so that it can be answered 416")
    func novelScheme() throws {
        #expect(try read("novelsc.dat").requestURI?.scheme == .other)
    }

    @Test("§3.4.1 inv2543 has its body without Content-Length, but not on a stream")
    func withoutContentLength() throws {
        #expect(try read("inv2543.dat").body.length == 105)
        #expect(verdict(try Traces.bytes("rfc4475", "inv2543.dat"), .stream) == .refuse(.contentLength, status: 400))
    }

    private func read(_ file: String) throws -> SIPMessage {
        try MessageReader(secondReading: .always).read(try Traces.bytes("rfc4475", file), .datagram)
    }
}
