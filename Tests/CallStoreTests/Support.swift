// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import MonotonicTime
import NumberingPlan
import Testing

/// A directory that goes with the value that made it.
final class TemporaryDirectory {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file in it.
    func path(_ name: String = "store.sqlite") -> String {
        url.appendingPathComponent(name).path
    }
}

/// Keeps what it is told, and lets a test wait for it.
final class RecordingSink: StoreCompletionSink {
    private let stream: AsyncStream<(tokens: [UInt64], outcome: StoreOutcome)>
    private let continuation: AsyncStream<(tokens: [UInt64], outcome: StoreOutcome)>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {
        continuation.yield((tokens, outcome))
    }

    /// The next report.
    func next() async -> (tokens: [UInt64], outcome: StoreOutcome)? {
        var iterator = stream.makeAsyncIterator()
        return await iterator.next()
    }

    /// Every report so far; call it after the writer is closed.
    func all() async -> [(tokens: [UInt64], outcome: StoreOutcome)] {
        continuation.finish()
        var reports: [(tokens: [UInt64], outcome: StoreOutcome)] = []
        for await report in stream { reports.append(report) }
        return reports
    }
}

/// Values that the tests share.
enum Sample {
    static let start: Int64 = 1_700_000_000_000
    static let customer = ResourceIdentifier(high: 1, low: 1)

    static func time(_ offset: Int64) -> WallTime {
        WallTime(milliseconds: start + offset)
    }

    /// The identity of the call number `index`; later ones are greater.
    static func callID(_ index: Int) -> ResourceIdentifier {
        ResourceIdentifier(unixMilliseconds: start + Int64(index), random: (7, UInt64(index)))
    }

    /// A call with every field set that a new call has.
    static func call(_ index: Int, customer: ResourceIdentifier = customer) -> CallRecord {
        var record = CallRecord(
            id: callID(index),
            customer: customer,
            endpoint: ResourceIdentifier(high: 2, low: 2),
            destination: "+442079460000",
            destinationKind: .tel,
            created: time(Int64(index))
        )
        record.callerUsername = "alice"
        record.sourceAsked = "sip:alice@example.com"
        record.source = "+15551234567"
        record.isAnonymous = true
        record.country = Country("gb")
        record.numberClass = NumberClass.allCases.first
        record.trunk = UsedTrunk(id: ResourceIdentifier(high: 3, low: 3), name: "carrier")
        record.endpointCallID = "a@phone"
        record.outboundCallID = "b@gateway"
        record.findings = Array("source.validate\tpassed\towned".utf8)
        return record
    }

    /// Everything written at once, without waiting for company.
    static let eager = StoreWriterOptions(gatherMicroseconds: 0, idleMicroseconds: 0)
}
