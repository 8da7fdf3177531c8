// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription
import Testing

@Suite("source.validate")
struct SourceTests {
    private let number = "+14165550123"

    private func dial(_ deployment: Deployment, preferred: String?, from: String) -> PolicyDecision {
        deployment.dial(number) {
            $0.identity.preferredUser = preferred.map { ReceivedText($0) }
            $0.identity.fromUser = ReceivedText(from)
            $0.identity.fromDisplayName = ReceivedText("\"Alice\"")
        }
    }

    @Test("§4 the ladder: P-Preferred-Identity, From, the endpoint's number, the default number")
    func ladder() throws {
        let deployment = try Deployment()
        let own = deployment.own
        let second = deployment.second
        let rows: [(String?, String, E164Number, SourceOrigin, FindingOutcome)] = [
            (second.description, own.description, second, .preferredIdentity, .passed),
            ("alice", second.description, second, .from, .passed),
            (nil, second.description, second, .from, .passed),
            (nil, "alice", own, .endpointNumber, .passed),
            (nil, "1001", own, .endpointNumber, .passed),
            (nil, "+1", own, .endpointNumber, .passed),
            (nil, deployment.foreign.description, deployment.fallback, .defaultNumber, .adjusted),
            (nil, deployment.virtual.description, deployment.fallback, .defaultNumber, .adjusted),
            (deployment.foreign.description, own.description, deployment.fallback, .defaultNumber, .adjusted),
        ]
        for (preferred, from, resolved, origin, outcome) in rows {
            let decision = dial(deployment, preferred: preferred, from: from)
            let identity = try #require(decision.approved?.identity)
            #expect(identity.source.resolved == resolved)
            #expect(identity.source.resolvedBy == origin)
            #expect(decision.outcome(.sourceValidate) == outcome)
            #expect(identity.identity(for: Deployment.untrusted).from.user == resolved.description)
        }
    }

    @Test("why a number asked for was not taken is on record")
    func defects() throws {
        let deployment = try Deployment()
        let foreign = dial(deployment, preferred: nil, from: deployment.foreign.description)
        #expect(foreign.approved?.identity.source.defect == .notOwned)
        let virtual = dial(deployment, preferred: nil, from: deployment.virtual.description)
        #expect(virtual.approved?.identity.source.defect == .notNormal)
        #expect(
            virtual.finding(.sourceValidate)?.reason
                == "+12125550150 from From is not of type normal, so the default number +12125550199 stands in"
        )
    }

    @Test(
        "§4 the default number is checked again at the call; the ladder ends as configured",
        arguments: SourceFallback.allCases
    )
    func end(fallback: SourceFallback) throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.whenNoValidSource = fallback
        deployment.numbers.removeAll { $0.number == deployment.fallback }
        let decision = dial(deployment, preferred: nil, from: deployment.foreign.description)
        switch fallback {
        case .anonymous:
            let identity = try #require(decision.approved?.identity)
            #expect(identity.isAnonymous)
            #expect(identity.source.resolved == nil)
            #expect(identity.identity(for: Deployment.trusted).asserted == nil)
            #expect(identity.identity(for: Deployment.trusted).privacy == .id)
        case .reject:
            #expect(decision.rejection?.rule == .sourceValidate)
            #expect(decision.rejection?.status == 403)
            #expect(decision.rejection?.apiReason == "SOURCE_NOT_OWNED")
        }
    }

    @Test("no default number: the ladder ends")
    func noDefault() throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.defaultOutgoingSourceNumber = nil
        deployment.endpoint.number = nil
        let decision = deployment.dial(number)
        #expect(decision.approved?.identity.isAnonymous == true)
        #expect(
            decision.finding(.sourceValidate)?.reason
                == "the call asks for no number, and there is no default number"
        )
    }

    @Test("a control API call asks by From alone")
    func controlAPI() throws {
        let deployment = try Deployment()
        let call = try #require(deployment.request(number, from: deployment.second.description).approved)
        #expect(call.endpoint == nil)
        #expect(call.identity.presented == .number(deployment.second, DisplayName("Campaign")))
        #expect(deployment.request(number, from: "").approved?.identity.source.resolvedBy == .defaultNumber)
    }

    @Test("the operator's name stands by the endpoint's number, the typed one by another, none by the default")
    func displayNames() throws {
        let deployment = try Deployment()
        let name = { (from: E164Number) in
            self.dial(deployment, preferred: nil, from: from.description).approved?.identity
                .identity(for: Deployment.untrusted).from.displayName
        }
        #expect(name(deployment.own) == "Front Desk")
        #expect(name(deployment.second) == "Alice")
        #expect(name(deployment.foreign) == nil)
    }

    @Test("§5 the endpoint's dial plan reads From as well")
    func dialPlan() throws {
        var deployment = try Deployment()
        deployment.endpoint.dialPlan = DialPlan(country: Country("us"))
        let decision = dial(deployment, preferred: nil, from: String(deployment.second.description.dropFirst()))
        #expect(decision.approved?.identity.source.resolved == deployment.second)
    }

    @Test("a display name cannot leave its quotation marks")
    func sanitised() {
        let rows: [(String, String?)] = [
            ("Alice", "Alice"), ("\"Alice\"", "Alice"), ("  Alice B  ", "Alice B"), ("", nil), ("\"", nil),
            ("\"\"", nil),
            ("\" \"", nil), ("a\" <sip:x@y>\r\nEvil: 1", "a sip:x@yEvil: 1"), ("a\\\"b", "ab"),
            ("\u{202E}evil", "evil"),
            ("Zoë", "Zoë"), ("\u{0}\u{7F}\u{9B}", nil),
            (String(repeating: "n", count: 99), String(repeating: "n", count: 64)),
        ]
        for (raw, expected) in rows {
            #expect(DisplayName(ReceivedText(raw))?.text == expected)
        }
        #expect(DisplayName(ReceivedText(buffer: [0x41, 0xFF], range: 0..<2)) == nil)
    }

    @Test("legs to extensions and SIP URIs show a registered name, whatever was typed")
    func extensionLeg() throws {
        let deployment = try Deployment()
        for (typed, shown) in [("alice", "alice"), ("1001", "1001"), ("mallory", "alice"), ("+12125550999", "alice")] {
            let decision = deployment.dial("1002") { $0.identity.fromUser = ReceivedText(typed) }
            let leg = try #require(decision.approved?.identity.identityForSIPLeg)
            #expect(leg.from.user == shown)
            #expect(leg.asserted == nil)
            #expect(leg.privacy == nil)
        }
        let hidden = deployment.dial("1002") { $0.identity.fromUser = ReceivedText("Anonymous") }
        #expect(hidden.approved?.identity.isAnonymous == true)
    }

    @Test("a control API call to an extension may not claim somebody else's number")
    func customerLeg() throws {
        let deployment = try Deployment()
        let rows: [(String, String)] = [
            (deployment.own.description, deployment.own.description), (deployment.foreign.description, "anonymous"),
            ("support", "support"), ("a%20b", "anonymous"), ("", "anonymous"),
        ]
        for (from, shown) in rows {
            #expect(deployment.request("1002", from: from).approved?.identity.identityForSIPLeg.from.user == shown)
        }
    }
}
