// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import Foundation
import Gateway
import NumberingPlan
import Testing
import TollgateConfiguration

/// Plays a scenario against a live gateway.
struct Player {
    let scenario: Scenario
    var bindings = Bindings()
    var peers: [String: Peer] = [:]
    let passwords = ["alice": "alice-secret", "bob": "bob-secret"]

    init(_ scenario: Scenario) {
        self.scenario = scenario
    }

    /// Plays it, and hands back the stored calls.
    mutating func play(shards: Int = 1) async throws -> [CallRecord] {
        for trunk in scenario.trunks { add(trunk.isStream ? try await .listen() : try await .udp(), trunk.name) }
        var deployment = try Deployment(trunks: try bindings.render(scenario.provisioning))
        deployment.configuration.shards = .exactly(shards)
        let gateway = try await deployment.start()
        do {
            try await perform(gateway)
        } catch {
            await gateway.server.shutdown()
            deployment.remove()
            throw error
        }
        await gateway.server.shutdown()
        defer { deployment.remove() }
        return try deployment.calls()
    }

    private mutating func perform(_ gateway: Running) async throws {
        bindings["port", "gateway"] = "\(gateway.udp)"
        bindings["port", "gateway-tcp"] = "\(gateway.tcp)"
        for endpoint in scenario.endpoints {
            add(
                endpoint.isStream ? try await .connect(to: gateway.tcp) : try await .udp(to: gateway.udp),
                endpoint.name
            )
        }
        for name in scenario.registered { try await register(name) }
        for step in scenario.steps { try await perform(step) }
    }

    private mutating func add(_ peer: Peer, _ name: String) {
        peers[name] = peer
        bindings["port", name] = "\(peer.port)"
    }

    /// Registers an endpoint, as `register.txt` shows it; its nonce goes on with count 2.
    private mutating func register(_ name: String) async throws {
        guard let peer = peers[name], let password = passwords[name] else { return }
        let isStream = scenario.endpoints.contains { $0.name == name && $0.isStream }
        let phone = Phone(
            peer,
            Credentials(username: name, password: password),
            transport: isStream ? "TCP" : "UDP"
        )
        try await phone.sendRegister("")
        let challenge = try await peer.response(401).first("WWW-Authenticate")
        let answer = try phone.credentials.answer(challenge, method: "REGISTER", uri: "sip:edge.example.com")
        try await phone.sendRegister("Authorization: \(answer)\r\n")
        try await peer.response(200)
        bindings["nonce", name] = challenge.split(separator: "\"").dropFirst(3).first.map(String.init) ?? ""
    }

    private mutating func perform(_ step: Scenario.Step) async throws {
        guard let peer = peers[step.who] else { throw failure(step, "nobody is called \(step.who)") }
        switch step.kind {
        case .sends: try await peer.send(try message(step))
        case .receives: try check(step, try await peer.receive("the message of line \(step.line)"))
        }
    }

    /// The bytes of a message to be sent.
    mutating func message(_ step: Scenario.Step) throws -> String {
        var (head, body) = Self.split(step.lines)
        body = try bindings.render(body)
        head = try head.map { try bindings.render($0) }
        let method = head.first?.split(separator: " ").first.map(String.init) ?? ""
        head = try head.map { line in
            var line = line.replacingOccurrences(of: "{length}", with: "\(body.utf8.count)")
            guard line.contains("{response}") else { return line }
            line = line.replacingOccurrences(of: "{response}", with: try response(to: line, method))
            return line
        }
        return head.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// The digest response that a line of credentials needs.
    private func response(to line: String, _ method: String) throws -> String {
        func parameter(_ name: String) -> String {
            guard let start = line.firstRange(of: "\(name)=") else { return "" }
            return String(line[start.upperBound...].drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != "," })
        }
        let name = parameter("username")
        let challenge =
            "Digest realm=\"\(parameter("realm"))\", nonce=\"\(parameter(" nonce"))\", qop=\"auth\", "
            + "algorithm=\(parameter("algorithm"))"
        let answer = try Credentials(username: name, password: passwords[name] ?? "").answer(
            challenge,
            method: method,
            uri: parameter("uri"),
            count: UInt32(parameter("nc"), radix: 16) ?? 1,
            clientNonce: parameter("cnonce")
        )
        guard let start = answer.firstRange(of: "response=\"") else { return "" }
        return String(answer[start.upperBound...].prefix { $0 != "\"" })
    }

    /// Compares a received message with the one that is expected: every header field, no other one, and the body.
    private mutating func check(_ step: Scenario.Step, _ message: WireMessage) throws {
        let (head, body) = Self.split(step.lines)
        guard bindings.match(message.startLine, head.first ?? "") else {
            throw failure(step, "the start line differs", message)
        }
        bindings["length", ""] = "\(message.body.utf8.count)"
        var remaining = message.headers
        for line in head.dropFirst() {
            let name = String(line.prefix { $0 != ":" })
            let value = String(line.dropFirst(name.count + 1).drop { $0 == " " })
            let place = remaining.firstIndex { $0.name.lowercased() == name.lowercased() }
            guard let place else { throw failure(step, "there is no \(name)", message) }
            let found = remaining.remove(at: place)
            guard bindings.match(found.value, value) else { throw failure(step, "\(name) differs", message) }
        }
        bindings["length", ""] = nil
        guard remaining.isEmpty else {
            throw failure(step, "there is a \(remaining.map(\.name)) too many", message)
        }
        guard message.body == (try bindings.render(body)) else { throw failure(step, "the body differs", message) }
    }

    private func failure(_ step: Scenario.Step, _ text: String, _ message: WireMessage? = nil) -> Missed {
        let received = message.map { "; received:\n\($0)" } ?? ""
        return Missed(description: "\(scenario.name).txt line \(step.line): \(text)\(received)")
    }

    private static func split(_ lines: [String]) -> (head: [String], body: String) {
        let gap = lines.firstIndex(of: "") ?? lines.endIndex
        return (Array(lines[..<gap]), lines[gap...].dropFirst().map { $0 + "\r\n" }.joined())
    }
}

extension CallRecord {
    /// The record in the words of a scenario's `record` section.
    var words: [String: String] {
        [
            "status": "\(status)", "source": source, "source asked": sourceAsked, "destination": destination,
            "country": country.map { "\($0)" } ?? "", "anonymous": isAnonymous ? "yes" : "no",
            "hangup reason": hangupReason.name, "hangup by": hangupBy.name, "final status": "\(finalStatus)",
            "rejecting rule": rejectingRule, "trunk": trunk?.name ?? "",
        ]
    }
}
