// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SIPMessage
import Testing

@testable import CallControl

/// The new call of a transfer, which replaces a dialog of the one transferred to (RFC 3891).
struct ReplacesTests {
    private static let foreign = "x@y;to-tag=1;from-tag=2"
    private static let own = "x@y;to-tag=0700000000000099;from-tag=2"

    private static func trunk(_ headers: [String], passes: Bool) throws -> Harness {
        var deployment = Deployment()
        deployment.trunks = [Deployment.trunk(1) { $0.passesREFER = passes }]
        let harness = try Harness(deployment, headers: headers)
        harness.begin()
        return harness
    }

    @Test("§3 Replaces reads Call-ID, both tags and early-only, and nothing with a tag missing or twice")
    func reading() throws {
        let read = try #require(ReplacedDialog(Array("a@b ;from-tag=f; x=y;TO-TAG=t;early-only".utf8)))
        #expect(read.value == Array("a@b;to-tag=t;from-tag=f;early-only".utf8))
        #expect(read.ownTag == nil)
        for text in [
            "", "a", "a;to-tag=t", "a;from-tag=f", ";to-tag=t;from-tag=f", "a b;to-tag=t;from-tag=f",
            "a;to-tag=t;from-tag=f;to-tag=u", "a;to-tag=;from-tag=f", "a;to-tag=\"t\";from-tag=f",
            "a,b;to-tag=t;from-tag=f",
        ] {
            #expect(ReplacedDialog(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("§4 A foreign Replaces crosses toward a SIP leg as it is")
    func foreignDialog() throws {
        let harness = try Harness(to: "1002", targets: ForkTests.targets(1), headers: ["Replaces: \(Self.foreign)"])
        harness.begin()
        #expect(try harness.outside(.invite).headers(.replaces) == [Self.foreign])
    }

    @Test("§4 A Replaces that names a dialog of the gateway's is mapped before the INVITE goes out")
    func mapped() throws {
        let other = try Harness(to: "1002", targets: ForkTests.targets(1))
        let dialled = try other.establish()
        let value = "\(Caller.callID);to-tag=\(try other.callerTag());from-tag=\(Caller.tag)"
        let harness = try Harness(to: "1002", targets: ForkTests.targets(2), headers: ["Replaces: \(value)"])
        harness.begin()
        harness.begin()
        #expect(harness.toOutside.isEmpty)
        harness.found(other.call.counterpart(of: try #require(harness.searches.last?.dialog)))
        let invites = harness.toOutside.filter { $0.method == .invite }
        #expect(invites.count == 2)
        let from = dialled.header(.from)?.split(separator: "tag=").last ?? ""
        for invite in invites {
            #expect(invite.headers(.replaces) == ["\(dialled.header(.callID) ?? "");to-tag=bt;from-tag=\(from)"])
        }
        #expect(harness.problems == [])
    }

    @Test("§4 A Replaces that only looks like the gateway's crosses as it is; the callee answers 481")
    func unknown() throws {
        let harness = try Harness(to: "1002", targets: ForkTests.targets(1), headers: ["Replaces: \(Self.own)"])
        harness.begin()
        harness.found(nil)
        #expect(try harness.outside(.invite).headers(.replaces) == [Self.own])
    }

    @Test("A CANCEL while the replaced dialog is looked for ends the call, and what is found comes too late")
    func cancelled() throws {
        let harness = try Harness(to: "1002", targets: ForkTests.targets(1), headers: ["Replaces: \(Self.own)"])
        harness.begin()
        harness.callerCancels()
        #expect(harness.final() == 487)
        harness.found(nil)
        #expect(harness.toOutside.isEmpty)
        harness.expectSound()
    }

    @Test("§3 Replaces goes to a trunk only when it passes transfers; Require: replaces is 420 otherwise")
    func trunks() throws {
        #expect(
            try Self.trunk(["Replaces: \(Self.foreign)"], passes: true).outside(.invite).headers(.replaces) == [
                Self.foreign
            ]
        )
        #expect(
            try Self.trunk(["Replaces: \(Self.foreign)"], passes: false).outside(.invite).headers(.replaces).isEmpty
        )
        let refused = try Self.trunk(["Replaces: \(Self.foreign)", "Require: replaces"], passes: false)
        #expect(refused.final() == 420)
        let response = try refused.response()
        #expect(response.headers(.unsupported) == ["replaces"])
        #expect(response.header(.warning)?.contains("trunk1") == true)
        refused.expectSound()
    }

    @Test("A hidden caller's own dialog ids do not reach a trunk, not even one that passes transfers")
    func hidden() throws {
        let value = "Replaces: \(Caller.callID);to-tag=1;from-tag=\(Caller.tag)"
        let harness = try Self.trunk(["Privacy: id", value], passes: true)
        #expect(try harness.outside(.invite).headers(.replaces).isEmpty)
        let demanding = try Self.trunk(["Privacy: id", value, "Require: replaces"], passes: true)
        #expect(demanding.final() == 420)
    }

    @Test("§3 A malformed Replaces, or one of two dialogs, is 400")
    func malformed() throws {
        for value in ["x", "x;to-tag=1", "\(Self.foreign),\(Self.foreign)"] {
            let harness = try Harness(to: "1002", targets: ForkTests.targets(1), headers: ["Replaces: \(value)"])
            harness.begin()
            #expect(harness.final() == 400)
            harness.expectSound()
        }
    }

    @Test("No dialog is given out of a call that is over, under another name, or toward a hidden caller")
    func counterparts() throws {
        let harness = try Harness(headers: ["Privacy: id"])
        let invite = try harness.establish()
        let own = try harness.callerTag()
        let outer = String(try #require(invite.header(.from)?.split(separator: "tag=").last))
        func ask(_ callID: String, _ to: String, _ from: String) throws -> ReplacedDialog? {
            harness.call.counterpart(
                of: try #require(ReplacedDialog(Array("\(callID);to-tag=\(to);from-tag=\(from)".utf8)))
            )
        }
        #expect(try ask(Caller.callID, own, Caller.tag) != nil)
        #expect(try ask(Caller.callID, own, "other") == nil)
        #expect(try ask("other", own, Caller.tag) == nil)
        #expect(try ask(invite.header(.callID) ?? "", outer, "bt") == nil)
        try harness.callerSends("BYE")
        #expect(try ask(Caller.callID, own, Caller.tag) == nil)
    }
}
