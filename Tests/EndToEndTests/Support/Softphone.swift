// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// baresip without a sound card: it sends a tone from a file and records what it hears.
final class Softphone {
    /// What a softphone is set to.
    struct Options {
        var user = "alice"
        var transport = "udp"
        /// The tone that it sends.
        var hertz = 1000
        var codecs = "PCMU,PCMA"
        var answers = false
    }

    let process: ChildProcess
    private let scene: Scene
    private let directory: URL
    private let consolePort: Int
    private let console: DatagramPeer

    /// Starts the softphone and waits until it is registered.
    init(_ options: Options, gateway: Gateway, in scene: Scene) async throws {
        self.scene = scene
        directory = scene.file(options.user)
        consolePort = try Loopback.freePort()
        console = try DatagramPeer()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Sound(hertz: options.hertz, seconds: 20).wav.write(to: directory.appendingPathComponent("tone.wav"))
        let settings = try Self.settings(directory.path, console: consolePort, authority: gateway.certificate)
        try scene.write(settings, to: options.user + "/config")
        try scene.write("", to: options.user + "/contacts")
        let port = options.transport == "tls" ? gateway.securePort : gateway.port
        let place = "127.0.0.1:\(port);transport=\(options.transport)"
        let account =
            "<sip:\(options.user)@\(place)>;auth_user=\(options.user);auth_pass=secret;outbound=\"sip:\(place)\""
            + ";regint=600;answermode=\(options.answers ? "auto" : "manual");audio_codecs=\(options.codecs)\n"
        try scene.write(account, to: options.user + "/accounts")
        process = try scene.start(
            Places.tool("baresip"),
            ["-s", "-f", directory.path],
            name: "baresip-\(options.user)"
        )
        let process = process
        try await waiting("\(options.user) to be registered", within: 15) {
            try #require(process.isRunning)
            return process.output.contains("200 OK () [1 binding]") || process.errors.contains("[1 binding]")
        }
    }

    /// Dials a number.
    func dial(_ number: String) {
        console.send("/dial \(number)\n", to: consolePort)
    }

    /// The SIP messages that it sent and received: each begins with a line that names the two sides.
    var messages: [String] {
        (process.output + process.errors).components(separatedBy: "\u{1B}[36;1m#").dropFirst().map {
            $0.components(separatedBy: "\u{1B}[;m").first ?? ""
        }
    }

    /// Ends the softphone and gives what it heard.
    func heard() async throws -> Sound {
        await process.end()
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let name = try #require(names.first { $0.hasSuffix("-dec.wav") }, "nothing was recorded")
        return try #require(Sound(wav: Data(contentsOf: directory.appendingPathComponent(name))))
    }

    /// How much sound has been written so far, in seconds.
    var secondsHeard: Double {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        guard let name = names.first(where: { $0.hasSuffix("-dec.wav") }) else { return 0 }
        let size = try? FileManager.default.attributesOfItem(atPath: directory.appendingPathComponent(name).path)[.size]
        return Double((size as? NSNumber)?.intValue ?? 0) / 16_000
    }

    private static func settings(_ directory: String, console: Int, authority: String) throws -> String {
        let modules = ["g711", "g722", "opus", "aufile", "sndfile", "cons"].map { "module \($0).so" }
        let rtp = try Loopback.freePort() & ~1
        return """
            poll_method epoll
            sip_listen 127.0.0.1:\(try Loopback.freePort())
            sip_cafile \(authority)
            sip_verify_server yes
            audio_source aufile,\(directory)/tone.wav
            ausrc_srate 8000
            auplay_srate 8000
            ausrc_channels 1
            auplay_channels 1
            rtp_ports \(rtp)-\(rtp + 60)
            snd_path \(directory)
            cons_listen 127.0.0.1:\(console)
            module_path /usr/lib/baresip/modules
            \(modules.joined(separator: "\n"))
            module_tmp uuid.so
            module_tmp account.so
            module_app menu.so

            """
    }
}
