// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import SessionDescription
import Testing

@Suite("properties over random attempts")
struct RandomAttemptTests {
    private static func text(_ generator: inout XorshiftGenerator, _ likely: [String]) -> ReceivedText {
        guard Int.random(in: 0..<3, using: &generator) == 0 else {
            return ReceivedText(likely.randomElement(using: &generator) ?? "")
        }
        let alphabet = Array("+0123456789*#%;=abcXYZ\"\\<>@:-. \r\n\0".utf8)
        let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
            Bool.random(using: &generator)
                ? alphabet.randomElement(using: &generator) ?? 0 : UInt8.random(in: 0...255, using: &generator)
        }
        let end = bytes.count + 5
        return ReceivedText(buffer: bytes, range: Int.random(in: 0...bytes.count, using: &generator)..<end)
    }

    private static func attempt(_ generator: inout XorshiftGenerator) -> CallAttempt {
        let destinations = ["+14165550123", "1002", "112", "service:sos", "*31%2314165550123", "+442079460000", "%"]
        let sources = ["+12125550100", "+12125550101", "+12125550999", "alice", "anonymous", "1001", ""]
        let privacies = ["id", "none", "user;critical", "session", "session;critical", "x", ""]
        let callers: [Caller] = [.endpoint(Deployment.endpointID), .customer(Deployment.customerID), .customer(.zero)]
        return CallAttempt(
            caller: callers.randomElement(using: &generator) ?? .customer(.zero),
            destination: DialledDestination(
                scheme: DestinationScheme.allCases.randomElement(using: &generator) ?? .sip,
                user: text(&generator, destinations),
                isLocalDomain: Bool.random(using: &generator),
                uri: text(&generator, ["sip:a@b"])
            ),
            identity: RequestedIdentity(
                preferredUser: Bool.random(using: &generator) ? text(&generator, sources) : nil,
                fromUser: text(&generator, sources),
                fromDisplayName: text(&generator, ["Alice", "\"Alice\""])
            ),
            privacy: PrivacyRequest(values: [text(&generator, privacies)]),
            anonymous: AnonymousSetting.allCases.randomElement(using: &generator) ?? .auto,
            offer: Bool.random(using: &generator)
                ? SessionOffer(message: Array("v=0\r\n".utf8), body: 0..<9, contentType: -3..<70) : nil,
            routes: RouteConditions(selection: generator.next())
        )
    }

    @Test("no attempt traps, hidden callers stay hidden, and a decision is a function of its arguments")
    func properties() throws {
        var generator = XorshiftGenerator(state: 0x5EED_5EED_5EED_5EED)
        var deployment = try Deployment()
        deployment.customer.mayCallSIPURIs = true
        deployment.customer.limits = CallLimits(
            concurrentCalls: LimitLevels(soft: 1, hard: 2),
            callsPerMinuteToCountry: LimitLevels(soft: 1)
        )
        deployment.customer.outbound?.codecs = try CodecList("PCMU")
        deployment.endpoint.dialPlan = DialPlan(country: Country("us"))
        let snapshot = deployment.snapshot
        var hiddenCalls = 0
        for _ in 0..<20_000 {
            let attempt = Self.attempt(&generator)
            var usage = CustomerUsage()
            for _ in 0..<Int.random(in: 0..<3, using: &generator) { usage.callBegan(by: Deployment.endpointID) }
            var same = usage
            let decision = PolicyEngine.decide(
                attempt,
                under: snapshot,
                counting: &usage,
                at: Instant(milliseconds: 1)
            )
            let again = PolicyEngine.decide(attempt, under: snapshot, counting: &same, at: Instant(milliseconds: 2))
            #expect(decision.findings == again.findings)
            for finding in decision.findings { #expect(!finding.reason.isEmpty && finding.values.count < 20) }
            if let rejection = decision.rejection {
                #expect(rejection.text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
                #expect(decision.findings.last?.outcome == .rejected)
            }
            #expect(
                PolicyEngine.isEmergency(attempt.destination, of: attempt.caller, under: snapshot)
                    == (decision.findings.first?.detail.isEmergencyService ?? false)
            )
            guard let call = decision.approved else { continue }
            let leg = call.identity(for: Deployment.untrusted)
            #expect(leg.asserted == nil)
            let name = (leg.from.displayName ?? "").unicodeScalars
            #expect(name.allSatisfy { $0.value >= 0x20 && $0 != "\"" && $0 != "\\" })
            if let user = E164Number(leg.from.user) { #expect(snapshot.numbers[user]?.customer == call.customer) }
            guard call.identity.isAnonymous else { continue }
            hiddenCalls += 1
            let shown = "\(leg)"
            #expect(!shown.contains("212555"))
            #expect(!shown.contains("Alice") && !shown.contains("alice") && !shown.contains("Front"))
            #expect(leg.from.host == .anonymousInvalid)
        }
        #expect(hiddenCalls > 300)
    }
}

extension FindingDetail {
    fileprivate var isEmergencyService: Bool {
        if case .emergencyService = self { true } else { false }
    }
}
