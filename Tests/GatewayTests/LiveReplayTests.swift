// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool
import DemoTrunk
import Foundation
import Gateway
import MonotonicTime
import NIOPosix
import Testing
import TollgateConfiguration

/// A capture of the traces, or a written scenario, to be judged and to be replayed.
struct ReplayedTrace: Sendable, CustomStringConvertible {
    let description: String
    /// The capture; nil for a scenario that has yet to be written out.
    let capture: URL?
    let scenario: String?

    /// Every capture below `sip-traces`, and every scenario.
    static var all: [ReplayedTrace] {
        let files = FileManager.default.enumerator(at: traces, includingPropertiesForKeys: nil)
        let captures = (files?.compactMap { $0 as? URL } ?? []).filter { url in
            ["pcap", "pcapng", "cap"].contains(url.pathExtension) || isTextCapture(url)
        }
        let base = traces.standardizedFileURL.path
        return Scenario.all.map { ReplayedTrace(description: "\($0).txt", capture: nil, scenario: $0) }
            + captures.map { $0.standardizedFileURL }.sorted { $0.path < $1.path }.map { url in
                ReplayedTrace(description: String(url.path.dropFirst(base.count + 1)), capture: url, scenario: nil)
            }
    }

    private static func isTextCapture(_ url: URL) -> Bool {
        url.pathExtension == "txt" && url.pathComponents.contains("captures")
    }

    /// The provisioning that stands nearest to the capture.
    var provisioning: URL {
        var folder = (capture ?? traces.appending(path: "x")).deletingLastPathComponent()
        while folder.path.count >= traces.standardizedFileURL.path.count {
            let file = folder.appending(path: "provisioning.yaml")
            if FileManager.default.fileExists(atPath: file.path) { return file }
            folder.deleteLastPathComponent()
        }
        return traces.appending(path: "provisioning.yaml")
    }
}

/// A line of JSON of `tollgate dry-run` or `tollgate replay`.
private struct Line: Decodable {
    struct Answer: Decodable {
        let status: Int?
        let provisional: [Int]?
    }
    struct Rejection: Decodable {
        let rule: String
        let status: Int
    }
    struct Caller: Decodable {
        let foundBy: String
    }
    struct Destination: Decodable {
        let kind: String
        let text: String
    }

    let type: String
    let callId: String?
    let verdict: String?
    let rejection: Rejection?
    let caller: Caller?
    let destination: Destination?
    let method: String?
    let live: Answer?
    let awaited: Bool?

    private enum CodingKeys: String, CodingKey {
        case type, callId, verdict, rejection, caller, destination, method, live, awaited
    }

    // The caller of a dry run is an object, that of a replay a name.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(String.self, forKey: .type)
        callId = try container.decodeIfPresent(String.self, forKey: .callId)
        verdict = try container.decodeIfPresent(String.self, forKey: .verdict)
        rejection = try container.decodeIfPresent(Rejection.self, forKey: .rejection)
        caller = try? container.decodeIfPresent(Caller.self, forKey: .caller)
        destination = try container.decodeIfPresent(Destination.self, forKey: .destination)
        method = try container.decodeIfPresent(String.self, forKey: .method)
        live = try container.decodeIfPresent(Answer.self, forKey: .live)
        awaited = try container.decodeIfPresent(Bool.self, forKey: .awaited)
    }

    static func read(_ text: String) throws -> [Line] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try text.split(separator: "\n").map { try decoder.decode(Line.self, from: Data($0.utf8)) }
    }
}

@Suite("tollgate replay against a live gateway", .timeLimit(.minutes(3)))
struct LiveReplayTests {
    @Test("What the dry run decides is what the live gateway does", arguments: ReplayedTrace.all)
    func agrees(_ trace: ReplayedTrace) async throws {
        let trunk = try await Self.demoTrunk()
        var deployment = try Deployment()
        defer { deployment.remove() }
        let capture = try Self.prepare(trace, &deployment, trunkPort: trunk.port)
        let provisioning = try #require(deployment.configuration.provisioning)
        let judging = try DryRunCommand.parseAsRoot([capture, "--provisioning", provisioning, "--format", "json"])
        let dryRun = try #require(judging as? DryRunCommand)
        let judged = try Line.read(try dryRun.reportedResult().output).filter { $0.type == "call" }
        let gateway = try await Self.start(&deployment)
        let replaying = try ReplayCommand.parseAsRoot([
            capture, "--to", "127.0.0.1:\(gateway.udp)", "--domain", deployment.configuration.sip.realm,
            "--customers", provisioning, "--speed", "0", "--timeout", "3", "--format", "json",
        ])
        let command = try #require(replaying as? ReplayCommand)
        let result = await command.result()
        await gateway.server.shutdown()
        let seen = Set(await trunk.seenInvites().map(\.calledUser))
        await trunk.shutdown()
        let live = try Line.read(result.output).filter { $0.type == "dialog" && $0.method == "INVITE" }
        #expect(judged.isEmpty || trace.capture?.pathComponents.contains("captures") == true || !live.isEmpty)
        // A client that changes its tag when it repeats a challenged INVITE makes two calls of one in a dry run.
        let last = Dictionary(judged.map { ($0.callId, $0) }, uniquingKeysWith: { $1 })
        for call in last.values {
            guard let dialog = live.first(where: { $0.callId == call.callId && $0.awaited == false }) else { continue }
            Self.compare(call, dialog, seen, "\(trace): \(result.output)")
        }
    }

