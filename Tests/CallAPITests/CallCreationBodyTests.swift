// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime
import Testing

@Suite("The body that creates a call")
struct CallCreationBodyTests {
    static func record(
        _ source: String = "+15551234567",
        _ destination: String = "+12025550123",
        _ kind: RecordedDestinationKind = .tel
    ) -> CallRecord {
        var record = CallRecord(
            id: ResourceIdentifier(high: 1, low: 1),
            customer: ResourceIdentifier(high: 2, low: 2),
            endpoint: ResourceIdentifier(high: 3, low: 3),
            destination: destination,
            destinationKind: kind,
            created: WallTime(milliseconds: 0)
        )
        record.callerUsername = "alice"
        record.source = source
        return record
    }

    @Test("a telephone call has numbers on both ends, and the gateway's own names among the variables")
    func telephone() throws {
        let text = String(decoding: try CallCreationBody(Self.record()).encoded(), as: UTF8.self)
        #expect(
            text == """
                {"actions":[],"anonymous":"no",\
                "destinations":[{"target":"+12025550123","target_name":"","type":"tel"}],\
                "source":{"target":"+15551234567","target_name":"","type":"tel"},\
                "variables":{"tollgate.call_id":"00000000-0000-0001-0000-000000000001",\
                "tollgate.customer_id":"00000000-0000-0002-0000-000000000002","tollgate.endpoint":"alice",\
                "tollgate.endpoint_id":"00000000-0000-0003-0000-000000000003"}}
                """
        )
    }

    @Test("an anonymous call says so; a caller without a number is an extension")
    func others() {
        var hidden = Self.record()
        hidden.isAnonymous = true
        #expect(CallCreationBody(hidden).anonymous == "yes")
        #expect(CallCreationBody(hidden).source.target == "+15551234567")
        let nameless = CallCreationBody(Self.record(""))
        #expect(nameless.source.type == "extension")
        #expect(nameless.source.targetName == "alice")
        #expect(nameless.source.target == "00000000-0000-0003-0000-000000000003")
    }

    @Test("an extension, a SIP URI, an emergency number and a service URN are told apart")
    func destinations() {
        func end(_ destination: String, _ kind: RecordedDestinationKind) -> [String] {
            CallCreationBody(Self.record("+15551234567", destination, kind)).destinations.flatMap {
                [$0.type, $0.target, $0.targetName]
            }
        }
        #expect(end("1002", .extension) == ["extension", "1002", "1002"])
        #expect(end("sip:bob@example.com", .sip) == ["sip", "sip:bob@example.com", ""])
        #expect(end("911", .emergency) == ["tel", "911", ""])
        #expect(end("urn:service:sos", .emergency) == ["sip", "urn:service:sos", ""])
        #expect(
            CallCreationBody(Self.record("", "911", .emergency)).variables["tollgate.emergency"] == "yes"
        )
    }
}
