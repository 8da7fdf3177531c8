// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallStore
import Gateway
import Testing

@Suite(.timeLimit(.minutes(3)))
struct RegisterTests {
    private func withPhone(_ body: (Phone) async throws -> Void) async throws {
        try await Deployment().run { try await body(try await Phone.udp($0)) }
    }

    @Test("RFC 3261 §10.3 the 200 lists the binding with the seconds it has")
    func expires() async throws {
        try await withPhone { phone in
            let answer = try await phone.register("Expires: 300\r\n")
            #expect(answer.all("Contact") == ["\(phone.contact);expires=300"])
            let longer = try await phone.register("Expires: 100000\r\n")
            #expect(longer.all("Contact") == ["\(phone.contact);expires=7200"])
        }
    }

    @Test("RFC 3261 §10.3 a time too short is refused with 423 and Min-Expires")
    func tooBrief() async throws {
        try await withPhone { phone in
            let answer = try await phone.register("Expires: 10\r\n", status: 423)
            #expect(answer.first("Min-Expires") == "60")
        }
    }

    @Test("RFC 3261 §10.2.2 `*` removes every binding")
    func removal() async throws {
        try await withPhone { phone in
            try await phone.register()
            let answer = try await phone.register("Contact: *\r\nExpires: 0\r\n")
            #expect(answer.all("Contact").isEmpty)
        }
    }

    @Test("RFC 3261 §10.2.1 several contacts in one REGISTER are all bound")
    func several() async throws {
        try await withPhone { phone in
            let contacts = "Contact: <sip:alice@192.0.2.1>;q=0.5, <sip:alice@192.0.2.2>;expires=90\r\nExpires: 300\r\n"
            let answer = try await phone.register(contacts)
            #expect(
                Set(answer.all("Contact"))
                    == ["<sip:alice@192.0.2.1>;expires=300;q=0.5", "<sip:alice@192.0.2.2>;expires=90"]
            )
        }
    }

    @Test("RFC 3327 §5.3 Path comes back to a client that supports it")
    func path() async throws {
        try await withPhone { phone in
            let answer = try await phone.register("Supported: path\r\nPath: <sip:edge1.example.net;lr>\r\n")
            #expect(answer.all("Path") == ["<sip:edge1.example.net;lr>"])
        }
    }

    @Test("RFC 3261 §10.3 step 4 another's address of record is refused with 403")
    func thirdParty() async throws {
        try await withPhone { phone in
            let answer = try await phone.register(status: 403, user: "bob")
            #expect(answer.first("Warning").contains("its own address of record"))
        }
    }

    @Test("RFC 3261 §10.3 step 5 a domain that is not served is answered 404")
    func otherDomain() async throws {
        try await withPhone { phone in
            try await phone.send("REGISTER", to: "sip:elsewhere.example.org")
            try await phone.peer.response(404)
        }
    }

    @Test("Bindings and records outlive a restart")
    func restart() async throws {
        let carrier = try await Peer.udp()
        let deployment = try Deployment(trunks: trunk("carrier", carrier.port))
        defer { deployment.remove() }
        let first = try await deployment.start()
        try await Phone.udp(first).register()
        await first.server.shutdown()

        let second = try await deployment.start()
        let alice = try await Phone.udp(second)
        try await alice.invite(Scene.number)
        try await carrier.reply(486, to: try await carrier.request("INVITE"))
        try await alice.acknowledgeRefusal(try await alice.peer.response(486), Scene.number)
        let listed = try await alice.register("Contact: <sip:alice@192.0.2.7>\r\nExpires: 300\r\n")
        #expect(listed.all("Contact").count == 2)
        await second.server.shutdown()

        let third = try await deployment.start()
        await third.server.shutdown()
        let calls = try deployment.calls()
        #expect(calls.map(\.finalStatus) == [486])
    }
}
