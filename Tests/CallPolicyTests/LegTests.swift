// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription
import Testing

@Suite("codecs.filter and route.select")
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

    @Test("§4 rule 12 the customer's codec list narrows an extension's offer, and never a telephone call's")
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

    @Test("§4 rule 12 no listed codec is 488 with Warning 305")
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

    @Test("§4 rule 12 without a list, without an offer, or with nothing to narrow the call passes")
    func codecsPass() throws {
        var deployment = try Deployment()
        #expect(deployment.dial("1002", withOffer).outcome(.codecsFilter) == .skipped)
        deployment.customer.outbound?.codecs = try CodecList("PCMU,PCMA")
        #expect(deployment.dial("1002").outcome(.codecsFilter) == .passed)
        let decision = deployment.dial("1002", withOffer)
        #expect(decision.outcome(.codecsFilter) == .passed)
        #expect(decision.approved?.filteredOffer == nil)
    }

    @Test("§4 rule 13 priority orders trunks; reserved ones of others, disabled and down ones are left out")
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

    @Test("§4 rule 13 no trunk is 404, all down is 503")
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

    @Test("a trunk kept for emergency calls takes no others, and 404 says so when there is no other")
    func emergencyTrunks() throws {
        var deployment = try Deployment()
        deployment.trunks = [
            Trunk(id: id(1), name: "help", host: "a", priority: 1, emergency: .only),
            Trunk(id: id(2), name: "both", host: "b", priority: 2, emergency: .also),
            Trunk(id: id(3), name: "calls", host: "c", priority: 3),
        ]
        #expect(deployment.dial(number).approved?.route.map(\.name) == ["both", "calls"])
        let down = deployment.dial(number) { $0.routes.downTrunks = [self.id(2), self.id(3)] }
        #expect(down.rejection?.detail == .allTrunksDown(2))
        deployment.trunks.removeLast(2)
        let rejection = try #require(deployment.dial(number).rejection)
        #expect(rejection.status == 404)
        #expect(rejection.apiReason == "NO_ROUTE")
        #expect(rejection.text.contains("kept for emergency calls (1, `emergency: only`)"))
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
