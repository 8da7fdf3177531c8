// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool
import Foundation
import Testing

/// A directory that goes with the value that made it.
final class Workbench {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    /// What `tollgate dry-run` makes of a trace.
    func run(
        _ trace: Trace,
        by provisioning: String = Sample.provisioning,
        _ arguments: String...
    ) throws
        -> CommandResult
    {
        let capture = try write(trace.text, to: "calls.txt")
        let policy = try write(provisioning, to: "customers.yaml")
        return try Tool.run([capture, "--provisioning", policy] + arguments)
    }

    /// The calls of a trace, as JSON has them, and the summary.
    func report(_ trace: Trace, by provisioning: String = Sample.provisioning, _ arguments: String...) throws -> Report
    {
        let capture = try write(trace.text, to: "calls.txt")
        let policy = try write(provisioning, to: "customers.yaml")
        return try Report(try Tool.run([capture, "--provisioning", policy, "--format", "json"] + arguments).output)
    }
}

/// Runs the command as the command line would, with its output captured.
enum Tool {
    static func run(_ arguments: [String]) throws -> CommandResult {
        try #require(try DryRunCommand.parseAsRoot(arguments) as? DryRunCommand).reportedResult()
    }
}

/// What `--format json` says.
struct Report {
    let calls: [Entry]
    let summary: Entry

    init(_ text: String) throws {
        let entries = try text.split(separator: "\n").map { line in
            Entry(try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]))
        }
        calls = entries.filter { $0["type"] == "call" }
        summary = try #require(entries.last)
        #expect(summary["type"] == "summary")
        #expect(entries.count == calls.count + 1)
    }

    /// An object, whose values are asked for by their path, as `caller.endpoint`.
    struct Entry {
        let object: [String: Any]

        init(_ object: [String: Any]) { self.object = object }

        subscript(path: String) -> String? {
            var value: Any? = object
            for key in path.split(separator: ".") { value = (value as? [String: Any])?[String(key)] }
            if let text = value as? String { return text }
            if let number = value as? NSNumber { return "\(number)" }
            return nil
        }

        func list(_ key: String) -> [Entry] { (object[key] as? [[String: Any]] ?? []).map(Entry.init) }

        func texts(_ key: String) -> [String] { object[key] as? [String] ?? [] }

        /// The lines of an INVITE that would go out: each with its mark before it.
        func outbound(_ attempt: Int) -> [String] {
            let attempts = list("outbound")
            guard attempts.indices.contains(attempt) else { return [] }
            return attempts[attempt].list("lines").map { "\($0["mark"] ?? "?") \($0["text"] ?? "")" }
        }
    }
}

enum Sample {
    static let provisioning = provisioning()

    /// A provisioning file with two endpoints and two trunks, and what a test adds.
    static func provisioning(
        customer: String = "",
        outbound: String = "",
        alice: String = "",
        trunks: String = """
        trunks:
          - {name: carrier, host: 203.0.113.1, trust: {basis: private_network, note: our own}}
          - {name: backup, host: 203.0.113.2, priority: 5}
        """
    ) -> String {
        """
        realm: edge.example.com
        customers:
          - name: acme
            dial_plan: {country: us}
            outbound:
              name: office
              destination_whitelist: [us, gb]
              codecs: [PCMU]
              \(outbound)
            \(customer)
        numbers:
          - {number: "+15551234567", customer: acme}
          - {number: "+15551234568", customer: acme}
        endpoints:
          - username: alice
            password: alice-secret
            customer: acme
            extensions: ["1001"]
            number: "+15551234567"
            \(alice)
          - {username: bob, password: bob-secret, customer: acme, extensions: ["1002"], number: "+15551234568"}
        \(trunks)
        """
    }
}

/// A capture in the form that sngrep exports.
struct Trace {
    private var messages: [(milliseconds: Int, text: String)] = []
    static let gateway = "10.0.0.1:5060"

