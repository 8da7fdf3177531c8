// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SessionDescription
import Testing

@testable import CallControl

/// The kept state of a call comes back from a disk: anything but what was written is refused, whatever its bytes.
struct AnsweredStateTests {
    private static func state() throws -> [UInt8] {
        var deployment = Deployment()
        deployment.trunks = [
            Deployment.trunk(1) { trunk in
                trunk.trust = .trusted(basis: .privateNetwork, note: "contract")
                trunk.passesUserAgent = true
                if let codecs = try? CodecList("PCMU,PCMA") { trunk.codecs = codecs }
            }
        ]
        let harness = try Harness(
            deployment,
            headers: ["Privacy: id", "Record-Route: <sip:10.0.0.1;lr>", "Record-Route: <sip:10.0.0.2;lr>"]
        )
        try harness.establish(["Record-Route: <sip:192.0.2.40;lr>, <sip:192.0.2.41>"])
        return try #require(harness.call.dialogState())
    }

    /// The same bytes with a checksum that fits, so that the reader behind it is reached.
    private static func sealed(_ body: [UInt8]) -> [UInt8] {
        let sum = Checksum.of(body, 0..<body.count)
        return body + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    }

    @Test("Everything that was kept comes back, but for the numbers, which go ahead")
    func roundTrip() throws {
        let bytes = try Self.state()
        #expect(bytes.count <= 1024)
        let state = try #require(AnsweredState(bytes))
        #expect(state.towardOutbound == .towardTrunk(anonymous: true, passesUserAgent: true))
        #expect(state.isTrusted)
        #expect(!state.keepsFlow)
        #expect(state.trunk == ResourceIdentifier(high: 3, low: 1))
        #expect(state.codecs?.description == "PCMU,PCMA")
        #expect((state.inSequence, state.outSequence) == (1, 1))
        #expect(state.shard == 7)
        #expect(state.endpoint.callID == Array(Caller.callID.utf8))
        #expect(state.endpoint.remoteTag == Array(Caller.tag.utf8))
        #expect(state.endpoint.routes == Array("Route: <sip:10.0.0.1;lr>\r\nRoute: <sip:10.0.0.2;lr>\r\n".utf8))
        #expect(state.endpoint.remoteSequence == 1)
        #expect(state.endpoint.localSequence == Dialog.sequenceMargin)
        #expect(state.endpoint.hop == NextHop(transport: .udp, host: Harness.endpointHost, port: 5060))
        #expect(state.endpoint.address == LocalAddress(host: "192.0.2.253", port: 5060))
        #expect(state.outbound.remoteTag == Array("bt".utf8))
        #expect(state.outbound.strictRouter == Array("sip:192.0.2.41".utf8))
        #expect(state.outbound.routes == Array("Route: <sip:192.0.2.40;lr>\r\n".utf8))
        #expect(state.outbound.remoteSequence == nil)
        #expect(state.outbound.localSequence == 1 + Dialog.sequenceMargin)
        #expect(state.outbound.hop.connection == 0)
    }

    @Test("An ordinary call's state is small")
    func size() throws {
        let harness = try Harness()
        try harness.establish()
        let bytes = try #require(harness.call.dialogState())
        #expect(bytes.count <= 700, "\(bytes.count) bytes")
    }

    @Test("Every truncation is refused, with the checksum as it was and with one that fits")
    func truncations() throws {
        let bytes = try Self.state()
        for count in 0..<bytes.count {
            #expect(AnsweredState(Array(bytes[..<count])) == nil)
            if count < bytes.count - 4 { #expect(AnsweredState(Self.sealed(Array(bytes[..<count]))) == nil) }
        }
        #expect(AnsweredState(Self.sealed(Array(bytes.dropLast(4)) + [0])) == nil)
        #expect(AnsweredState([UInt8](repeating: 0, count: StateReader.limit + 1)) == nil)
    }

    @Test("10 000 random changes never trap; none passes the checksum, and behind it nothing breaks a line")
    func mutations() throws {
        let bytes = try Self.state()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                changed[place] = UInt8.random(in: 0...255, using: &random)
            }
            if changed != bytes { #expect(AnsweredState(changed) == nil) }
            guard let state = AnsweredState(Self.sealed(Array(changed.dropLast(4)))) else { continue }
            for dialog in [state.endpoint, state.outbound] {
                let values = [dialog.callID, dialog.local, dialog.remote, dialog.target, dialog.address.sentBy]
                #expect(values.allSatisfy { !$0.isEmpty && !$0.contains(13) && !$0.contains(10) && !$0.contains(0) })
                #expect(dialog.localSequence < 0x8000_0000)
            }
        }
    }

    @Test("A value that would break out of its line is refused", arguments: ["\r\nX: y", "\n", "\r", "\0"])
    func injections(text: String) throws {
        for marker in ["Route: <sip:192.0.2.40;lr>", "sip:anonymous@", "bt", Caller.tag, "192.0.2.1"] {
            var bytes = Array(try Self.state().dropLast(4))
            let wanted = Array(marker.utf8)
            let found = bytes.indices.first { bytes[$0...].starts(with: wanted) }
            let place = try #require(found) + 1
            let count = text.utf8.count
            guard count < wanted.count else { continue }
            bytes.replaceSubrange(place..<place + count, with: Array(text.utf8))
            #expect(AnsweredState(Self.sealed(bytes)) == nil, "\(marker)")
        }
    }

    @Test("Another version, unknown marks and marks that contradict each other are refused")
    func heads() throws {
        let body = Array(try Self.state().dropLast(4))
        #expect(AnsweredState(Self.sealed(body)) != nil)
        for (place, value) in [(0, UInt8(0)), (0, 2), (1, body[1] | 128), (1, body[1] & ~1)] {
            var changed = body
            changed[place] = value
            #expect(AnsweredState(Self.sealed(changed)) == nil)
        }
    }
}
