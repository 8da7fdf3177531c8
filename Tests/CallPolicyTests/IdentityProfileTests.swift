// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("Trunk identity profiles")
struct IdentityProfileTests {
    /// What goes out for one profile: From without its tag, then the further lines.
    private static func wire(_ leg: LegIdentity) -> [String] {
        let from = leg.from
        var host: [UInt8] = []
        from.host.append(to: &host, gatewayHost: "gw.example")
        let phone = from.isTelephoneNumber ? ";user=phone" : ""
        let address =
            from.scheme == .tel
            ? "<tel:\(from.user)>" : "<sip:\(from.user)@\(String(decoding: host, as: UTF8.self))\(phone)>"
        return [(from.displayName.map { "\"\($0)\" " } ?? "") + address] + leg.lines(gatewayHost: "gw.example")
    }

    private static func wire(
        _ trunk: Trunk,
        hidden: Bool,
        substituted: Bool = false,
        _ change: (inout TrunkIdentityProfile) -> Void
    ) throws -> [String] {
        var deployment = try Deployment()
        if substituted { deployment.endpoint.number = deployment.foreign }
        let decision = deployment.dial("+14165550123") {
            $0.privacy = PrivacyRequest(values: hidden ? ["id"] : [])
        }
        var trunk = trunk
        change(&trunk.identity)
        return wire(try #require(decision.approved).identity(for: trunk))
    }

    private static let hiddenFrom = "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
    private static let shownFrom = "\"Front Desk\" <sip:+12125550100@gw.example;user=phone>"

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let hidden: Bool
        let change: @Sendable (inout TrunkIdentityProfile) -> Void
        let trusted: [String]
        let untrusted: [String]

        init(
            _ name: String,
            hidden: Bool,
            _ trusted: [String],
            untrusted: [String]? = nil,
            _ change: @escaping @Sendable (inout TrunkIdentityProfile) -> Void
        ) {
            testDescription = name
            self.hidden = hidden
            self.change = change
            self.trusted = trusted
            self.untrusted = untrusted ?? trusted
        }
    }

    private static let shownRows = [
        Row("RFC 3325 as it stands, shown", hidden: false, [shownFrom]) { _ in },
        Row(
            "RFC 3325 §9.1 P-Asserted-Identity of a visible caller needs trust too",
            hidden: false,
            [shownFrom, "P-Asserted-Identity: <tel:+12125550100>"],
            untrusted: [shownFrom]
        ) { $0.assertedIdentity = .always },
        Row(
            "RFC 3325 §9.2 P-Preferred-Identity of a visible caller goes to any trunk",
            hidden: false,
            [shownFrom, "P-Preferred-Identity: \"Front Desk\" <sip:+12125550100@gw.example;user=phone>"]
        ) {
            $0.preferredIdentity = .visible
            $0.scheme = .sip
        },
        Row(
            "draft-ietf-sip-privacy-04 §5 Remote-Party-ID with party, screen and privacy",
            hidden: false,
            [
                shownFrom,
                "Remote-Party-ID: \"Front Desk\" <sip:+12125550100@gw.example;user=phone>"
                    + ";party=calling;screen=yes;privacy=off",
            ]
        ) {
            $0.remotePartyID = .always
            $0.scheme = .sip
        },
        Row(
            "RFC 5806 §3.2 Diversion on every call",
            hidden: false,
            [shownFrom, "Diversion: \"Front Desk\" <tel:+12125550100>;reason=unknown;counter=1;screen=yes;privacy=off"]
        ) { $0.diversion = .always },
        Row("Diversion for substituted calls only", hidden: false, [shownFrom]) { $0.diversion = .substituted },
        Row(
            "Without plus, without user=phone, under a literal domain",
            hidden: false,
            ["\"Front Desk\" <sip:12125550100@acme.example>"]
        ) {
            $0.number.sendsPlus = false
            $0.marksTelephone = false
            $0.host = .domain("acme.example")
        },
        Row("An IPv6 domain stands in brackets", hidden: false, ["<sip:+12125550100@[2001:db8::1];user=phone>"]) {
            $0.host = .domain("2001:db8::1")
            $0.displayName = DisplayNamePolicy.none
        },
        Row("National form", hidden: false, ["\"12125550100\" <sip:12125550100@gw.example;user=phone>"]) {
            $0.number.nationalCountry = Country("us")
            $0.displayName = .number
        },
        Row("A foreign number stays international", hidden: false, [shownFrom]) {
            $0.number.nationalCountry = Country("gb")
        },
        Row("RFC 3966 §5.1.4 From as a tel URI is global", hidden: false, ["\"Acme\" <tel:+12125550100>"]) {
            $0.fromScheme = .tel
            $0.number = NumberForm(sendsPlus: false, nationalCountry: Country("us"))
            $0.displayName = .fixed("Acme")
        },
    ]

