// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// What a caller's privacy takes away, header field by header field (RFC 5379 Table 1).
struct PrivacyTableTests {
    /// What the caller's telephone puts in each header field of the table; words that stand nowhere else.
    private static let fields: [(name: HeaderName, line: String?, secret: String)] = [
        (.callID, nil, "quokka"), (.callInfo, "Call-Info: <http://okapi.example/>", "okapi"),
        (.contact, nil, Caller.address), (.from, nil, "Zelda"),
        (.historyInfo, "History-Info: <sip:gibbon@x.example>;index=1", "gibbon"),
        (.inReplyTo, "In-Reply-To: numbat@x.example", "numbat"), (.organization, "Organization: Pangolin", "Pangolin"),
        (.pAssertedIdentity, "P-Asserted-Identity: <sip:tapir@x.example>", "tapir"),
        (.recordRoute, "Record-Route: <sip:ocelot.example;lr>", "ocelot"),
        (.referredBy, "Referred-By: <sip:jerboa@x.example>", "jerboa"),
        (.replyTo, "Reply-To: <sip:kakapo@x.example>", "kakapo"), (.server, "Server: Dugong", "Dugong"),
        (.subject, nil, "axolotl"), (.userAgent, nil, "Xylophone"), (.via, nil, "narwhal"),
        (.warning, "Warning: 399 x.example \"dingo\"", "dingo"),
    ]
    private static let values: [(value: String, token: PrivacyRequest.Tokens)] = [
        ("id", .id), ("header", .header), ("session", .session), ("user", .user), ("none", .none),
        ("history", .history),
    ]

    @Test("RFC 5379 Table 1 has a row for each of its header fields, and each has a treatment here")
    func complete() {
        #expect(PrivacyTable.rows.map(\.name) == Self.fields.map(\.name))
        for row in PrivacyTable.rows { #expect(PrivacyTable.treatment(of: row.name) != nil, "\(row.name)") }
    }

    @Test(
        "RFC 5379 Table 1: what it has deleted or anonymised for a priv-value is not seen by a trunk",
        arguments: values.map(\.value)
    )
    func table(value: String) throws {
        let token = try #require(Self.values.first { $0.value == value }).token
        let lines = Self.fields.compactMap(\.line)
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.passesUserAgent = true }]
        let harness = try Harness(deployment, headers: ["Privacy: \(value)"] + lines)
        harness.begin()
        let invite = try harness.outside(.invite)
        let isHidden = !token.isDisjoint(with: [.id, .header, .user])
        // RFC 3323 §5: a service does not take `none` away.
        #expect(invite.headers(.privacy) == (isHidden ? ["id"] : token == .none ? ["none"] : []))
        for (row, field) in zip(PrivacyTable.rows, Self.fields) {
            let isSeen = invite.has(field.secret)
            if !row.values.isDisjoint(with: token) { #expect(!isSeen, "\(value) and \(row.name)") }
            // The declared policy hides more than the table: all of them, for any value that hides at all.
            let crosses = !isHidden && PrivacyTable.treatment(of: row.name) == .dropped
            #expect(isSeen == (crosses && row.name != .pAssertedIdentity), "\(value) and \(row.name)")
        }
    }

    @Test("RFC 3323 §4.2 several Privacy header fields are one request")
    func severalFields() throws {
        let harness = try Harness(headers: ["Privacy: none", "Subject: axolotl", "Privacy: foo;ID"])
        harness.begin()
        let invite = try harness.outside(.invite)
        #expect(invite.headers(.privacy) == ["id"])
        #expect(!invite.has("axolotl"))
    }

    @Test(
        "RFC 3325 §7, RFC 5379 Table 1: what the caller learns of who answers",
        arguments: [
            (true, [], true, true), (false, [], false, true), (true, ["Privacy: id"], false, false),
            (true, ["Privacy: header"], false, false), (true, ["Privacy: user"], false, false),
            (true, ["Privacy: none"], true, true), (true, ["Privacy: session"], true, true),
            (true, ["Privacy: foo", "Privacy: Id"], false, false), (false, ["Privacy: id"], false, false),
        ] as [(Bool, [String], Bool, Bool)]
    )
    func calleeSide(trusted: Bool, privacy: [String], named: Bool, described: Bool) throws {
        var deployment = Deployment()
        deployment.trunks = [
            Deployment.trunk(1) { $0.trust = trusted ? .trusted(basis: .privateNetwork, note: "contract") : .untrusted }
        ]
        let identity = [
            "P-Asserted-Identity: <sip:bob@carrier.example>", "Remote-Party-ID: <sip:bob@carrier.example>;privacy=off",
            "P-Preferred-Identity: <sip:bob@carrier.example>", "History-Info: <sip:bob@carrier.example>;index=1",
            "Server: Carrier/1", "Organization: Carrier", "Call-Info: <http://carrier.example/>",
        ]
        let harness = try Harness(deployment)
        harness.begin()
        let invite = try harness.outside(.invite)
        for status in [180, 200] {
            try harness.answer(invite, status, privacy + identity)
            Self.check(try harness.response(), named, described)
        }
        try harness.callerAcknowledges()
        // RFC 3325 §5: a connected line that changes is told by UPDATE or re-INVITE, under the same rules.
        for method in ["UPDATE", "INVITE"] {
            try harness.outsideSends(method, in: invite, privacy + identity, body: Caller.offer)
            let passed = try #require(harness.toCaller.last { !$0.isResponse })
            #expect("\(passed.text.prefix(method.count))" == method)
            Self.check(passed, named, described)
            try harness.answer(passed, 200, body: Caller.offer)
        }
        harness.expectSound(finished: false)
    }

    private static func check(_ sent: Sent, _ named: Bool, _ described: Bool) {
        #expect(sent.headers(.pAssertedIdentity).count == (named ? 1 : 0))
        #expect(sent.headers(.remotePartyID).count == (named ? 1 : 0))
        #expect(sent.headers(.pPreferredIdentity).isEmpty && sent.headers(.historyInfo).isEmpty)
        #expect(sent.headers(.privacy).isEmpty)
        #expect(sent.headers(.organization).count == (described ? 1 : 0))
        #expect(sent.headers(.callInfo).count == (described ? 1 : 0))
        #expect(sent.headers(.contact).allSatisfy { $0.contains("192.0.2.253") })
    }

    @Test(
        "draft-ietf-sip-privacy-04 §5 a Remote-Party-ID that asks for privacy hides who answers",
        arguments: [
            ("<sip:bob@carrier.example>", true), ("<sip:bob@carrier.example>;privacy=off;screen=yes", true),
            ("<sip:bob@carrier.example>;privacy=full", false),
            ("<sip:bob@carrier.example>;screen=no;Privacy=uri", false),
            ("<sip:bob@carrier.example> ; privacy = name", false), ("<sip:bob@carrier.example>;privacy", false),
        ]
    )
    func remotePartyID(value: String, crosses: Bool) throws {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.trust = .trusted(basis: .privateNetwork, note: "contract") }]
        let harness = try Harness(deployment)
        harness.begin()
        let identity = ["Remote-Party-ID: \(value)", "P-Asserted-Identity: <sip:bob@carrier.example>"]
        try harness.answer(try harness.outside(.invite), 200, identity)
        let answer = try harness.response()
        #expect(answer.headers(.remotePartyID).isEmpty == !crosses)
        #expect(answer.headers(.pAssertedIdentity).isEmpty == !crosses)
    }
}
