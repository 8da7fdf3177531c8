// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import SIPMessage
import SIPParser
import Testing

/// What the readers made of a message.
enum Verdict: Equatable {
    case accept
    case refuse(ParseError.Code, status: Int?)

    /// The verdict as the tables write it.
    var column: String {
        switch self {
        case .accept: "accept"
        case .refuse(_, let status?): "\(status)"
        case .refuse(_, nil): "drop"
        }
    }
}

/// Reads with both readers, always.
func verdict(
    _ bytes: [UInt8],
    _ framing: Framing = .datagram,
    limits: ScannerLimits = ScannerLimits()
) -> Verdict {
    do {
        _ = try MessageReader(limits: limits, secondReading: .always).read(bytes, framing)
        return .accept
    } catch {
        return .refuse(error.code, status: error.status)
    }
}

/// A request with the given further header fields; the text's line ends become CRLF.
func request(
    _ method: String = "OPTIONS",
    uri: String = "sip:bob@example.com",
    via: String = "SIP/2.0/UDP host.example.com;branch=z9hG4bKabc",
    from: String = "<sip:alice@example.com>;tag=1",
    to: String = "<sip:bob@example.com>",
    callID: String = "a@b",
    sequence: String? = nil,
    _ fields: [String] = [],
    body: String = ""
) -> [UInt8] {
    var lines = [
        "\(method) \(uri) SIP/2.0", "Via: \(via)", "From: \(from)", "To: \(to)", "Call-ID: \(callID)",
        "CSeq: \(sequence ?? "1 \(method)")",
    ]
    lines += fields
    lines += ["", body]
    return Array(lines.joined(separator: "\r\n").utf8)
}

/// An OPTIONS request with the given further header fields.
func request(_ fields: [String], body: String = "") -> [UInt8] {
    request("OPTIONS", fields, body: body)
}

/// A response with the given status line and further header fields.
func response(_ statusLine: String, _ fields: [String] = []) -> [UInt8] {
    let lines =
        [
            statusLine, "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKabc", "From: <sip:alice@example.com>;tag=1",
            "To: <sip:bob@example.com>;tag=2", "Call-ID: a@b", "CSeq: 1 INVITE",
        ] + fields + ["", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
}

/// The trace folders of the repository.
enum Traces {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "sip-traces")

    static func bytes(_ folder: String, _ file: String) throws -> [UInt8] {
        try Array(Data(contentsOf: root.appending(path: folder).appending(path: file)))
    }

    /// The rows of a folder's table of verdicts, without its heading.
    static func verdicts(_ folder: String) throws -> [[String]] {
        let text = try String(contentsOf: root.appending(path: "\(folder)/VERDICTS.tsv"), encoding: .utf8)
        return text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
    }

    /// The messages of a folder: every file that is neither a table nor a text about them.
    static func messages(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { !$0.hasSuffix(".tsv") && !$0.hasSuffix(".md") }.sorted()
    }
}