    private static let hiddenRows = [
        Row(
            "RFC 3325 as it stands, hidden",
            hidden: true,
            [hiddenFrom, "Privacy: id", "P-Asserted-Identity: <tel:+12125550100>"],
            untrusted: [hiddenFrom, "Privacy: id"]
        ) { _ in },
        Row("P-Asserted-Identity on visible calls only", hidden: true, [hiddenFrom, "Privacy: id"]) {
            $0.assertedIdentity = .visible
        },
        Row(
            "Every header field with a hidden number needs trust",
            hidden: true,
            [
                hiddenFrom, "Privacy: user;id", "P-Asserted-Identity: <tel:+12125550100>",
                "P-Preferred-Identity: <tel:+12125550100>",
                "Remote-Party-ID: <tel:+12125550100>;party=calling;screen=yes;privacy=full",
                "Diversion: <tel:+12125550100>;reason=unknown;counter=1;screen=yes;privacy=full",
            ],
            untrusted: [hiddenFrom, "Privacy: user;id"]
        ) {
            $0.assertedIdentity = .always
            $0.preferredIdentity = .always
            $0.remotePartyID = .anonymous
            $0.diversion = .always
            $0.privacy = .userAndID
        },
        Row(
            "RFC 3325 §7 no identity is asserted where no Privacy asks to withhold it",
            hidden: true,
            [hiddenFrom, "Remote-Party-ID: <tel:+12125550100>;party=calling;screen=yes;privacy=full"],
            untrusted: [hiddenFrom]
        ) {
            $0.assertedIdentity = .always
            $0.preferredIdentity = .always
            $0.remotePartyID = .always
            $0.privacy = PrivacyForm.none
        },
        Row("RFC 3323 §4.2 critical toward the carrier", hidden: true, [hiddenFrom, "Privacy: id;critical"]) {
            $0.assertedIdentity = .never
            $0.privacy = .idCritical
        },
        Row("An anonymous From without name", hidden: true, ["<sip:anonymous@anonymous.invalid>", "Privacy: id"]) {
            $0.assertedIdentity = .never
            $0.namesAnonymous = false
        },
        Row(
            "An anonymous From takes nothing from the name policy",
            hidden: true,
            ["\"Anonymous\" <sip:anonymous@acme.example>", "Privacy: id"]
        ) {
            $0.assertedIdentity = .never
            $0.anonymousHost = .trunk
            $0.host = .domain("acme.example")
            $0.displayName = .number
            $0.fromScheme = .tel
        },
    ]

    @Test("What a trunk is told, by profile and trust", arguments: shownRows + hiddenRows)
    func wire(row: Row) throws {
        #expect(try Self.wire(Deployment.trusted, hidden: row.hidden, row.change) == row.trusted)
        #expect(try Self.wire(Deployment.untrusted, hidden: row.hidden, row.change) == row.untrusted)
    }

    @Test("RFC 3323 §5 the caller's `none` goes on, but not after a prefix that hides, nor where Privacy is not taken")
    func none() throws {
        let deployment = try Deployment()
        for (dialled, form, privacy) in [
            ("+14165550123", PrivacyForm.id, PrivacyValue.unwanted), ("+14165550123", .none, nil),
            ("*67+14165550123", .id, .id),
        ] as [(String, PrivacyForm, PrivacyValue?)] {
            let decision = deployment.dial(dialled) { $0.privacy = PrivacyRequest(values: ["none"]) }
            var trunk = Deployment.untrusted
            trunk.identity.privacy = form
            let leg = try #require(decision.approved).identity(for: trunk)
            #expect(leg.privacy == privacy, "\(dialled) \(form)")
        }
    }

