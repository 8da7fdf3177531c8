// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import TollgateConfiguration

@Suite(.timeLimit(.minutes(3)))
struct TortureTests {
    /// A message of RFC 4475 with what the product says of it.
    struct Torture: Sendable {
        let name: String
        let bytes: [UInt8]
        let verdict: String

        /// What the verdict leaves open: it speaks of a sender that may call, and not of each method.
        private static let ofStrangers = [
            "escnull.dat": 401, "unksm2.dat": 401,  // Credentials are asked for before bindings are looked at.
        ]

        /// What a sender that nobody knows is answered: 0 for nothing.
        var status: Int {
            if let status = Self.ofStrangers[name] { return status }
            if let status = verdict.prefix(while: \.isNumber).count == 3 ? Int(verdict.prefix(3)) : nil {
                return status
            }
            switch verdict.split(whereSeparator: { !$0.isLetter }).first {
            case "dropped": return 0
            case "registered": return 401
            case "answered": return 200
            default: return 407
            }
        }

        /// The port that an answer goes to: the topmost Via's.
        var answerPort: Int {
            let text = String(decoding: bytes, as: UTF8.self)
            let pattern = /(?i)\n(?:via|v)\s*:\s*SIP\s*\/\s*2\.0\s*\/\s*\w+\s+[^;,\s:]+\s*:\s*(\d+)/
            return text.firstMatch(of: pattern).flatMap { Int($0.output.1) } ?? 5060
        }

        static func all() throws -> [Torture] {
            let folder = traces.appending(path: "rfc4475")
            let table = try String(contentsOf: folder.appending(path: "VERDICTS.tsv"), encoding: .utf8)
            return try table.split(separator: "\n").dropFirst().map { line in
                let columns = line.split(separator: "\t").map(String.init)
                let data = try Data(contentsOf: folder.appending(path: columns[0]))
                return Torture(name: columns[0], bytes: Array(data), verdict: columns[2])
            }
        }
    }

    private func deployment() throws -> Deployment {
        var deployment = try Deployment()
        deployment.configuration.sip.domains += [
            "example.com", "example.net", "example.org", "biloxi.com", "bigbox3.site3.atlanta.com",
            "chair-dnrc.example.com",
        ]
        return deployment
    }

    @Test("RFC 4475 over UDP: each message is answered as VERDICTS.tsv says, and the gateway goes on")
    func datagrams() async throws {
        try await deployment().run { gateway in
            for torture in try Torture.all() {
                // An address of this test's own, since the answer goes to the port that Via names.
                let address = "127.\((1...250).randomElement() ?? 1).\((0...255).randomElement() ?? 0).9"
                let peer = try await Peer.udp(to: gateway.udp, from: address, port: torture.answerPort)
                try await peer.send(torture.bytes)
                let phone = Phone(peer)
                try await peer.send(phone.compose("OPTIONS"))
                let first = try await peer.receive(torture.name)
                let isFence = first.branch == phone.lastBranch
                #expect((isFence ? 0 : first.status) == torture.status, "\(torture.name): \(torture.verdict)\n\(first)")
                if !isFence { try await peer.response(200, to: "OPTIONS") }
                await peer.close()
            }
        }
    }

    @Test("RFC 4475 over TCP: no message harms the gateway, and what can be framed is answered alike")
    func streams() async throws {
        try await deployment().run { gateway in
            let phone = try await Phone.udp(gateway)
            for torture in try Torture.all() {
                let peer = try await Peer.connect(to: gateway.tcp)
                try await peer.send(torture.bytes)
                if torture.status >= 400, torture.status != 407, let length = Self.framed(torture) {
                    let answer = try await peer.receive(torture.name)
                    #expect(
                        answer.status == torture.status || length != torture.bytes.count,
                        "\(torture.name)\n\(answer)"
                    )
                }
                await peer.close()
                try await phone.send("OPTIONS")
                try await phone.peer.response(200)
            }
        }
    }

    /// The length that a stream cuts a message to; nil when Content-Length is missing or goes beyond the bytes.
    private static func framed(_ torture: Torture) -> Int? {
        guard let message = WireMessage(torture.bytes) else { return nil }
        let value = (message.all("Content-Length") + message.all("l")).first ?? ""
        guard let length = Int(value.trimmingCharacters(in: .whitespaces)), length >= 0 else { return nil }
        let head = torture.bytes.count - message.body.utf8.count
        return head + length <= torture.bytes.count ? head + length : nil
    }
}
