// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SIPMessage
import Testing

@testable import SIPParser

@Suite("Second reading")
struct MessageReaderTests {
    /// Credentials that the scanner does not look into and the library drops in silence.
    static let dropped = "Proxy-Authorization: Digest"

    @Test("a header field that the second reader drops is a disagreement")
    func droppedCredentials() {
        #expect(verdict(request([Self.dropped])) == .refuse(.disagreement, status: 400))
        #expect(verdict(request("ACK", [Self.dropped])) == .refuse(.disagreement, status: nil))
        #expect(verdict(response("SIP/2.0 200 OK", [Self.dropped])) == .refuse(.disagreement, status: nil))
    }

    @Test("requests that open or authorise something are read twice, whatever tag they claim")
    func opening() {
        for method in ["INVITE", "REGISTER", "REFER", "PUBLISH"] {
            #expect(isReadTwice(request(method, [Self.dropped])), "\(method)")
            #expect(isReadTwice(request(method, to: "<sip:bob@example.com>;tag=2", [Self.dropped])), "\(method)")
        }
        for method in ["OPTIONS", "MESSAGE", "SUBSCRIBE", "NOTIFY", "INFO", "BYE", "FOO"] {
            #expect(isReadTwice(request(method, [Self.dropped])), "\(method)")
            #expect(!isReadTwice(request(method, to: "<sip:bob@example.com>;tag=2", [Self.dropped])), "\(method)")
        }
    }

    @Test("ACK, CANCEL and responses are read once")
    func once() {
        #expect(!isReadTwice(request("ACK", [Self.dropped])))
        #expect(!isReadTwice(request("CANCEL", [Self.dropped])))
        #expect(!isReadTwice(response("SIP/2.0 200 OK", [Self.dropped])))
    }

    @Test("the second reading can be switched off")
    func never() throws {
        let message = try MessageReader(secondReading: .never).read(request("INVITE", [Self.dropped]), .datagram)
        #expect(message.method == .invite)
    }

    @Test("each fact that differs is noticed", arguments: Tampering.allCases)
    func tampered(with tampering: Tampering) throws {
        let bytes = request(
            "INVITE",
            uri: "sip:bob@example.com:5070",
            to: "<sip:bob@example.org>;tag=9",
            [
                "Contact: <sip:a@b>", "Route: <sip:p;lr>", "Record-Route: <sip:r;lr>", "Content-Type: a/b",
                "P-Asserted-Identity: <sip:a@b>, <tel:+15551234567>", "P-Preferred-Identity: <sip:a@b>",
                "Authorization: Digest username=\"a\",realm=\"b\",nonce=\"c\",uri=\"sip:d\",response=\"e\"",
                "Content-Length: 5",
            ],
            body: "12345"
        )
        var (message, counts) = try Scanner().scanCounting(bytes, .datagram)
        #expect(OsipReader.difference(from: message, counts) == nil)
        tampering.apply(&message, &counts)
        #expect(OsipReader.difference(from: message, counts) != nil)
    }

    @Test("a response's status is compared")
    func status() throws {
        let (message, counts) = try Scanner().scanCounting(response("SIP/2.0 183 Session Progress"), .datagram)
        #expect(OsipReader.difference(from: message, counts) == nil)
        let other = message.with(startLine: .response(status: 180, reason: .none))
        #expect(OsipReader.difference(from: other, counts) != nil)
    }

    @Test("many threads read at once")
    func threads() async {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let bytes = request("INVITE", callID: "call-\(number)@host", ["Contact: <sip:\(number)@h>"])
                    return (0..<500).allSatisfy { _ in verdict(bytes) == .accept }
                }
            }
            for await isFine in group { #expect(isFine) }
        }
    }

    @Test("a message larger than the arena's first block is read as well")
    func largeMessages() {
        let body = String(repeating: "x", count: 50_000)
        #expect(verdict(request(["Content-Type: a/b", "Content-Length: 50000"], body: body)) == .accept)
        let lines = (0..<100).map { "X-\($0): " + String(repeating: "y", count: 140) }
        #expect(verdict(request(lines)) == .accept)
    }

    private func isReadTwice(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try MessageReader().read(bytes, .datagram)
            return false
        } catch {
            return error.code == .disagreement
        }
    }
}

/// One fact of a scanned message made untrue.
enum Tampering: CaseIterable {
    case method, requestUser, requestHost, requestPort, noRequestPort
    case via, route, recordRoute, contact, authorization, proxyAuthorization, asserted, preferred
    case callID, sequenceNumber, sequenceMethod, fromTag, noToTag, fromUser, toHost
    case body, shorterBody, noBody

    func apply(_ message: inout SIPMessage, _ counts: inout ElementCounts) {
        var mandatory = message.mandatory
        var body = message.body
        switch self {
        case .method, .requestUser, .requestHost, .requestPort, .noRequestPort:
            message = message.with(startLine: startLine(of: message))
            return
        case .via: counts.via += 1
        case .route: counts.route -= 1
        case .recordRoute: counts.recordRoute += 1
        case .contact: counts.contact -= 1
        case .authorization: counts.authorization -= 1
        case .proxyAuthorization: counts.proxyAuthorization += 1
        case .asserted: counts.assertedIdentity -= 1
        case .preferred: counts.preferredIdentity += 1
        case .callID: mandatory.callID = mandatory.fromTag
        case .sequenceNumber: mandatory.sequenceNumber += 1
        case .sequenceMethod: message = message.with(startLine: startLine(of: message))
        case .fromTag: mandatory.fromTag = mandatory.toTag
        case .noToTag: mandatory.toTag = .none
        case .fromUser: mandatory.from.uri.user = mandatory.to.uri.user
        case .toHost: mandatory.to.uri.host = mandatory.from.uri.host
        case .body: body = FieldRange(offset: body.offset - 1, length: body.length)
        case .shorterBody: body = FieldRange(offset: body.offset, length: body.length - 1)
        case .noBody: body = .none
        }
        message = message.with(mandatory: mandatory, body: body)
    }

    private func startLine(of message: SIPMessage) -> StartLine {
        guard case .request(let method, let name, var uri) = message.startLine else { return message.startLine }
        switch self {
        case .requestUser: uri.user = message.mandatory.from.uri.user
        case .requestHost: uri.host = message.mandatory.to.uri.host
        case .requestPort: uri.port = 5060
        case .noRequestPort: uri.port = nil
        default: return .request(method: method, name: message.mandatory.callID, uri: uri)
        }
        return .request(method: method, name: name, uri: uri)
    }
}

extension SIPMessage {
    fileprivate func with(
        startLine: StartLine? = nil,
        mandatory: MandatoryFields? = nil,
        body: FieldRange? = nil
    ) -> SIPMessage {
        SIPMessage(
            bytes: bytes,
            startLine: startLine ?? self.startLine,
            fields: fields,
            mandatory: mandatory ?? self.mandatory,
            body: body ?? self.body
        )
    }
}