    /// The trace, in the order of time.
    var text: String {
        messages.enumerated().sorted { ($0.1.milliseconds, $0.0) < ($1.1.milliseconds, $1.0) }.map(\.1.text).joined()
    }

    mutating func add(at milliseconds: Int, _ source: String, _ destination: String, _ message: String) {
        let seconds = milliseconds / 1000
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(two(9 + seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        let fraction = String(String(1000 + milliseconds % 1000).dropFirst()) + "000"
        messages.append((milliseconds, "2026/11/20 \(clock).\(fraction) \(source) -> \(destination)\n\(message)\n\n"))
    }

    /// A call from a telephone to the gateway, with its answer and its end.
    mutating func call(
        _ name: String,
        at milliseconds: Int = 0,
        from user: String = "alice",
        to number: String = "+12025550123",
        status: Int = 200,
        lasting: Int? = 60_000,
        fields: String = "",
        source: String = "192.0.2.10:5060",
        body: String? = nil
    ) {
        let invite = Message(name: name, user: user, number: number, source: source)
        add(at: milliseconds, source, Self.gateway, invite.invite(fields: fields, body: body))
        if status < 300 { add(at: milliseconds + 500, Self.gateway, source, invite.response(180)) }
        add(at: milliseconds + 3000, Self.gateway, source, invite.response(status))
        if status < 300, let lasting {
            add(at: milliseconds + 3000 + lasting, source, Self.gateway, invite.bye())
        }
    }
}

/// The messages of one made call.
struct Message {
    var name: String
    var user = "alice"
    var number = "+12025550123"
    var source = "192.0.2.10:5060"
    var host = "edge.example.com"
    var sequence = 1

    static func session(_ name: String, formats: String = "0 8") -> String {
        """
        v=0
        o=phone \(name.utf8.reduce(7) { $0 &* 31 &+ Int($1) } & 0xFFFFFF) 1 IN IP4 192.0.2.10
        s=-
        c=IN IP4 192.0.2.10
        t=0 0
        m=audio 40000 RTP/AVP \(formats)
        a=rtpmap:0 PCMU/8000
        a=rtpmap:8 PCMA/8000

        """
    }

    func invite(fields: String = "", tag: String? = nil, body: String? = nil) -> String {
        let body = body ?? Self.session(name)
        let length = body.utf8.count + body.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        return """
            INVITE sip:\(number)@\(host) SIP/2.0
            Via: SIP/2.0/UDP \(source);branch=z9hG4bK\(name)-\(sequence)
            Max-Forwards: 70
            From: <sip:\(user)@edge.example.com>;tag=from-\(name)
            To: <sip:\(number)@edge.example.com>\(tag.map { ";tag=\($0)" } ?? "")
            Call-ID: \(name)@phone
            CSeq: \(sequence) INVITE
            Contact: <sip:\(user)@\(source)>
            \(fields)Content-Type: application/sdp
            Content-Length: \(length)

            \(body)
            """
    }

    func response(_ status: Int, fields: String = "") -> String {
        """
        SIP/2.0 \(status) Answer
        Via: SIP/2.0/UDP \(source);branch=z9hG4bK\(name)-\(sequence)
        From: <sip:\(user)@edge.example.com>;tag=from-\(name)
        To: <sip:\(number)@edge.example.com>;tag=to-\(name)
        Call-ID: \(name)@phone
        CSeq: \(sequence) INVITE
        \(fields)Content-Length: 0

        """
    }

    func bye() -> String {
        """
        BYE sip:10.0.0.1 SIP/2.0
        Via: SIP/2.0/UDP \(source);branch=z9hG4bK\(name)-bye
        Max-Forwards: 70
        From: <sip:\(user)@edge.example.com>;tag=from-\(name)
        To: <sip:\(number)@edge.example.com>;tag=to-\(name)
        Call-ID: \(name)@phone
        CSeq: 9 BYE
        Content-Length: 0

        """
    }
}
