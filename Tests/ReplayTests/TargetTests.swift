// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Replay

@Suite("The live server, as it is named")
struct TargetTests {
    @Test(
        "Host and port in every form",
        arguments: [
            ("127.0.0.1", "127.0.0.1", 5060), ("127.0.0.1:5062", "127.0.0.1", 5062), ("::1", "::1", 5060),
            ("[::1]", "::1", 5060), ("[::1]:5062", "::1", 5062), ("localhost:5062", "localhost", 5062),
        ]
    )
    func forms(_ text: String, _ host: String, _ port: Int) throws {
        let target = try ReplayTarget(text, allowsRemote: false)
        #expect(target.host == host && target.port == port)
    }

    @Test(
        "What names nothing is refused",
        arguments: ["", ":5060", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "[::1"]
    )
    func malformed(_ text: String) {
        #expect(throws: ReplayTarget.Failure.self) { try ReplayTarget(text, allowsRemote: true) }
    }

    @Test(
        "Beyond this machine only when it is allowed",
        arguments: ["192.0.2.1", "192.0.2.1:5060", "[2001:db8::1]:5060"]
    )
    func remote(_ text: String) throws {
        let failure = #expect(throws: ReplayTarget.Failure.self) { try ReplayTarget(text, allowsRemote: false) }
        #expect(failure?.description.contains("--allow-remote") == true)
        #expect(
            try ReplayTarget(text, allowsRemote: true).domain.contains(
                text.contains("::") ? "[2001:db8::1]" : "192.0.2.1"
            )
        )
    }
}
