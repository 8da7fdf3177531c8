// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime
import SessionDescription
import Testing

@Suite("findings and rejections in words")
struct FindingTests {
    private func pairs(_ finding: Finding?) -> [String] {
        finding?.values.map { "\($0.key)=\($0.text)" } ?? []
    }

    @Test("the rules have the identifiers of the table, in its order")
    func identifiers() {
        #expect(
            RuleIdentifier.allCases.map(\.rawValue) == [
                "destination.classify", "emergency.exempt", "customer.active", "customer.identity_verified",
                "customer.balance", "customer.limits", "destination.whitelist", "destination.class",
                "destination.limits", "source.validate",
                "privacy.resolve", "codecs.filter", "route.select",
            ]
        )
    }

    @Test("a finding holds the values its rule used")
    func values() throws {
        let decision = try Deployment().dial("+14165550123")
        #expect(
            pairs(decision.finding(.destinationClassify)) == [
                "destination=+14165550123", "country=ca", "class=fixed-or-mobile",
            ]
        )
        #expect(
            pairs(decision.finding(.sourceValidate)) == [
                "asked=+12125550100", "asked_by=endpoint_number", "resolved=+12125550100",
                "resolved_by=endpoint_number",
            ]
        )
        #expect(pairs(decision.finding(.privacyResolve)) == ["anonymous=false", "cause=not_requested"])
        #expect(pairs(decision.finding(.routeSelect)) == ["trunk=east", "trunks=1", "down=0"])
        #expect(decision.finding(.routeSelect)?.reason == "trunk east is first of 1")
        #expect(decision.decidedAt.milliseconds == 7)
    }

    @Test(
        "every answer has a SIP final status, a Q.850 cause and a reason for the control API",
        arguments: RejectionAnswer.allCases
    )
    func answers(answer: RejectionAnswer) {
        #expect((400..<600).contains(answer.status))
        #expect((1...127).contains(answer.q850Cause))
        #expect((400..<600).contains(answer.apiStatus))
        #expect(!answer.reasonPhrase.isEmpty && !answer.apiReason.isEmpty)
        #expect(answer.warningCode == (answer == .codecsExhausted ? 305 : 399))
    }

    @Test("what the caller typed cannot leave the quoted string of Reason and Warning")
    func quoting() throws {
        let rejection = try #require(try Deployment().dial("x\"\\;y\u{7F}").rejection)
        #expect(rejection.text == "`x??;y?` is neither an extension of the customer nor an international number")
    }
}
