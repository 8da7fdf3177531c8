// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import Glibc
import MonotonicTime
import SIPMessage
import Testing

@Suite("Media of the demo trunk", .timeLimit(.minutes(1)))
struct MediaTests {
    /// The share of a signal's power that lies at one frequency (Goertzel), 0 to 1.
    private func share(of frequency: Double, in samples: [Int16]) -> Double {
        let coefficient = 2 * cos(2 * Double.pi * frequency / 8000)
        var (previous, before, energy) = (0.0, 0.0, 0.0)
        for sample in samples {
            let value = Double(sample)
            (previous, before) = (value + coefficient * previous - before, previous)
            energy += value * value
        }
        let power = previous * previous + before * before - coefficient * previous * before
        return energy == 0 ? 0 : 2 * power / (energy * Double(samples.count))
    }

    private func speech(_ sequence: UInt16, _ fill: UInt8, type: UInt8 = 0) -> RTPPacket {
        RTPPacket(
            payloadType: type,
            sequenceNumber: sequence,
            timestamp: UInt32(sequence) * 160,
            source: 77,
            payload: [UInt8](repeating: fill, count: 160)
        )
    }

    @Test("the answer brings 440 Hz at -12 dB in packets of 20 ms, and then an echo of speech and events")
    func toneAndEcho() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            let answer = try await caller.call()
            var samples: [Int16] = []
            var packets: [RTPPacket] = []
            for _ in 0..<30 {
                let packet = try await caller.receiveMedia()
                packets.append(packet)
                samples += packet.payload.map { G711.muLaw.decode($0) }
            }
            #expect(samples.count == 4800)
            #expect(share(of: 440, in: samples) > 0.98)
            #expect(share(of: 480, in: samples) < 0.01)
            #expect((8000...8400).contains(samples.max() ?? 0))
            for (earlier, later) in zip(packets, packets.dropFirst()) {
                #expect(later.sequenceNumber == earlier.sequenceNumber &+ 1)
                #expect(later.timestamp == earlier.timestamp &+ 160)
            }
            // The thirtieth packet is the last of 600 ms of tone: what comes now is the echo.
            try await caller.sendMedia(speech(1, 0x11), to: answer)
            try await caller.sendMedia(speech(2, 0x22, type: 101), to: answer)
            let echoes = [try await caller.receiveMedia(), try await caller.receiveMedia()]
            #expect(echoes.map { $0.payload.first } == [0x11, 0x22])
            #expect(echoes.map(\.payloadType) == [0, 101])
            #expect(Set(echoes.map(\.source)) == Set(packets.map(\.source)))
        }
    }

    @Test("183 brings the tone before the answer, and the 200 the same description")
    func earlyMedia() async throws {
        try await withTrunk(configured { $0.earlyMediaAnswerAfter = .milliseconds(1500) }) { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", to: "12025550183", body: caller.session()))
            let progress = try await caller.response(183)
            #expect(try await caller.receiveMedia().payload.count == 160)
            #expect(await trunk.counts().answered == 0)
            let answer = try await caller.response(200)
            #expect(answer.text(answer.body) == progress.text(progress.body))
        }
    }

    @Test("RFC 3261 §13.2.1 an INVITE without an offer gets one in the 200, and media after the ACK's answer")
    func delayedOffer() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE"))
            let ringing = try await caller.response(180)
            #expect(ringing.body.isEmpty)
            let offer = try await caller.response(200)
            #expect(Caller.mediaPort(of: offer) > 0)
            #expect(offer.text(offer.body).contains("a=rtpmap:0 PCMU/8000"))
            try await caller.send(caller.request("ACK", body: caller.session()))
            #expect(try await caller.receiveMedia().payloadType == 0)
        }
    }

    @Test("RFC 3264 §8.4 hold is answered recvonly and silences the echo; resumption brings it back")
    func hold() async throws {
        try await withTrunk(configured { $0.toneLength = .milliseconds(0) }) { trunk in
            var caller = try await Caller(trunk)
            let answer = try await caller.call()
            try await caller.sendMedia(speech(1, 0x11), to: answer)
            #expect(try await caller.receiveMedia().payload.first == 0x11)
            for (sequence, offered, answered) in [
                (2, "sendonly", "a=recvonly"), (3, "inactive", "a=inactive"), (4, "sendrecv", "a=sendrecv"),
            ] {
                caller.sequence = sequence
                try await caller.send(caller.request("INVITE", body: caller.session("a=\(offered)\r\n")))
                let response = try await caller.response(200)
                #expect(response.text(response.body).contains(answered))
                try await caller.send(caller.request("ACK"))
                try await caller.sendMedia(speech(UInt16(sequence), UInt8(sequence)), to: answer)
                // Media and signalling are two sockets, so the next INVITE must not overtake the packet.
                while await trunk.counts().mediaPackets < sequence { await Task.yield() }
            }
            let next = try await caller.receiveMedia()
            #expect(next.payload.first == 4, "nothing came back while on hold")
            #expect(await trunk.seenInvites().map(\.isWithinDialog) == [false, true, true, true])
        }
    }

    @Test("§21 PCMA is spoken where PCMU is not offered")
    func aLaw() async throws {
        try await withTrunk { trunk in
            var caller = try await Caller(trunk)
            try await caller.send(caller.request("INVITE", body: caller.session(formats: "18 8 101")))
            let answer = try await caller.response(200)
            #expect(answer.text(answer.body).contains("RTP/AVP 8 101"))
            var samples: [Int16] = []
            for _ in 0..<20 { samples += try await caller.receiveMedia().payload.map { G711.aLaw.decode($0) } }
            #expect(share(of: 440, in: samples) > 0.98)
        }
    }
}
