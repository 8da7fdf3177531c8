// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import Foundation
import MonotonicTime
import SIPMessage
import SIPTransaction
import Testing

@testable import CallControl

/// SplitMix64, so that a seed names a run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}

/// One call of a caller whom the outside may not know, played at random by its seed.
struct HiddenFlow {
    /// Why the outside may not know the caller.
    enum Kind {
        /// The caller asks to be hidden.
        case hidden
        /// The customer's default number stands in for the caller's own.
        case substituted
        /// It may: this caller is shown, for a test of the search itself.
        case shown
    }

    let harness: Harness
    private let kind: Kind
    private var generator: SeededGenerator
    private let trunks: [Trunk]
    private var number = 1

    init(seed: UInt64, _ kind: Kind = .hidden) throws {
        self.kind = kind
        var generator = SeededGenerator(seed: seed)
        let trunks = (1...3).map { number in
            Deployment.trunk(number) {
                if generator.below(2) == 0 { $0.trust = .trusted(basis: .privateNetwork, note: "contract") }
                $0.passesUserAgent = generator.below(2) == 0
                $0.passesREFER = generator.below(2) == 0
                $0.redirectHosts = ["gw.carrier.example"]
                if generator.below(3) == 0 { $0.host = "trunk\(number).carrier.example" }
                $0.identity = Self.profile(&generator)
            }
        }
        self.trunks = trunks
        var deployment = Deployment()
        deployment.trunks = trunks
        deployment.isSubstituted = kind == .substituted
        let wish = kind == .hidden ? [generator.pick(HiddenCaller.wishes) ?? ""] : []
        let names = Self.names(&generator).filter { !$0.hasPrefix("Record-Route") && !$0.hasPrefix("Route") }
        let body = Self.body(&generator)
        var settings = CallSettings(gatewayHost: "gw.example", passedHeaders: ["x-owner"])
        settings.userAgent = Array("Tollgate".utf8)
        harness = try Harness(
            deployment,
            headers: wish + names + body.headers.filter { _ in body.isDescription },
            body: body.isDescription ? body.text : "",
            settings: settings
        )
        for trunk in trunks {
            let servers = (1...3).map { number in
                NextHop(transport: .udp, host: "198.18.\(trunk.priority).\(number)", port: 5060, name: trunk.host)
            }
            harness.zone[trunk.host] = .success(servers)
        }
        if generator.below(2) == 0 {
            harness.credentials = { _, _, _, _ in TrunkCredentials(isProxy: true, value: Array("Digest x".utf8)) }
        }
        // A trunk in four is full or down by the time its turn comes.
        for trunk in trunks where generator.below(4) == 0 { harness.fullTrunks.insert(trunk.id) }
        self.generator = generator
    }

    /// Plays the call to its end.
    mutating func play() throws {
        if generator.below(20) > 0 { harness.begin() }
        for _ in 0..<generator.below(60) { try step() }
        harness.begin()
        while !harness.searches.isEmpty { harness.found(nil) }
        harness.advance(seconds: 8000)
    }

    private mutating func step() throws {
        switch generator.below(30) {
        case 0...10: try answer()
        case 11: harness.callerCancels()
        case 12: try acknowledge()
        case 13...18: try callerSends()
        case 19...21: try outsideSends()
        case 22: try fail()
        case 23...25: harness.advance(milliseconds: Int64(generator.below(40_000)))
        case 26: try restart()
        case 27: harness.found(generator.pick([nil, ReplacedDialog(Array("a;to-tag=b;from-tag=c".utf8))]) ?? nil)
        case 28 where generator.below(8) == 0:
            harness.event { $0.hangUp(status: 480, text: "test", cause: .normalClearing, &$1) }
        default: harness.begin()
        }
    }

