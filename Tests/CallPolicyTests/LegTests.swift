// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription
import Testing

@Suite("emergency.exempt, codecs.filter and route.select")
struct LegTests {
    private let number = "+14165550123"
    private let offer = """
        v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
        m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n
        """

    private func id(_ value: UInt64) -> ResourceIdentifier { ResourceIdentifier(high: 3, low: value) }

    private func withOffer(_ attempt: inout CallAttempt) {
        attempt.offer = SessionOffer(body: Array(offer.utf8), contentType: Array("application/sdp".utf8))
    }

    @Test(
        "§4 rule 2 emergency calls pass a frozen, unpaid, unlisted customer, and are never anonymous",
        arguments: ["112", "911", "9-1-1", "112;phone-context=+49", "*31%23112"]
    )
    func emergency(dialled: String) throws {
        var deployment = try Deployment()
        deployment.customer.status = .frozen
        deployment.customer.billingAccount = BillingAccount(creditMicros: -1)
        deployment.customer.limits = CustomerLimits(concurrentCalls: 0)
        deployment.customer.outbound?.destinationWhitelist = []
        deployment.rules.requiresVerifiedIdentity = true
        deployment.endpoint.emergencyCallerID = deployment.second
        deployment.colleague.extensions = ["112", "911"]
        let decision = deployment.dial(dialled) {
            $0.privacy = PrivacyRequest(values: ["id;session;critical"])
            $0.identity.fromUser = ReceivedText("anonymous")
        }
        let call = try #require(decision.approved)
        #expect(call.isEmergency)
        #expect(call.identity.source.resolvedBy == .emergencyCallerID)
        let leg = call.identity(for: Deployment.untrusted)
        #expect(leg.from.user == deployment.second.description)
        #expect(leg.privacy == nil)
        #expect(call.route.count == 1)
        let skipped = decision.findings.filter { $0.outcome == .skipped }.map(\.rule)
        #expect(
            skipped == [
                .customerActive, .customerIdentityVerified, .customerBalance, .customerLimits, .destinationWhitelist,
                .destinationClass, .sourceValidate, .codecsFilter,
            ]
        )
    }

    @Test(
        "RFC 5031 §4.2 urn:service:sos and below are emergency calls",
        arguments: ["service:sos", "SERVICE:SOS.fire"]
    )
    func serviceURN(urn: String) throws {
        let decision = try Deployment().dial(urn) { $0.destination.scheme = .urn }
        #expect(decision.approved?.destination == .emergency(.service("urn:" + urn)))
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

    @Test("an emergency call is tried on trunks that are down, and refused only without any trunk")
    func emergencyRoute() throws {
        var deployment = try Deployment()
        let down: (inout CallAttempt) -> Void = { $0.routes.downTrunks = [ResourceIdentifier(high: 3, low: 1)] }
        #expect(deployment.dial("112", down).approved?.route.count == 1)
        #expect(deployment.dial(number, down).rejection?.status == 503)
        deployment.trunks = []
        #expect(deployment.dial("112").rejection?.rule == .routeSelect)
    }

    @Test("§4 rule 11 the customer's codec list narrows an extension's offer, and never a telephone call's")
    func codecs() throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.codecs = try CodecList("PCMU")
        let call = try #require(deployment.dial("1002", withOffer).approved)
        let body = String(decoding: call.filteredOffer ?? [], as: UTF8.self)
        #expect(body.contains("m=audio 4000 RTP/AVP 0 101\r\n"))
        #expect(call.codecs == (try CodecList("PCMU")))
        let telephone = deployment.dial(number, withOffer)
        #expect(telephone.outcome(.codecsFilter) == .skipped)
        #expect(telephone.approved?.filteredOffer == nil)
        #expect(telephone.approved?.codecs == nil)
    }

    @Test("§4 rule 11 no listed codec is 488 with Warning 305")
    func noCodec() throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.codecs = try CodecList("opus")
        let rejection = try #require(deployment.dial("1002", withOffer).rejection)
        #expect(rejection.rule == .codecsFilter)
        #expect(rejection.status == 488)
        #expect(rejection.warningCode == 305)
        let malformed = deployment.dial("1002") {
            $0.offer = SessionOffer(body: Array("m=audio\r\n".utf8), contentType: Array("application/sdp".utf8))
        }
        #expect(malformed.rejection?.status == 488)
    }

    @Test("§4 rule 11 without a list, without an offer, or with nothing to narrow the call passes")
    func codecsPass() throws {
        var deployment = try Deployment()
        #expect(deployment.dial("1002", withOffer).outcome(.codecsFilter) == .skipped)
        deployment.customer.outbound?.codecs = try CodecList("PCMU,PCMA")
        #expect(deployment.dial("1002").outcome(.codecsFilter) == .passed)
        let decision = deployment.dial("1002", withOffer)
        #expect(decision.outcome(.codecsFilter) == .passed)
        #expect(decision.approved?.filteredOffer == nil)
    }

    @Test("§4 rule 12 priority orders trunks; reserved ones of others, disabled and down ones are left out")
    func route() throws {
        var deployment = try Deployment()
        deployment.trunks = [
            Trunk(id: id(1), name: "last", host: "a", priority: 9),
            Trunk(id: id(2), name: "own", customer: Deployment.customerID, host: "b", priority: 1),
            Trunk(id: id(3), name: "other", customer: Deployment.otherID, host: "c"),
            Trunk(id: id(4), name: "off", host: "d", isEnabled: false),
            Trunk(id: id(5), name: "down", host: "e"),
        ]
        let call = try #require(deployment.dial(number) { $0.routes.downTrunks = [self.id(5)] }.approved)
        #expect(call.route.map(\.name) == ["own", "last"])
        #expect(call.route.trunk(at: 1)?.name == "last")
        #expect(call.route.trunk(at: 2) == nil)
        #expect(call.route.trunk(at: -1) == nil)
    }

    @Test("§4 rule 12 no trunk is 404, all down is 503")
    func noRoute() throws {
        var deployment = try Deployment()
        let down = deployment.dial(number) { $0.routes.downTrunks = [self.id(1)] }
        #expect(down.rejection?.status == 503)
        deployment.trunks = [Trunk(id: id(3), name: "other", customer: Deployment.otherID, host: "c")]
        let none = deployment.dial(number)
        #expect(none.rejection?.status == 404)
        #expect(none.rejection?.apiReason == "NO_ROUTE")
        #expect(none.rejection?.q850Cause == 3)
    }

    @Test("RFC 2782 trunks of one priority share calls by weight; the same selection gives the same order")
    func weights() throws {
        var deployment = try Deployment()
        deployment.trunks = [
            Trunk(id: id(1), name: "heavy", host: "a", weight: 75),
            Trunk(id: id(2), name: "light", host: "b", weight: 25),
            Trunk(id: id(3), name: "none", host: "c", weight: 0),
        ]
        var firsts: [String: Int] = [:]
        for selection in 0..<2000 as Range<UInt64> {
            let route = try #require(deployment.dial(number) { $0.routes.selection = selection }.approved?.route)
            #expect(Set(route.map(\.name)).count == 3)
            firsts[route[0].name, default: 0] += 1
        }
        #expect((1380...1600).contains(firsts["heavy"] ?? 0))
        #expect((400...600).contains(firsts["light"] ?? 0))
        #expect((1...80).contains(firsts["none"] ?? 0))
        let twice = (0..<2).map { _ in deployment.dial(number) { $0.routes.selection = 42 }.approved?.route.map(\.name)
        }
        #expect(twice[0] == twice[1])
    }
}
