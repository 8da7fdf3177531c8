// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Scenario {
    /// The scenario as a text trace of what it writes down, with the registrations that came before it.
    func trace() throws -> String {
        var player = Player(self)
        player.bindings["port", "gateway"] = "5060"
        player.bindings["port", "gateway-tcp"] = "5060"
        for (number, participant) in (endpoints + trunks).enumerated() {
            player.bindings["port", participant.name] = "\(20_000 + number)"
        }
        var clock = 0
        var text = ""
        for name in registered {
            player.bindings["nonce", name] = "nonce-\(name)"
            text += heading(&clock, name, sends: true) + register(name, try player.bindings.render("{port:\(name)}"))
        }
        for step in steps {
            let known = Step(who: step.who, kind: step.kind, lines: step.lines.map(Self.plain), line: step.line)
            for line in known.lines { player.bind(line) }
            text += heading(&clock, step.who, sends: step.kind == .sends) + (try player.message(known)) + "\r\n"
        }
        return text
    }

    private static func plain(_ line: String) -> String { line.replacing("{*}", with: "anything") }

    private func heading(_ clock: inout Int, _ who: String, sends: Bool) -> String {
        clock += 1
        let place = (endpoints + trunks).firstIndex { $0.name == who } ?? 0
        let peer = "127.0.0.1:\(20_000 + place)"
        let gateway = "127.0.0.1:5060"
        let time = "2026/01/01 12:00:00.\(String(1_000_000 + clock * 1_000).dropFirst())"
        return "\(time) \(sends ? peer : gateway) -> \(sends ? gateway : peer)\r\n"
    }

    private func register(_ name: String, _ port: String) -> String {
        let transport = endpoints.contains { $0.name == name && $0.isStream } ? "TCP" : "UDP"
        return "REGISTER sip:edge.example.com SIP/2.0\r\n"
            + "Via: SIP/2.0/\(transport) 127.0.0.1:\(port);branch=z9hG4bK-r-\(name);rport\r\nMax-Forwards: 70\r\n"
            + "From: <sip:\(name)@edge.example.com>;tag=r\r\nTo: <sip:\(name)@edge.example.com>\r\n"
            + "Call-ID: register-\(name)\r\nCSeq: 1 REGISTER\r\nContact: <sip:\(name)@127.0.0.1:\(port)>\r\n"
            + "Content-Length: 0\r\n\r\n"
    }
}

extension Player {
    /// Gives places that only the gateway would fill a value.
    fileprivate mutating func bind(_ line: String) {
        for case .place(let kind, let name) in Template(line).pieces where bindings[kind, name] == nil {
            switch kind {
            case "nonce", "value": bindings[kind, name] = "made-up-\(name)"
            case "branch": bindings[kind, name] = "z9hG4bK-\(name)"
            default: break
            }
        }
    }
}
