// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription
import Testing

@Suite("privacy.resolve")
struct PrivacyTests {
    private let number = "+14165550123"

    @Test(
        "RFC 3323 §4.2 priv-values are separated by semicolons or commas, in any case",
        arguments: [
            ("id", PrivacyRequest.Tokens.id), ("ID ; Critical", [.id, .critical]),
            ("header;session,user", [.header, .session, .user]),
            ("\tnone ", .none), (";;, ;", []), ("history", .history), ("ids", []), ("", []),
        ] as [(String, PrivacyRequest.Tokens)]
    )
    func parsing(value: String, tokens: PrivacyRequest.Tokens) {
        #expect(PrivacyRequest(values: [value]).tokens == tokens)
    }

    @Test("unknown priv-values are kept by name, made printable, and not without bound")
    func unknownTokens() {
        let request = PrivacyRequest(values: ["id;fancy", "x\"y"])
        #expect(request.unknown == ["fancy", "x?y"])
        let flood = PrivacyRequest(values: [String(repeating: "z;", count: 500)])
        #expect(flood.unknown.count == PrivacyRequest.namedUnknownLimit)
    }

    @Test(
        "§4 an endpoint's own Privacy header field decides",
        arguments: [
            ([], false), (["id"], true), (["user"], true), (["header"], true), (["none"], false), (["session"], false),
            (["history"], false), (["foo"], false), (["critical"], false), (["id;critical"], true),
            (["user;header;id;critical"], true), (["none;id"], true), (["session", "id"], true),
        ] as [([String], Bool)]
    )
    func matrix(values: [String], hides: Bool) throws {
        let decision = try Deployment().dial(number) { $0.privacy = PrivacyRequest(values: values) }
        #expect(decision.approved?.identity.isAnonymous == hides)
        #expect(decision.outcome(.privacyResolve) == (hides ? .adjusted : .passed))
    }

    @Test(
        "RFC 3323 §5 critical privacy that cannot be given fails with 500 and names what is missing",
        arguments: [
            ("session;critical", "session"), ("critical;id;foo", "foo"), ("session;foo;critical", "session, foo"),
        ]
    )
    func critical(value: String, missing: String) throws {
        let decision = try Deployment().dial(number) { $0.privacy = PrivacyRequest(values: [value]) }
        let rejection = try #require(decision.rejection)
        #expect(rejection.rule == .privacyResolve)
        #expect(rejection.status == 500)
        #expect(rejection.reasonPhrase.hasSuffix("cannot be given: \(missing)"))
    }

    @Test("privacy that cannot be given and is not critical is told in the finding")
    func notGiven() throws {
        let decision = try Deployment().dial(number) { $0.privacy = PrivacyRequest(values: ["session;id"]) }
        #expect(decision.finding(.privacyResolve)?.detail == .callerHidden(.requested, notGiven: ["session"]))
        let shown = try Deployment().dial(number) { $0.privacy = PrivacyRequest(values: ["session"]) }
        #expect(shown.finding(.privacyResolve)?.detail == .privacyNotGiven(["session"]))
    }

    @Test("§4 anonymous yes, no and auto of a control API call", arguments: AnonymousSetting.allCases)
    func settings(setting: AnonymousSetting) throws {
        let deployment = try Deployment()
        for (privacy, hidesInAuto) in [([], false), (["id"], true), (["none"], false)] as [([String], Bool)] {
            let decision = deployment.request(number, from: deployment.own.description, setting, privacy: privacy)
            let hides = setting == .yes || (setting == .auto && hidesInAuto)
            #expect(decision.approved?.identity.isAnonymous == hides)
        }
    }

    @Test("§4 an endpoint is always auto", arguments: AnonymousSetting.allCases)
    func endpointIsAuto(setting: AnonymousSetting) throws {
        let decision = try Deployment().dial(number) {
            $0.anonymous = setting
            $0.privacy = PrivacyRequest(values: ["id"])
        }
        #expect(decision.approved?.identity.isAnonymous == true)
    }

    @Test("a From that is anonymous already hides the number, unless privacy none is asked")
    func selfAnonymous() throws {
        let deployment = try Deployment()
        let hidden = deployment.dial(number) { $0.identity.fromUser = ReceivedText("anonymous") }
        #expect(hidden.approved?.identity.isAnonymous == true)
        let shown = deployment.dial(number) {
            $0.identity.fromUser = ReceivedText("anonymous")
            $0.privacy = PrivacyRequest(values: ["none"])
        }
        #expect(shown.approved?.identity.isAnonymous == false)
    }

    @Test("RFC 3325 §7 a hidden caller: anonymous From and Privacy id to all, P-Asserted-Identity to the trusted only")
    func hiddenLegs() throws {
        let deployment = try Deployment()
        let call = try #require(deployment.dial(number) { $0.privacy = PrivacyRequest(values: ["id"]) }.approved)
        for trunk in [Deployment.trusted, Deployment.untrusted] {
            let leg = call.identity(for: trunk)
            #expect(leg.from.displayName == "Anonymous")
            #expect(leg.from.user == "anonymous")
            #expect(leg.from.host == .anonymousInvalid)
            #expect(leg.privacy == .id)
        }
        #expect(call.identity(for: Deployment.untrusted).asserted == nil)
        #expect(call.identity(for: Deployment.trusted).asserted?.number == deployment.own)
        #expect(call.identity.source.resolved == deployment.own)
    }

    @Test("§4 the asserted identity takes the trunk's form")
    func forms() throws {
        let call = try #require(try Deployment().dial(number) { $0.privacy = PrivacyRequest(values: ["id"]) }.approved)
        let rows: [(IdentityScheme, Bool, String)] = [
            (.tel, true, "<tel:+12125550100>"), (.tel, false, "<tel:+12125550100>"),
            (.sip, true, "<sip:+12125550100@gw.example;user=phone>"),
            (.sip, false, "<sip:12125550100@gw.example;user=phone>"),
        ]
        for (form, plus, expected) in rows {
            var trunk = Deployment.trusted
            trunk.identity.scheme = form
            trunk.identity.number.sendsPlus = plus
            #expect(call.identity(for: trunk).asserted?.headerValue(gatewayHost: "gw.example") == expected)
        }
    }

    @Test("a visible caller: the number in the trunk's form, no Privacy, no P-Asserted-Identity")
    func visibleLegs() throws {
        let call = try #require(try Deployment().dial(number).approved)
        var trunk = Deployment.trusted
        trunk.identity.number.sendsPlus = false
        let leg = call.identity(for: trunk)
        #expect(leg.from.user == "12125550100")
        #expect(leg.from.host == .gateway)
        #expect(leg.from.isTelephoneNumber)
        #expect(leg.privacy == nil)
        #expect(leg.asserted == nil)
    }

    @Test("§4 only telephone legs are anonymised")
    func extensionLeg() throws {
        let decision = try Deployment().dial("1002") { $0.privacy = PrivacyRequest(values: ["id"]) }
        #expect(decision.outcome(.privacyResolve) == .skipped)
        #expect(decision.approved?.identity.identityForSIPLeg.from.user == "alice")
    }
}
