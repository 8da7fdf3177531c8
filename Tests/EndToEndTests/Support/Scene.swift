// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// One test's directory and the programs that it runs.
final class Scene {
    let directory: URL
    private(set) var children: [ChildProcess] = []

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tollgate-end-to-end-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    /// A file of the directory.
    func file(_ name: String) -> URL { directory.appendingPathComponent(name) }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: file(name))
        return file(name).path
    }

    /// Reads a file; empty when it is not there.
    func read(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: file(name))) ?? Data(), as: UTF8.self)
    }

    /// Starts a program that ends with the scene at the latest.
    func start(_ executable: String, _ arguments: [String], name: String) throws -> ChildProcess {
        let child = try ChildProcess(executable, arguments, name: name, in: directory)
        children.append(child)
        return child
    }

    /// Runs the built gateway's command line to its end.
    func tollgate(_ arguments: String..., name: String = "command") async throws -> CommandOutcome {
        let child = try start(Places.tollgate(), arguments, name: name)
        let status = try await child.exitStatus(within: 15)
        return CommandOutcome(status: status, output: child.output, errors: child.errors)
    }

    func endAll() async {
        for child in children.reversed() { await child.end() }
    }

    /// The last lines of everything that the programs wrote.
    var logs: String {
        children.map { child in
            let texts = [("out", child.output), ("err", child.errors)].map { kind, text in
                "--- \(child.name).\(kind)\n" + text.split(separator: "\n").suffix(25).joined(separator: "\n")
            }
            return texts.joined(separator: "\n")
        }.joined(separator: "\n")
    }
}

/// How a command ended and what it said.
struct CommandOutcome {
    let status: Int32
    let output: String
    let errors: String
    /// Lines on standard error.
    var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// Runs a test in a directory of its own; ends what it started, and shows and keeps the logs when it failed.
func inScene(_ body: (Scene) async throws -> Void) async throws {
    let scene = try Scene()
    do {
        try await body(scene)
    } catch {
        await scene.endAll()
        Issue.record("\(error)\nthe files are kept in \(scene.directory.path)\n\(scene.logs)")
        return
    }
    await scene.endAll()
    try? FileManager.default.removeItem(at: scene.directory)
}