    private mutating func answer() throws {
        let open = harness.clients.values.filter { !$0.isDone || $0.sent.method == .invite }
        guard let client = generator.pick(open.sorted { $0.sent.transaction < $1.sent.transaction }) else { return }
        let statuses = [
            180, 183, 183, 200, 200, 200, 200, 202, 302, 401, 407, 408, 422, 433, 481, 486, 488, 491, 503, 503, 603,
        ]
        guard let status = generator.pick(statuses), let tag = generator.pick(["a", "b"]) else { return }
        var headers: [String] = []
        if status == 183 { headers = ["Require: 100rel", "RSeq: \(generator.below(9) + 1)"] }
        if status == 302 { headers = ["Contact: <sip:+13125550123@gw.carrier.example>"] }
        if status == 422 { headers = ["Min-SE: 1800"] }
        let body = generator.below(2) == 0 ? Caller.offer : ""
        try harness.answer(client.sent, status, tag: tag, headers, body: body)
    }

    private mutating func callerSends() throws {
        let tags = harness.toCaller.filter { $0.isResponse && $0.status > 100 }.map {
            $0.message.text($0.message.mandatory.toTag)
        }
        let methods = [
            "BYE", "INVITE", "UPDATE", "INFO", "PRACK", "REFER", "OPTIONS", "INVITE", "UPDATE", "NOTIFY", "MESSAGE",
            "SUBSCRIBE",
        ]
        guard let method = generator.pick(methods), let tag = generator.pick(tags) else { return }
        number += 1
        var headers = Self.names(&generator)
        switch method {
        case "PRACK": headers.append("RAck: 1 1 INVITE")
        case "REFER": headers.append(generator.pick(HiddenCaller.transfers) ?? "")
        case "NOTIFY", "SUBSCRIBE":
            headers += ["Event: refer;id=\(generator.below(9))", "Subscription-State: active;reason=Zelda"]
        default: break
        }
        let body = Self.body(&generator)
        try harness.callerSends(method, headers + body.headers, toTag: tag, body: body.text, number: number)
    }

    private mutating func acknowledge() throws {
        guard harness.toCaller.contains(where: { $0.isResponse && $0.transaction == 1 && $0.status > 100 }) else {
            return
        }
        let body = generator.below(2) == 0 ? HiddenCaller.description : ""
        try harness.callerAcknowledges(number: generator.below(2) == 0 ? 1 : number, body: body)
    }

    /// A request of the callee; what the caller answers to it names the caller too.
    private mutating func outsideSends() throws {
        let invites = harness.toOutside.filter { $0.method == .invite && !$0.isResponse }
        let methods = ["BYE", "INVITE", "UPDATE", "INFO", "REFER", "NOTIFY", "SUBSCRIBE", "OPTIONS", "MESSAGE"]
        guard let invite = generator.pick(invites.filter { !($0.header(.to) ?? "").contains("tag=") }),
            let method = generator.pick(methods), let tag = generator.pick(["a", "b"])
        else { return }
        let event = method == "NOTIFY" || method == "SUBSCRIBE" ? ["Event: refer"] : []
        let target = method == "REFER" ? ["Refer-To: <sip:dave@elsewhere.example>"] : []
        try harness.outsideSends(
            method,
            in: invite,
            tag: tag,
            event + target,
            body: generator.below(2) == 0 ? Caller.offer : ""
        )
        let crossed = harness.clients.values.filter { !$0.isDone && $0.sent.hop?.host == Harness.endpointHost }
        guard generator.below(4) > 0, let client = crossed.max(by: { $0.sent.transaction < $1.sent.transaction }),
            let status = generator.pick([200, 200, 183, 404, 488, 603])
        else { return }
        var names = Self.names(&generator).filter { !$0.hasPrefix("Route") && !$0.hasPrefix("Record-Route") }
        let body = Self.body(&generator)
        names += body.headers
        if status < 300 {
            names.append("Contact: <sip:zebra-user@10.66.77.88:5060>;+sip.instance=\"<\(HiddenCaller.instance)>\"")
        }
        try harness.answer(client.sent, status, tag: "tagwombat", names, body: body.text)
    }

