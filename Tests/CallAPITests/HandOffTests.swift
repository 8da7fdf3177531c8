// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import ScriptedHTTPService
import Testing

private let created = #"[{"id":"c0ffee-1","status":"dialing"}]"#

@Suite("Handing calls to a service over HTTP", .timeLimit(.minutes(3)))
struct HandOffTests {
    @Test("one POST with credentials, idempotency key and body creates the call; its name is kept")
    func creation() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(200, created)] }) { scene in
            #expect(await scene.offer()?.name == "c0ffee-1")
            let request = try #require(scene.service.requests.first)
            #expect(request.method == "POST")
            #expect(request.path == "/v1.0/calls")
            #expect(request.header("Authorization") == "Bearer s3cret-token")
            #expect(request.header("Idempotency-Key") == "\(HandOffScene.record(1).id)")
            #expect(request.header("Content-Type") == "application/json")
            #expect(request.header("User-Agent") == "Tollgate")
            #expect(request.body.contains(#""target":"+12025550123""#))
            let record = try await scene.stored(1, as: "c0ffee-1")
            #expect(record != nil)
        }
    }

    @Test("an access key goes into the query, escaped")
    func accessKey() async throws {
        try await HandOffScene.run(
            .acting { _, _ in [.answer(200, created)] }.with {
                $0.credential = .accessKey(Secret("a&b=c/ü"))
            }
        ) { scene in
            #expect(await scene.offer()?.name == "c0ffee-1")
            #expect(scene.service.requests.first?.path == "/v1.0/calls?accesskey=a%26b%3Dc%2F%C3%BC")
            #expect(scene.service.requests.first?.header("Authorization") == "")
        }
    }

    @Test("connections are kept for the next call")
    func keepAlive() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(200, created)] }) { scene in
            for number in 1...5 as ClosedRange<UInt64> { #expect(await scene.offer(number)?.name == "c0ffee-1") }
            #expect(scene.service.connections == 1)
        }
    }

    @Test("a refusal of the service is the caller's, and is not repeated")
    func refusal() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(402, #"{"message":"top up s3cret-token"}"#)] }) { scene in
            let refusal = try #require(await scene.offer()?.refusal)
            #expect(refusal.status == 402)
            #expect(scene.service.requests.count == 1)
            #expect(scene.lines.all.contains { $0.contains("top up <redacted>") })
        }
    }

    @Test("503 and then 200: repeated with the same idempotency key")
    func repetition() async throws {
        try await HandOffScene.run(.acting { _, count in [count == 0 ? .answer(503) : .answer(200, created)] }) {
            scene in
            #expect(await scene.offer()?.name == "c0ffee-1")
            let keys = scene.service.requests.map { $0.header("Idempotency-Key") }
            #expect(keys.count == 2)
            #expect(Set(keys).count == 1)
        }
    }

    @Test("429 with a Retry-After that fits, and then 200")
    func busy() async throws {
        try await HandOffScene.run(
            .acting { _, count in
                [count == 0 ? .answer(429, "", "Retry-After: 1\r\n") : .answer(200, created)]
            }
        ) { scene in
            #expect(await scene.offer()?.name == "c0ffee-1")
            #expect(scene.service.requests.count == 2)
        }
    }

    @Test("429 with a Retry-After beyond the deadline is the caller's at once")
    func busyForLong() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(429, "", "Retry-After: 3600\r\n")] }) { scene in
            let refusal = try #require(await scene.offer()?.refusal)
            #expect(refusal.status == 503)
            #expect(refusal.retryAfter == 3600)
            #expect(scene.service.requests.count == 1)
        }
    }

    @Test(
        "a connection that closes without an answer, or in the middle of one, is tried again and then given up",
        arguments: [
            "", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":\"x", "HTTP/1.1 200 OK\r\nTransf", "garbage",
        ]
    )
    func closed(start: String) async throws {
        try await HandOffScene.run(.acting { _, _ in start.isEmpty ? [.close] : [.send(start), .close] }) { scene in
            let refusal = try #require(await scene.offer()?.refusal)
            #expect(refusal.status == 503)
            #expect(refusal.text == "the call API cannot be reached")
            #expect(scene.service.requests.count == 3)
        }
    }

    @Test("nobody listens: 503 that says the call API cannot be reached")
    func nobody() async throws {
        try await HandOffScene.run(.acting { _, _ in [] }.with { $0.baseURL = "http://127.0.0.1:1" }) { scene in
            #expect(await scene.offer()?.refusal?.text == "the call API cannot be reached")
        }
    }

    @Test(
        "a service that hangs, or sends its answer drop by drop, is given up when the time is over",
        arguments: [false, true]
    )
    func hangs(drips: Bool) async throws {
        let drop: [ScriptedHTTPService.Step] = (0..<200).flatMap { _ in [.send(" "), .wait(50)] }
        let head = ScriptedHTTPService.Step.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try await HandOffScene.run(
            .acting { _, _ in drips ? [head] + drop : [] }.with {
                $0.deadline = .milliseconds(300)
            }
        ) { scene in
            let refusal = try #require(await scene.offer()?.refusal)
            #expect(refusal.status == 503)
            #expect(refusal.text == "the call API did not answer in time")
            #expect(scene.service.requests.count == 1)
        }
    }

    @Test("an answer that is too long is not read to its end")
    func huge() async throws {
        let body = String(repeating: "x", count: 65_537)
        try await HandOffScene.run(.acting { _, _ in [.answer(200, body)] }) { scene in
            #expect(await scene.offer()?.refusal?.text == "the answer of the call API is too long")
        }
    }

    @Test("a redirection is not followed")
    func redirection() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(307, "", "Location: /v1.0/elsewhere\r\n")] }) { scene in
            #expect(await scene.offer()?.refusal?.status == 503)
            #expect(scene.service.requests.map(\.path) == ["/v1.0/calls"])
        }
    }

    @Test("a name with a line end never gets further")
    func injection() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(200, #"[{"id":"a\r\nX-Evil: 1"}]"#)] }) { scene in
            #expect(await scene.offer()?.refusal?.status == 503)
        }
    }

    @Test("a storm of 503 opens the breaker: further calls are refused without a request")
    func breaker() async throws {
        try await HandOffScene.run(
            .acting { _, _ in [.answer(503)] }.with {
                $0.retries = 0
                $0.breaker.consecutiveFailures = 3
                $0.breaker.openTime = .seconds(600)
            }
        ) { scene in
            for number in 1...3 as ClosedRange<UInt64> { #expect(await scene.offer(number)?.refusal?.status == 503) }
            let refusal = try #require(await scene.offer(4)?.refusal)
            #expect(refusal.text == "the call API has failed too often and is left alone for now")
            #expect((590...600).contains(refusal.retryAfter ?? 0))
            #expect(scene.service.requests.count == 3)
            #expect(scene.lines.all.contains { $0.contains("left alone for a while") })
        }
    }

    @Test("calls beyond the bound are refused at once, and slow ones keep nobody else waiting")
    func inFlight() async throws {
        try await HandOffScene.run(
            .acting { request, _ in
                request.header("Idempotency-Key").hasSuffix("0063") ? [.answer(200, created)] : []
            }.with {
                $0.inFlight = 11
            }
        ) { scene in
            for number in 1...10 as ClosedRange<UInt64> { #expect(scene.begin(number)) }
            #expect(await scene.service.hasReceived(10))
            #expect(await scene.offer(99)?.name == "c0ffee-1")
            #expect(scene.begin(11))
            #expect(await scene.service.hasReceived(12))
            let refusal = try #require(await scene.offer(12)?.refusal)
            #expect(refusal.text == "too many calls wait for the call API")
            #expect(!scene.admissions.hasAnswer(to: 1))
        }
    }

    @Test("a call that ends while the service is asked is ended there once it is created")
    func endedMeanwhile() async throws {
        try await HandOffScene.run(
            .acting { request, _ in
                request.path == "/v1.0/calls" ? [.wait(300), .answer(200, created)] : [.answer(200, "{}")]
            }
        ) { scene in
            #expect(scene.begin(1))
            #expect(await scene.service.hasReceived(1))
            scene.end(1)
            #expect(await scene.service.hasReceived(1, "/v1.0/calls/c0ffee-1/hangup"))
            #expect(await scene.admissions.answer(to: 1) == .admitted(nil))
            let record = try await scene.stored(1, as: "c0ffee-1")
            #expect(record?.status == .hangup)
        }
    }

    @Test(
        "the end of a call is reported; where the service carries the call, only an end from this side",
        arguments: [true, false]
    )
    func endings(everyEnd: Bool) async throws {
        try await HandOffScene.run(
            .acting { request, _ in [.answer(200, #"{"id":"\#(request.header("Idempotency-Key").suffix(2))"}"#)] }.with
            {
                $0.reportsEveryEnd = everyEnd
            }
        ) { scene in
            #expect(await scene.offer(1)?.name == "01")
            #expect(await scene.offer(2)?.name == "02")
            scene.end(1, by: .remote)
            scene.end(2, by: .local)
            #expect(await scene.service.hasReceived(1, "/v1.0/calls/02/hangup"))
            if everyEnd { #expect(await scene.service.hasReceived(1, "/v1.0/calls/01/hangup")) }
            let count = scene.service.requests.filter { $0.path.hasPrefix("/v1.0/calls/01") }.count
            #expect(count == (everyEnd ? 1 : 0))
        }
    }

    @Test("the report of an end is repeated like any other request")
    func repeatedEnding() async throws {
        try await HandOffScene.run(
            .acting { request, _ in
                request.path == "/v1.0/calls" ? [.answer(200, created)] : [.answer(503)]
            }
        ) { scene in
            #expect(await scene.offer()?.name == "c0ffee-1")
            scene.end(1)
            #expect(await scene.service.hasReceived(3, "/v1.0/calls/c0ffee-1/hangup"))
        }
    }

    @Test("an emergency call is admitted before the service has answered, and is reported all the same")
    func emergency() async throws {
        try await HandOffScene.run(
            .acting { request, _ in
                request.path == "/v1.0/calls" ? [.wait(500), .answer(200, created)] : [.answer(200)]
            }
        ) { scene in
            #expect(await scene.offer(1, .emergency) == .admitted(nil))
            let record = try await scene.stored(1, as: "c0ffee-1")
            #expect(record != nil)
            #expect(scene.service.requests.first?.body.contains(#""tollgate.emergency":"yes""#) == true)
        }
    }

    @Test("a service that refuses an emergency call changes nothing")
    func refusedEmergency() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(402)] }) { scene in
            #expect(await scene.offer(1, .emergency) == .admitted(nil))
            #expect(await scene.service.hasReceived(1))
        }
    }

    @Test("a call of the last run is ended at the service when it ends here")
    func resumed() async throws {
        try await HandOffScene.run(.acting { _, _ in [.answer(200)] }) { scene in
            scene.api.resume(HandOffScene.record(1).id, as: try #require(CallAPIIdentifier("old-1")))
            scene.end(1)
            #expect(await scene.service.hasReceived(1, "/v1.0/calls/old-1/hangup"))
        }
    }

    @Test("shutting down breaks off what hangs; the caller is told, and no further call is taken")
    func shutdown() async throws {
        try await HandOffScene.run(
            .acting { _, _ in [] }.with {
                $0.deadline = .milliseconds(500)
            }
        ) { scene in
            #expect(scene.begin(1))
            #expect(await scene.service.hasReceived(1))
            await scene.api.shutdown()
            #expect(await scene.admissions.answer(to: 1)?.refusal?.status == 503)
            #expect(!scene.begin(2))
        }
    }
}
