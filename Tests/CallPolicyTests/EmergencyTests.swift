// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import NumberingPlan
import Testing

@Suite("emergency calls")
struct EmergencyTests {
    private func id(_ value: UInt64) -> ResourceIdentifier { ResourceIdentifier(high: 3, low: value) }

    /// Everything that refuses a call, at once.
    private func hopeless() throws -> Deployment {
        var deployment = try Deployment()
        let none = CallLimits(
            concurrentCalls: LimitLevels(hard: 0),
            callsPerSecond: LimitLevels(hard: 0),
            callsPerMinuteToCountry: LimitLevels(hard: 0),
            callsPerMinuteToNumber: LimitLevels(hard: 0),
            dailyCallsToCountry: LimitLevels(hard: 0),
            maximumDuration: LimitLevels(hard: 1)
        )
        deployment.customer.status = .frozen
        deployment.customer.billingAccount = BillingAccount(creditMicros: -1)
        deployment.customer.limits = none
        deployment.customer.outbound?.destinationWhitelist = []
        deployment.customer.outbound?.whenNoValidSource = .reject
        deployment.rules.requiresVerifiedIdentity = true
        deployment.endpoint.isEnabled = false
        deployment.endpoint.limits = none
        deployment.endpoint.emergencyCallerID = deployment.second
        deployment.endpoint.dialPlan = DialPlan(
            country: Country("us"),
            extensionPatterns: ["1xx", "9xx", "9xxx"].compactMap { ExtensionPattern($0) }
        )
        deployment.colleague.extensions = ["112", "911", "*67911"]
        return deployment
    }