    private mutating func fail() throws {
        let open = harness.clients.filter { !$0.value.isDone }.keys.sorted()
        guard let transaction = generator.pick(open) else { return }
        harness.fail(transaction, generator.below(2) == 0 ? .timeout : .transport)
    }

    private mutating func restart() throws {
        guard !harness.isFinished, harness.call.dialogState() != nil else { return }
        try harness.restart(lasted: .seconds(Int64(generator.below(600))), trunks: trunks)
    }

    /// What a carrier may ask to be told; whether it is told is for the trunk's trust to say.
    private static func profile(_ generator: inout SeededGenerator) -> TrunkIdentityProfile {
        var profile = TrunkIdentityProfile()
        guard generator.below(2) == 0 else { return profile }
        profile.assertedIdentity = generator.pick(IdentityUse.allCases) ?? .always
        profile.preferredIdentity = generator.pick(IdentityUse.allCases) ?? .always
        profile.remotePartyID = generator.pick(IdentityUse.allCases) ?? .always
        profile.diversion = generator.pick(DiversionUse.allCases) ?? .always
        profile.scheme = generator.pick(IdentityScheme.allCases) ?? .tel
        profile.host = generator.pick([.gateway, .trunk, .domain("carrier.example")]) ?? .trunk
        profile.displayName = generator.pick([.pass, .none, .number]) ?? .pass
        profile.anonymousHost = generator.pick(AnonymousHost.allCases) ?? .invalid
        profile.namesAnonymous = generator.below(2) == 0
        profile.privacy = generator.pick(PrivacyForm.allCases) ?? .id
        return profile
    }

    private static func names(_ generator: inout SeededGenerator) -> [String] {
        HiddenCaller.names.filter { _ in generator.below(2) == 0 }
    }

    private static func body(_ generator: inout SeededGenerator) -> Body {
        let chosen = generator.pick(HiddenCaller.bodies) ?? ("", "")
        return Body(type: chosen.type, text: chosen.body)
    }

    private struct Body {
        let type: String
        let text: String

        var isDescription: Bool { type == "application/sdp" || type.hasPrefix("multipart") || type.isEmpty }
        var headers: [String] { type.isEmpty ? [] : ["Content-Type: \(type)"] }
    }

    // MARK: Findings

    /// The number that stands in may be seen by everyone.
    private var secrets: [String] {
        kind == .substituted ? HiddenCaller.secrets.filter { $0 != "2125550100" } : HiddenCaller.secrets
    }

    /// The first secret that went out, and the message it stands in.
    var leak: (secret: String, text: String)? {
        let trusted = Set(trunks.filter(\.trust.isTrusted).map(\.host))
        for sent in harness.toOutside {
            var bytes = sent.message.bytes
            // A trunk's redirection leads to further hosts of the same trunk, which To still names.
            let isTrusted = sent.header(.to).map { to in trusted.contains { to.contains("@\($0);") } } ?? false
            if sent.hop != nil, isTrusted { Self.takeOutAssertions(&bytes) }
            let text = String(decoding: bytes, as: UTF8.self)
            for form in [text, Self.unescaped(text)] {
                if let secret = secrets.first(where: form.contains) { return (secret, text) }
            }
        }
        return nil
    }

    /// What a trusted trunk may be told of a hidden caller: the number alone, and only where numbers are asserted to the
    /// trust domain (RFC 3325 §9.1, and the header fields that carriers read in its place).
    private static func takeOutAssertions(_ bytes: inout [UInt8]) {
        let names = ["P-Asserted-Identity: ", "P-Preferred-Identity: ", "Remote-Party-ID: ", "Diversion: "]
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n").map { line in
            guard names.contains(where: line.hasPrefix) else { return line }
            return line.replacing(Caller.number, with: "").replacing(Caller.number.dropFirst(), with: "")
        }
        bytes = Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let first = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if first == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(first)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
