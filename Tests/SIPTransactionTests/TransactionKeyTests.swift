// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPTransaction
import Testing

struct TransactionKeyTests {
    private func server(
        _ branch: String,
        _ host: String = "client.example.com",
        _ port: UInt16 = 5060,
        _ method: String
    ) -> TransactionKey {
        let (b, h, m) = (Array(branch.utf8), Array(host.utf8), Array(method.utf8))
        return .server(branch: b.span, sentByHost: h.span, sentByPort: port, method: m.span)
    }

    private func legacy(
        _ method: String,
        _ changed: [String: String] = [:],
        sequenceNumber: UInt32 = 1
    ) -> TransactionKey {
        func field(_ name: String, _ usual: String) -> [UInt8] { Array((changed[name] ?? usual).utf8) }
        let uri = field("uri", "sip:bob@example.com")
        let toTag = field("to", "")
        let fromTag = field("from", "a1")
        let callID = field("call", "c1@host")
        let via = field("via", "SIP/2.0/UDP host")
        let name = Array(method.utf8)
        return .server(
            requestURI: uri.span,
            toTag: toTag.span,
            fromTag: fromTag.span,
            callID: callID.span,
            sequenceNumber: sequenceNumber,
            method: name.span,
            topmostVia: via.span
        )
    }

    private func client(_ branch: String, _ method: String) -> TransactionKey {
        let (b, m) = (Array(branch.utf8), Array(method.utf8))
        return .client(branch: b.span, method: m.span)
    }

    @Test("§17.2.3 branch, sent-by and method each tell transactions apart")
    func serverFields() {
        let key = server("z9hG4bKa", "INVITE")
        #expect(key == server("z9hG4bKa", "INVITE"))
        #expect(key.hashValue == server("z9hG4bKa", "INVITE").hashValue)
        #expect(key != server("z9hG4bKb", "INVITE"))
        #expect(key != server("z9hG4bKa", "other.example.com", "INVITE"))
        #expect(key != server("z9hG4bKa", "client.example.com", 5062, "INVITE"))
        #expect(key != server("z9hG4bKa", "OPTIONS"))
        #expect(server("z9hG4bKa", "OPTIONS") != server("z9hG4bKa", "REGISTER"))
    }

    private func server(_ branch: String, _ host: String, _ method: String) -> TransactionKey {
        server(branch, host, 5060, method)
    }

    private func server(_ branch: String, _ method: String) -> TransactionKey {
        server(branch, "client.example.com", 5060, method)
    }

    @Test("§17.2.3 the sent-by host is compared without case, branches byte for byte")
    func hostCase() {
        #expect(server("z9hG4bKa", "Client.EXAMPLE.com", "BYE") == server("z9hG4bKa", "BYE"))
        #expect(server("z9hG4bKA", "BYE") != server("z9hG4bKa", "BYE"))
    }

    @Test("§17.2.3 an ACK matches the INVITE; a CANCEL is its own transaction")
    func ackAndCancel() {
        #expect(server("z9hG4bKa", "ACK") == server("z9hG4bKa", "INVITE"))
        #expect(server("z9hG4bKa", "CANCEL") != server("z9hG4bKa", "INVITE"))
        #expect(server("z9hG4bKa", "ack") != server("z9hG4bKa", "INVITE"))
    }

    @Test("§9.2 a CANCEL finds the INVITE with its branch and sent-by")
    func cancelled() {
        let (branch, host) = (Array("z9hG4bKa".utf8), Array("CLIENT.example.com".utf8))
        let key = TransactionKey.cancelledINVITE(branch: branch.span, sentByHost: host.span, sentByPort: 5060)
        #expect(key == server("z9hG4bKa", "INVITE"))
        let other = TransactionKey.cancelledINVITE(branch: branch.span, sentByHost: host.span, sentByPort: 5061)
        #expect(other != key)
    }

    @Test("§17.2.3 bytes that move from one field to its neighbour make another key")
    func injective() {
        #expect(server("z9hG4bKab", "c", "BYE") != server("z9hG4bKa", "bc", "BYE"))
        #expect(client("z9hG4bKx", "BYE") != client("9hG4bKx", "BYEz"))
        #expect(legacy("BYE", ["from": "a", "call": "bc"]) != legacy("BYE", ["from": "ab", "call": "c"]))
    }

    @Test("§17.1.3 a response is matched by branch and CSeq method, and never meets a server transaction")
    func clientFields() {
        #expect(client("z9hG4bKa", "INVITE") == client("z9hG4bKa", "INVITE"))
        #expect(client("z9hG4bKa", "INVITE") != client("z9hG4bKa", "CANCEL"))
        #expect(client("z9hG4bKa", "INVITE") != client("z9hG4bKb", "INVITE"))
        #expect(client("z9hG4bKa", "INVITE") != server("z9hG4bKa", "", "INVITE"))
    }

    @Test("§17.2.3 without the cookie every compared field counts", arguments: ["uri", "from", "call", "via"])
    func legacyFields(name: String) {
        #expect(legacy("INVITE") == legacy("INVITE"))
        #expect(legacy("INVITE") != legacy("INVITE", [name: "x"]))
        #expect(legacy("BYE") != legacy("BYE", [name: "x"]))
    }

    @Test("§17.2.3 without the cookie an ACK finds its INVITE by CSeq number, whatever its To tag")
    func legacyACK() {
        #expect(legacy("ACK", ["to": "t9"]) == legacy("INVITE"))
        #expect(legacy("ACK", ["to": "t9"], sequenceNumber: 2) != legacy("INVITE"))
        #expect(legacy("BYE", ["to": "t9"]) != legacy("BYE"))
        #expect(legacy("CANCEL") != legacy("INVITE"))
    }

    @Test(
        "§8.1.1.7 a branch is unique if it begins with the cookie and goes on",
        arguments: [
            ("z9hG4bKx", true), ("Z9HG4BKx", true), ("z9hG4bK", false), ("", false), ("z9hG4b", false), ("1.2", false),
            ("az9hG4bKx", false), ("z9hG4bJxx", false),
        ]
    )
    func cookie(branch: String, expected: Bool) {
        let bytes = Array(branch.utf8)
        #expect(TransactionKey.isUnique(branch: bytes.span) == expected)
    }
}