    /// Starts the gateway with one port for UDP and TCP, as `--to` names one.
    private static func start(_ deployment: inout Deployment) async throws -> Running {
        var last: any Error = Missed(description: "no port was free")
        for _ in 0..<5 {
            let probe = try await Peer.listen()
            await probe.close()
            for place in deployment.configuration.sip.listeners.indices {
                deployment.configuration.sip.listeners[place].port = probe.port
            }
            do {
                return try await deployment.start()
            } catch {
                last = error
            }
        }
        throw last
    }

    /// `seen` are the users whom the trunk was asked to call.
    private static func compare(_ judged: Line, _ dialog: Line, _ seen: Set<String>, _ output: String) {
        // An endpoint that is known by its address calls from another one here.
        guard judged.caller?.foundBy != "source_address" else { return }
        let status = dialog.live?.status ?? 0
        let isCarried = dialog.live?.provisional?.isEmpty == false || (200..<300).contains(status)
        switch judged.verdict {
        case "approved":
            // Nobody need be registered where a call to an extension goes.
            let isAbsent = judged.destination?.kind == "extension" && status == 480
            let isAsked = judged.destination.map { seen.contains($0.text) } ?? false
            #expect(isCarried || isAsked || isAbsent, "approved, live \(status)\n\(output)")
        case "rejected" where judged.rejection?.rule != "authentication":
            #expect(status == judged.rejection?.status && !isCarried, "rejected, live \(status)\n\(output)")
        case "unjudged":
            #expect(status >= 400 && !isCarried, "unjudged, live \(status)\n\(output)")
        default: break
        }
    }

    private static func demoTrunk() async throws -> DemoTrunk {
        var configuration = DemoTrunkConfiguration()
        configuration.port = 0
        configuration.ringAfter = .milliseconds(5)
        configuration.answerAfter = .milliseconds(60)
        configuration.earlyMediaAnswerAfter = .milliseconds(60)
        return try await DemoTrunk.start(configuration: configuration, group: MultiThreadedEventLoopGroup.singleton)
    }

    /// An endpoint whose owner's password is not known gets one, so that the live gateway lets it in; and it need not
    /// have registered, which many captures do not hold.
    private static func withPassword(_ line: Substring) -> String {
        let isKnown = line.contains("password:") || line.contains("require_registration:")
        guard line.contains("{username:"), !isKnown else { return String(line) }
        return String(line).replacing("{username:", with: "{password: made-up, require_registration: false, username:")
    }

    /// Writes the capture and the provisioning with the demo trunk as the only one.
    private static func prepare(
        _ trace: ReplayedTrace,
        _ deployment: inout Deployment,
        trunkPort: Int
    ) throws -> String {
        var text = try String(contentsOf: trace.provisioning, encoding: .utf8)
        if let old = text.firstRange(of: "\ntrunks:") { text = String(text[..<old.lowerBound]) }
        text = text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.withPassword).joined(
            separator: "\n"
        )
        let trust = "trust: {basis: private_network, note: the trunk of the test}"
        text += "\ntrunks:\n" + trunk("demo", trunkPort, trust)
        let file = deployment.folder.appending(path: "provisioning.yaml")
        try text.write(to: file, atomically: true, encoding: .utf8)
        let realm = text.split(separator: "\n").first { $0.hasPrefix("realm:") }?.dropFirst(6)
        if let realm {
            let name = realm.trimmingCharacters(in: CharacterSet(charactersIn: " \""))
            deployment.configuration.sip.realm = name
            deployment.configuration.sip.domains = [name]
        }
        guard let name = trace.scenario else { return trace.capture?.path ?? "" }
        let capture = deployment.folder.appending(path: "scenario.txt")
        try Scenario(named: name).trace().write(to: capture, atomically: true, encoding: .utf8)
        return capture.path
    }
}