    @Test("The host of the trunk's own choice, and an anonymous From at its domain")
    func trunkHost() throws {
        let shown = try Self.wire(Deployment.untrusted, hidden: false) { $0.host = .trunk }
        #expect(shown == ["\"Front Desk\" <sip:+12125550100@192.0.2.8;user=phone>"])
        let hidden = try Self.wire(Deployment.untrusted, hidden: true) { $0.anonymousHost = .trunk }
        #expect(hidden.first == "\"Anonymous\" <sip:anonymous@192.0.2.8>")
    }

    @Test("From under the trunk's user name leaves the number to the other header fields")
    func username() throws {
        var trunk = Deployment.trusted
        trunk.username = "acme-trunk"
        let lines = try Self.wire(trunk, hidden: false) {
            $0.from = .username
            $0.assertedIdentity = .always
        }
        #expect(
            lines == ["\"Front Desk\" <sip:acme-trunk@gw.example>", "P-Asserted-Identity: <tel:+12125550100>"]
        )
    }

    @Test("A substituted caller goes without name, and Diversion has the number to bill")
    func substituted() throws {
        let lines = try Self.wire(Deployment.untrusted, hidden: false, substituted: true) {
            $0.diversion = .substituted
        }
        #expect(
            lines == [
                "<sip:+12125550199@gw.example;user=phone>",
                "Diversion: <tel:+12125550199>;reason=unknown;counter=1;screen=yes;privacy=off",
            ]
        )
        let named = try Self.wire(Deployment.untrusted, hidden: false, substituted: true) {
            $0.displayName = .fixed("Acme")
        }
        #expect(named == ["\"Acme\" <sip:+12125550199@gw.example;user=phone>"])
    }

    @Test("From, the record and the finding name one number when the default stands in, whoever owns it")
    func agreement() throws {
        for ownsDefault in [false, true] {
            var deployment = try Deployment()
            deployment.endpoint.number = ownsDefault ? deployment.fallback : nil
            let decision = deployment.dial("+14165550123") {
                $0.identity.fromUser = ReceivedText(deployment.foreign.description)
                $0.identity.fromDisplayName = ReceivedText("Zelda")
            }
            let call = try #require(decision.approved)
            let from = call.identity(for: Deployment.untrusted).from
            #expect(from.user == deployment.fallback.description)
            #expect(from.displayName == nil)
            #expect(call.identity.source.resolved == deployment.fallback)
            #expect(call.identity.source.asked == deployment.foreign)
            #expect(call.identity.isSubstituted && call.identity.concealsTelephone)
            #expect(decision.finding(.sourceValidate)?.reason.contains("\(deployment.fallback)") == true)
        }
    }

    @Test("An emergency call is shown whole, though a default number stands for it")
    func emergency() throws {
        var deployment = try Deployment()
        deployment.endpoint.number = nil
        let call = try #require(deployment.dial("112").approved)
        #expect(!call.identity.concealsTelephone)
    }

    @Test("RFC 5079 §4 a hidden caller is shown after a 433 only if the customer says so and nothing is critical")
    func revealed() throws {
        for (fallback, privacy, isShown) in [
            (AnonymityFallback.refuse, "id", false), (.retryShown, "id", true), (.retryShown, "id;critical", false),
            (.retryShown, "none", false),
        ] {
            var deployment = try Deployment()
            deployment.customer.outbound?.whenAnonymityDisallowed = fallback
            let decision = deployment.dial("+14165550123") { $0.privacy = PrivacyRequest(values: [privacy]) }
            let revealed = try #require(decision.approved).revealedIdentity(for: Deployment.untrusted)
            #expect(revealed.map(Self.wire) == (isShown ? [Self.shownFrom] : nil), "\(fallback) \(privacy)")
        }
    }

    @Test("RFC 5079 §4 a caller without a valid number has none to show")
    func nothingToReveal() throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.whenAnonymityDisallowed = .retryShown
        deployment.customer.outbound?.defaultOutgoingSourceNumber = nil
        deployment.endpoint.number = nil
        let call = try #require(deployment.dial("+14165550123").approved)
        #expect(call.identity.isAnonymous)
        #expect(call.revealedIdentity(for: Deployment.trusted) == nil)
    }
}
