// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallPolicy
import CallStore
import Foundation
import Logging
import MonotonicTime
import ScriptedHTTPService
import Synchronization

/// Keeps what the shards are told.
final class AdmissionLog: CallAdmissionSink {
    private let answers = Mutex<[UInt64: CallAdmission]>([:])

    func admissionCompleted(tokens: [UInt64], admission: CallAdmission) {
        answers.withLock { answers in
            for token in tokens { answers[token] = admission }
        }
    }

    /// The answer to a token; nil when none comes within 30 seconds.
    func answer(to token: UInt64) async -> CallAdmission? {
        for _ in 0..<6000 {
            if let answer = answers.withLock({ $0[token] }) { return answer }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }

    func hasAnswer(to token: UInt64) -> Bool { answers.withLock { $0[token] != nil } }
}

/// Keeps log lines.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}

/// What the service of a test does, and what the call API is told of it.
struct Behaviour {
    let script: @Sendable (HTTPRequest, Int) -> [ScriptedHTTPService.Step]
    var configure: (inout HTTPCallAPIOptions) -> Void = { _ in }

    static func acting(_ script: @escaping @Sendable (HTTPRequest, Int) -> [ScriptedHTTPService.Step]) -> Behaviour {
        Behaviour(script: script)
    }

    func with(_ configure: @escaping (inout HTTPCallAPIOptions) -> Void) -> Behaviour {
        Behaviour(script: script, configure: configure)
    }
}

/// A call API with a store of its own on disk, and a service that does what a test says.
final class HandOffScene: Sendable {
    let service: ScriptedHTTPService
    let api: HTTPCallAPI
    let admissions = AdmissionLog()
    let lines = LogLines()
    private let writer: StoreWriter
    private let store: CallStore
    private let folder: URL

    private init(
        _ service: ScriptedHTTPService,
        _ options: HTTPCallAPIOptions
    ) throws {
        self.service = service
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try CallStore(path: folder.appendingPathComponent("calls.db").path)
        let commits = HandOffCommits()
        writer = try StoreWriter(
            store: store,
            sinks: [DeafSink(), commits],
            options: StoreWriterOptions(gatherMicroseconds: 0, idleMicroseconds: 0)
        )
        api = HTTPCallAPI(options, writer: writer, commits: commits, sinks: [admissions], logger: lines.logger)
    }

    /// Runs a test against a service that acts by a script.
    static func run(
        _ behaviour: Behaviour,
        _ body: (HandOffScene) async throws -> Void
    ) async throws {
        let service = try await ScriptedHTTPService.start(behaviour.script)
        var options = HTTPCallAPIOptions(baseURL: "http://127.0.0.1:\(service.port)/v1.0")
        options.credential = .bearer(Secret("s3cret-token"))
        // Long, so that a slow machine ends nothing in a test that is not about time.
        options.connectTimeout = .seconds(100)
        options.readTimeout = .seconds(100)
        options.deadline = .seconds(100)
        behaviour.configure(&options)
        let scene = try HandOffScene(service, options)
        do {
            try await body(scene)
        } catch {
            await scene.end()
            throw error
        }
        await scene.end()
        for line in scene.lines.all where line.contains("s3cret") { throw Unexpected() }
    }

    private func end() async {
        // First, so that nothing waits for an answer that never comes.
        await service.stop()
        await api.shutdown()
        writer.close()
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The record of a call with a number.
    static func record(_ number: UInt64, _ kind: RecordedDestinationKind = .tel) -> CallRecord {
        var record = CallCreationBodyTests.record("+15551234567", kind == .emergency ? "911" : "+12025550123", kind)
        record.id = ResourceIdentifier(unixMilliseconds: 1_700_000_000_000, random: (0, number))
        return record
    }

    /// Hands one call over and waits for the answer; its number is its token.
    func offer(_ number: UInt64 = 1, _ kind: RecordedDestinationKind = .tel) async -> CallAdmission? {
        guard begin(number, kind) else { return nil }
        return await admissions.answer(to: number)
    }

    /// Hands one call over.
    func begin(_ number: UInt64, _ kind: RecordedDestinationKind = .tel) -> Bool {
        api.create(Self.record(number, kind), shard: 0, token: number)
    }

    /// Notes the end of a call.
    func end(_ number: UInt64, by side: HangupBy = .local) {
        var update = CallUpdate(id: Self.record(number).id, time: WallTime(milliseconds: 1), status: .hangup)
        update.hangupBy = side
        update.finalStatus = 487
        api.update(update)
    }

    /// What the store has of a call once it has this name; nil when it does not come within 30 seconds.
    func stored(_ number: UInt64, as name: String) async throws -> CallRecord? {
        for _ in 0..<3000 {
            if let record = try store.call(Self.record(number).id), record.externalIdentifier == name { return record }
            try await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }
}

/// Hears nothing.
private struct DeafSink: StoreCompletionSink {
    func storeCompleted(tokens: [UInt64], outcome: StoreOutcome) {}
}

extension CallAdmission {
    /// What the caller is told; nil when the call was admitted.
    var refusal: CallRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// The service's name of the call.
    var name: String? {
        if case .admitted(let identifier) = self { identifier?.description } else { nil }
    }
}
