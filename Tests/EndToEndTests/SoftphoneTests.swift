// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension EndToEnd {
    @Suite("baresip", .serialized)
    struct SoftphoneTests {
        @Test(
            "A softphone registers, dials a number and hears the demo trunk's tone",
            arguments: ["udp", "tcp", "tls"]
        )
        func demoTrunk(_ transport: String) async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene)
                try await gateway.start()
                let alice = try await Softphone(.init(transport: transport), gateway: gateway, in: scene)
                alice.dial("+15559876543")
                try await waiting("1.5 seconds of sound", within: 15) { alice.secondsHeard > 1.5 }
                let heard = try await alice.heard()
                try #require(heard.halfSeconds(of: 440) >= 2)
                let invites = alice.messages.filter { $0.contains("\nINVITE sip:+15559876543") }
                try #require(invites.count >= 2)
                try #require(invites.allSatisfy { $0.contains("Via: SIP/2.0/\(transport.uppercased()) ") })
                let calls = try await gateway.calls()
                try #require(calls.count == 1)
                try #require(calls.first?.destination == "+15559876543" && calls.first?.isApproved == true)
            }
        }

        @Test(
            "Two softphones call each other as extensions with the customer's codecs, and hear each other",
            arguments: ["udp", "tcp"]
        )
        func extensions(_ calleeTransport: String) async throws {
            try await inScene { scene in
                let gateway = try Gateway(scene)
                try await gateway.start()
                let codecs = "opus/48000/2,G722/16000/1,PCMA,PCMU"
                let alice = try await Softphone(.init(hertz: 440, codecs: codecs), gateway: gateway, in: scene)
                let bob = try await Softphone(
                    .init(user: "bob", transport: calleeTransport, hertz: 1000, codecs: codecs, answers: true),
                    gateway: gateway,
                    in: scene
                )
                alice.dial("1002")
                try await waiting("2 seconds of sound", within: 15) {
                    alice.secondsHeard > 2 && bob.secondsHeard > 2
                }
                let sent = try #require(alice.messages.last { $0.contains("\nINVITE sip:1002") })
                try #require(sent.contains("opus/48000") && sent.contains("G722/8000"))
                let offered = try #require(bob.messages.first { $0.contains("\nINVITE sip:") })
                try #require(offered.contains("Via: SIP/2.0/\(calleeTransport.uppercased()) "))
                let encodings = Self.encodings(offered)
                try #require(encodings == ["PCMU", "PCMA", "telephone-event"])
                let aliceHeard = try await alice.heard()
                let bobHeard = try await bob.heard()
                try #require(aliceHeard.halfSeconds(of: 1000) >= 2 && aliceHeard.halfSeconds(of: 440) == 0)
                try #require(bobHeard.halfSeconds(of: 440) >= 2 && bobHeard.halfSeconds(of: 1000) == 0)
                let call = try #require(try await gateway.calls().first)
                try #require(call.destination == "1002" && call.finalStatus == 200)
            }
        }

        /// The encoding names of the audio line's payload types, in its order.
        private static func encodings(_ message: String) -> [String] {
            let lines = message.split(whereSeparator: \.isNewline)
            let types = lines.first { $0.hasPrefix("m=audio ") }?.split(separator: " ").dropFirst(3) ?? []
            return types.map { type in
                let line = lines.first { $0.hasPrefix("a=rtpmap:\(type) ") }
                return line?.split(separator: " ").last?.split(separator: "/").first.map(String.init)
                    ?? "static \(type)"
            }
        }
    }
}
