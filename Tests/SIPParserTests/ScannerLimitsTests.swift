// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage
import SIPParser
import Testing

/// Counts are limited before the second reader, whose lists are quadratic, sees a byte.
@Suite("Scanner limits")
struct ScannerLimitsTests {
    @Test("30 000 list elements, parameters or header fields are refused for their number")
    func hostileCounts() {
        let large = ScannerLimits(headerBytes: 65_535)
        let list = Array(repeating: "a", count: 30_000).joined(separator: ",")
        #expect(verdict(request(["Allow: \(list)"]), limits: large) == .refuse(.limit, status: 400))
        let parameters = String(repeating: ";a", count: 20_000)
        #expect(verdict(request(from: "<sip:a@a>\(parameters)"), limits: large) == .refuse(.limit, status: 400))
        let lines = Array(repeating: "X:1", count: 9_000)
        #expect(verdict(request(lines), limits: large) == .refuse(.limit, status: 400))
    }

    @Test("header field lines: the last allowed one passes, the next does not")
    func headerLines() {
        let limits = ScannerLimits(headerLines: 10)
        #expect(verdict(request(Array(repeating: "X-A:1", count: 5)), limits: limits) == .accept)
        #expect(verdict(request(Array(repeating: "X-A:1", count: 6)), limits: limits) == .refuse(.limit, status: 400))
    }

    @Test("list elements: the last allowed one passes, the next does not")
    func listElements() {
        let limits = ScannerLimits(listElements: 4)
        #expect(verdict(request(["Allow: a,b,c,d"]), limits: limits) == .accept)
        #expect(verdict(request(["Allow: a,b,c,d,e"]), limits: limits) == .refuse(.limit, status: 400))
    }

    @Test("parameters are counted for each element")
    func parameters() {
        let limits = ScannerLimits(parameters: 2)
        #expect(verdict(request(["Accept: a/b;c;d,e/f;g;h"]), limits: limits) == .accept)
        #expect(verdict(request(["Accept: a/b;c;d;e"]), limits: limits) == .refuse(.limit, status: 400))
    }

    @Test("elements are counted over all header fields, too")
    func totalElements() {
        let limits = ScannerLimits(totalElements: 12)
        #expect(verdict(request(["Allow: a,b,c", "Supported: a,b,c"]), limits: limits) == .accept)
        #expect(
            verdict(request(["Allow: a,b,c", "Supported: a,b,c,d,e"]), limits: limits) == .refuse(.limit, status: 400)
        )
    }

    @Test("header fields inside a URI are counted like parameters")
    func embeddedHeaderFields() {
        let limits = ScannerLimits(parameters: 2)
        #expect(verdict(request(["Contact: <sip:a@b?c=d&e=f>"]), limits: limits) == .accept)
        #expect(verdict(request(["Contact: <sip:a@b?c=d&e=f&g=h>"]), limits: limits) == .refuse(.limit, status: 400))
    }

    @Test("a header section that is too long is answered 513")
    func headerBytes() {
        let limits = ScannerLimits(headerBytes: 400)
        #expect(verdict(request(["Subject: " + String(repeating: "x", count: 100)]), limits: limits) == .accept)
        let long = request(["Subject: " + String(repeating: "x", count: 400)])
        #expect(verdict(long, limits: limits) == .refuse(.limit, status: 513))
    }

    @Test("a start line that does not end within the header section's limit is dropped")
    func startLine() {
        let bytes = [UInt8](repeating: UInt8(ascii: "A"), count: 20_000)
        #expect(verdict(bytes) == .refuse(.startLine, status: nil))
    }

    @Test("a message that is too long is refused unread")
    func messageBytes() {
        let message = request()
        #expect(verdict(message, limits: ScannerLimits(messageBytes: message.count)) == .accept)
        #expect(
            verdict(message, limits: ScannerLimits(messageBytes: message.count - 1)) == .refuse(.limit, status: nil)
        )
    }

    @Test("a phone's longest real messages stay within the defaults")
    func realMessages() throws {
        let allow = "Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE, PRACK, UPDATE"
        #expect(verdict(request(Array(repeating: allow, count: 20))) == .accept)
        #expect(verdict(try Traces.bytes("rfc4475", "longreq.dat")) == .accept)
    }
}
