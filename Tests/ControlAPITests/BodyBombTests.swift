// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Bodies that are meant to take more than they give")
struct BodyBombTests {
    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    @Test("RFC 9110 §15.5.14: an octet more than the longest body is 413, the longest itself is read")
    func length() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let most = api.services.settings.maximumBodyBytes
        for (excess, status) in [(0, 200), (1, 413), (1_000_000, 413)] {
            let frame = #"{"detail":"d"}"#
            let body = frame + Self.repeated(" ", most - frame.utf8.count + excess)
            #expect(try await api.ask(.put, "/v1.0/customer", headers: caller.headers, text: body).status == status)
        }
    }

    @Test("a login's body is bounded more narrowly: nobody is known yet")
    func loginLength() async throws {
        let api = try APIHarness()
        let body = #"{"username":"x","password":"\#(Self.repeated("x", 16_384))"}"#
        #expect(try await api.ask(.post, "/auth/login", text: body).status == 413)
    }

    /// A body under a short name, which is what a test's report shows.
    struct Bomb: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String

        init(_ name: String, _ body: String) {
            testDescription = name
            self.body = body
        }
    }

    private static let samples = [
        Bomb("nested lists", #"{"metadata":"# + repeated("[", 200_000) + repeated("]", 200_000) + "}"),
        Bomb("nested objects", repeated(#"{"metadata":"#, 50_000) + "1" + repeated("}", 50_000)),
        Bomb("an integer of many digits", #"{"expire":1\#(repeated("0", 400_000))}"#),
        Bomb("an exponent of many digits", #"{"expire":1e\#(repeated("9", 400_000))}"#),
        Bomb("a tiny number", #"{"expire":-1e-\#(repeated("9", 1000))}"#),
        Bomb("a fraction of many digits", #"{"expire":0.\#(repeated("1", 400_000))}"#),
        Bomb("beyond a double", #"{"expire":1e400}"#),
        Bomb("beyond 64 bits", #"{"expire":9223372036854775808}"#),
        Bomb("beyond 64 bits below", #"{"expire":-9223372036854775809}"#),
        Bomb("a key again and again", "{" + repeated(#""expire":1,"#, 50_000) + #""expire":1}"#),
        Bomb("NUL characters", #"{"name":"\#(repeated("\\u0000", 100_000))"}"#),
        Bomb("half surrogates", #"{"name":"\#(repeated("\\ud800", 100_000))"}"#),
        Bomb("combining marks", #"{"name":"\#(repeated("\u{0301}", 400_000))","expire":86400}"#),
    ]

    @Test("deep nesting, huge numbers and repeated keys are 400 at most", arguments: samples)
    func bombs(bomb: Bomb) async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let answer = try await api.ask(.post, "/v1.0/accesskeys", headers: caller.headers, text: bomb.body)
        #expect(answer.status == 400, "\(answer.text.prefix(200))")
    }

    @Test(
        "line ends and tabs may stand in a text, other control characters not",
        arguments: ["\n", "\r\n", "\r", "\t"]
    )
    func lineEnds(character: String) async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        let text = "one\(character)two"
        let answer = try await api.ask(by: caller, .put, "/v1.0/customer", body: ["detail": .string(text)])
        #expect(answer["detail"]?.text == text)
        for refused in ["\u{0}", "\u{B}", "\u{1B}", "\u{7F}"] {
            let body: JSONValue = ["detail": .string("one\(refused)two")]
            #expect(try await api.ask(by: caller, .put, "/v1.0/customer", body: body).status == 400)
        }
    }

    @Test("JSON Schema §6.3.1: a text's length is counted in code points, not in what looks like one character")
    func codePoints() async throws {
        let api = try APIHarness()
        let caller = try await api.caller()
        for (count, status) in [(127, 200), (128, 400)] {
            let body: JSONValue = ["name": .string("e" + Self.repeated("\u{0301}", count))]
            let answer = try await api.ask(by: caller, .put, "/v1.0/customer", body: body)
            #expect(answer.status == status, "\(count): \(answer.text.prefix(200))")
        }
    }
}
