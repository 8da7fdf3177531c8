// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("The API itself")
struct ServiceTests {
    @Test("a ping is answered, with the request's id")
    func ping() async throws {
        let api = try APIHarness()
        let answer = try await api.ask(.get, "/ping", headers: [.xRequestID: "abc-1"])
        #expect(answer.status == 200)
        #expect(answer["message"] == "pong")
        #expect(answer.headers[.xRequestID] == "abc-1")
    }

    @Test("an unknown path and a known path's other method are both 404 ROUTE_NOT_FOUND")
    func unrouted() async throws {
        let api = try APIHarness()
        for (method, path) in [(HTTPRequest.Method.get, "/v1.0/nothing"), (.delete, "/ping")] {
            let answer = try await api.ask(method, path)
            #expect(answer.status == 404)
            #expect(answer["error"] == "ROUTE_NOT_FOUND")
            #expect(answer["message"]?.text?.isEmpty == false)
        }
    }

    @Test("a page token is read in every documented form")
    func tokens() throws {
        for text in ["2021-02-06 08:54:38.361000", "2021-02-06T08:54:38.361Z", "2021-02-06+08:54:38.361000"] {
            let token = try #require(PageToken(text))
            #expect(Timestamp.text(token.time) == "2021-02-06T08:54:38.361Z")
        }
        #expect(PageToken("2021-02-06T08:54:38Z") != nil)
        #expect(PageToken("yesterday") == nil)
    }
}