    @Test(
        "§4 rule 2 emergency calls pass whatever else refuses a call, and are never anonymous",
        arguments: [
            "112", "911", "9-1-1", "%39%31%31", "(9)1.1", "112;phone-context=+49", "911;phone-context=+1",
            "911;phone-context=elsewhere.example", "911;m-unknown=1", "911;phone-context=", "*31%23112", "*67911",
            "*-67-9-1-1", "%2A67911", "*82911", "#31#112",
        ],
        [DestinationScheme.sip, .sips, .tel]
    )
    func exempt(dialled: String, scheme: DestinationScheme) throws {
        let decision = try hopeless().dial(dialled) {
            $0.destination.scheme = scheme
            $0.privacy = PrivacyRequest(values: ["id;session;critical"])
            $0.identity.fromUser = ReceivedText("anonymous")
        }
        let call = try #require(decision.approved)
        let number = try #require(["112", "911"].first { call.destination == .emergency(.number($0)) })
        #expect(call.emergencyTarget(for: Deployment.trusted) == .number(number))
        #expect(call.identity.source.resolvedBy == .emergencyCallerID)
        #expect(call.maximumDuration == LimitLevels())
        let leg = call.identity(for: Deployment.untrusted)
        #expect(leg.from.user == "+12125550101")
        #expect(leg.privacy == nil)
        let skipped = decision.findings.filter { $0.outcome == .skipped }.map(\.rule)
        #expect(
            skipped == [
                .customerActive, .customerIdentityVerified, .customerBalance, .customerLimits, .destinationWhitelist,
                .destinationClass, .destinationLimits, .sourceValidate, .codecsFilter,
            ]
        )
    }

    @Test(
        "a number is an emergency number by the deployment, by the dial plan's country, or by its phone-context",
        arguments: [
            ("119", "jp", true), ("119", "gb", false), ("999", "jp", true), ("000", "au", true), ("000", nil, false),
            ("112", nil, true), ("17;phone-context=+33", nil, true), ("17;phone-context=+3", nil, false),
            ("17", "us", false), ("110;phone-context=+81", "gb", true), ("110;phone-context=+44", "gb", false),
            ("1350", "ga", true), ("1350;phone-context=+241", "gb", false), ("+112", "gb", false),
            ("9111", "us", false),
        ] as [(String, String?, Bool)]
    )
    func recognised(dialled: String, country: String?, expected: Bool) throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = DialPlan(country: country.flatMap { Country($0) })
        let destination = DialledDestination(scheme: .sip, user: ReceivedText(dialled))
        for caller in [Caller.endpoint(Deployment.endpointID), .customer(Deployment.customerID)] {
            #expect(PolicyEngine.isEmergency(destination, of: caller, under: deployment.snapshot) == expected)
            let decision = deployment.dial(dialled) { $0.caller = caller }
            let isTelephone = caller == .endpoint(Deployment.endpointID)
            #expect((decision.approved?.isEmergency ?? false) == (expected && isTelephone))
            // Nobody whom the services could ask is on the line of a call that the control API places.
            if expected, !isTelephone { #expect(decision.rejection?.rule == .emergencyExempt) }
        }
        #expect(!PolicyEngine.isEmergency(destination, of: .customer(.zero), under: deployment.snapshot))
    }

    @Test("a number configured with separators is the same number without")
    func configuredSpelling() throws {
        var deployment = try Deployment()
        deployment.rules.emergencyNumbers = ["1-1-9"]
        #expect(deployment.dial("119").approved?.isEmergency == true)
        #expect(deployment.dial("112").approved == nil)
    }

    @Test(
        "RFC 5031 §4.2 urn:service:sos and below are emergency calls",
        arguments: [
            ("service:sos", "urn:service:sos"), ("SERVICE:SOS.fire", "urn:SERVICE:SOS.fire"),
            ("service:sos.police.x-y;a=b", "urn:service:sos.police.x-y"), ("service:sos?x", "urn:service:sos"),
            ("service:sos. SIP/2.0\r\nEvil: 1", "urn:service:sos"), ("service:sos.", "urn:service:sos"),
        ]
    )
    func serviceURN(urn: String, sent: String) throws {
        let decision = try hopeless().dial(urn) { $0.destination.scheme = .urn }
        #expect(decision.approved?.destination == .emergency(.service(sent)))
    }

    @Test(
        "RFC 5031 a service URN goes to a trunk that takes it, and to others as a number of the caller's country",
        arguments: [
            ("us", ["112", "911"], "911"), ("gb", ["911"], "112"), ("tt", ["112"], "990"), ("jp", ["112"], "110"),
            (nil, ["911", "112"], "112"), (nil, ["999", "911"], "911"), (nil, ["9-9-9"], "999"), (nil, [], "112"),
        ] as [(String?, Set<String>, String)]
    )
    func standIn(country: String?, configured: Set<String>, number: String) throws {
        var deployment = try Deployment()
        deployment.rules.emergencyNumbers = configured
        deployment.endpoint.dialPlan = DialPlan(country: country.flatMap { Country($0) })
        let decision = deployment.dial("service:sos.fire") { $0.destination.scheme = .urn }
        let call = try #require(decision.approved)
        var trunk = Deployment.untrusted
        #expect(call.emergencyTarget(for: trunk) == .number(number))
        trunk.takesServiceURNs = true
        #expect(call.emergencyTarget(for: trunk) == .serviceURN("urn:service:sos.fire"))
        let finding = try #require(decision.finding(.emergencyExempt))
        #expect(finding.reason.hasSuffix("; \(number) stands for it on trunks that take no service URNs"))
        #expect(finding.values.contains { $0.key == "stands_in" && $0.text == number })
        deployment.rules.emergencyNumbers = ["112"]
        #expect(deployment.dial("112").finding(.emergencyExempt)?.values.contains { $0.key == "stands_in" } == false)
    }

    @Test(
        "§4 the emergency caller ID falls back to the endpoint's number, then to the default, never to what was typed"
    )
    func emergencyCallerID() throws {
        var deployment = try Deployment()
        deployment.endpoint.emergencyCallerID = deployment.foreign
        #expect(deployment.dial("112").approved?.identity.source.resolvedBy == .endpointNumber)
        deployment.endpoint.number = nil
        #expect(deployment.dial("112").approved?.identity.source.resolvedBy == .defaultNumber)
        deployment.customer.outbound?.defaultOutgoingSourceNumber = nil
        #expect(deployment.dial("112").approved?.identity.source.resolved == deployment.foreign)
        deployment.endpoint.emergencyCallerID = nil
        let decision = deployment.dial("112") { $0.identity.fromUser = ReceivedText("+12125550101") }
        #expect(decision.approved?.identity.identity(for: Deployment.untrusted).from.user == "alice")
    }

    @Test("trunks meant for emergency calls come first, then the others, and those that are down last, in that order")
    func route() throws {
        var deployment = try Deployment()
        deployment.trunks = [
            Trunk(id: id(1), name: "calls", host: "a", priority: 0),
            Trunk(id: id(2), name: "calls down", host: "b", priority: 0),
            Trunk(id: id(3), name: "only", host: "c", priority: 3, emergency: .only),
            Trunk(id: id(4), name: "also", host: "d", priority: 2, emergency: .also),
            Trunk(id: id(5), name: "also down", host: "e", priority: 1, emergency: .also),
            Trunk(id: id(6), name: "off", host: "f", isEnabled: false, emergency: .only),
            Trunk(id: id(7), name: "other's", customer: Deployment.otherID, host: "g", emergency: .only),
        ]
        let decision = deployment.dial("112") { $0.routes.downTrunks = [self.id(2), self.id(5)] }
        #expect(decision.approved?.route.map(\.name) == ["also", "only", "calls", "also down", "calls down"])
    }

    @Test("an emergency call is tried on trunks that are down, and refused only without any trunk")
    func downTrunks() throws {
        var deployment = try Deployment()
        let down: (inout CallAttempt) -> Void = { $0.routes.downTrunks = [ResourceIdentifier(high: 3, low: 1)] }
        #expect(deployment.dial("112", down).approved?.route.count == 1)
        #expect(deployment.dial("+14165550123", down).rejection?.status == 503)
        deployment.trunks = []
        #expect(deployment.dial("112").rejection?.rule == .routeSelect)
    }

    @Test("an emergency call neither counts against the limits nor asks them")
    func uncounted() throws {
        let deployment = try hopeless()
        var usage = CustomerUsage()
        let attempt = CallAttempt(
            caller: .endpoint(Deployment.endpointID),
            destination: DialledDestination(scheme: .sip, user: ReceivedText("911"))
        )
        let decision = PolicyEngine.decide(
            attempt,
            under: deployment.snapshot,
            counting: &usage,
            at: Instant(milliseconds: 0)
        )
        #expect(decision.approved != nil)
        #expect(usage.counterCount == 0)
    }
}
