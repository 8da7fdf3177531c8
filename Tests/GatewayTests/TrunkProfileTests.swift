// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What each trunk of `config/trunks` is sent of the caller, as `sip-traces/trunks` says.
@Suite(.timeLimit(.minutes(3)))
struct TrunkProfileTests {
    private static let profiles = traces.deletingLastPathComponent().appending(path: "config/trunks")
    private static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: profiles.path))?
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted() ?? []

    /// The trunk of a profile, at a port of this machine.
    private static func trunk(_ name: String, port: Int) throws -> String {
        let text = try String(contentsOf: profiles.appending(path: name + ".yaml"), encoding: .utf8)
        let lines = text.components(separatedBy: "\n").drop { $0 != "trunks:" }.dropFirst()
        return lines.compactMap { line in
            if line.hasPrefix("    host:") { return "    host: 127.0.0.1\n    port: \(port)" }
            return line.hasPrefix("    transport:") || line.hasPrefix("    port:") ? nil : line
        }.joined(separator: "\n")
    }

    /// The Request-URI and the header fields that say who calls, without what is another at every call.
    private static func identity(_ invite: WireMessage, port: Int) -> [String] {
        let names = ["From", "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID", "Diversion", "Privacy"]
        let fields = names.flatMap { name in invite.all(name).map { "\(name): \($0)" } }
        return (["INVITE \(invite.requestURI)"] + fields).map { line in
            line.replacing(/;tag=[0-9a-f]+/, with: "").replacing("127.0.0.1:\(port)", with: "{trunk}")
                .replacing("@127.0.0.1", with: "@{trunk}").replacing("edge.example.com", with: "{gateway}")
        }
    }

    @Test("there is a profile for five styles of carrier and more")
    func count() {
        #expect(Self.names.count >= 5)
    }

    @Test("RFC 3325 §7 each trunk profile sends of the caller what its trace says", arguments: names)
    func profile(name: String) async throws {
        let carrier = try await Peer.udp()
        let deployment = try Deployment(trunks: try Self.trunk(name, port: carrier.port))
        var seen: [String] = []
        try await deployment.run { gateway in
            let alice = try await Phone.udp(gateway)
            alice.displayName = "\"Alice Smith\" "
            try await alice.register()
            for privacy in ["Privacy: id\r\n", ""] {
                alice.callID = Phone.token()
                try await alice.invite(Scene.number, privacy)
                let invite = try await carrier.request("INVITE")
                seen.append(privacy.isEmpty ? "=== visible" : "=== anonymous")
                seen += Self.identity(invite, port: carrier.port)
                try await carrier.reply(486, to: invite)
                try await carrier.request("ACK")
                try await alice.acknowledgeRefusal(try await alice.peer.response(486), Scene.number)
            }
        }
        let file = traces.appending(path: "trunks/\(name).txt")
        if ProcessInfo.processInfo.environment["TOLLGATE_RECORD_TRACES"] != nil {
            try (seen.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(seen.joined(separator: "\n") + "\n" == expected)
    }
}
