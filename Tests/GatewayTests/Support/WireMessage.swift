// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A SIP message as a test sees it: lines and a body, with nothing understood that the test does not ask for.
struct WireMessage: Sendable, CustomStringConvertible {
    struct Header: Sendable {
        let name: String
        let value: String
    }

    let startLine: String
    let headers: [Header]
    let body: String

    /// Splits a message at its line ends; nil when it has no header section.
    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let gap = text.firstRange(of: "\r\n\r\n") else { return nil }
        var lines = text[..<gap.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
        guard !lines.isEmpty else { return nil }
        startLine = String(lines.removeFirst())
        headers = lines.map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            return Header(name: String(line[..<colon]), value: String(value))
        }
        body = String(text[gap.upperBound...])
    }

    var isRequest: Bool { !startLine.hasPrefix("SIP/2.0 ") }

    /// The status code; 0 for a request.
    var status: Int { isRequest ? 0 : words.count > 1 ? Int(words[1]) ?? 0 : 0 }

    /// The method of a request, or of the request that a response answers.
    var method: String {
        isRequest ? words.first ?? "" : first("CSeq").split(separator: " ").last.map(String.init) ?? ""
    }

    var requestURI: String { words.count > 1 ? words[1] : "" }

    private var words: [String] { startLine.split(separator: " ").map(String.init) }

    func all(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The first value of a header field; empty when there is none.
    func first(_ name: String) -> String { all(name).first ?? "" }

    func has(_ name: String) -> Bool { !all(name).isEmpty }

    /// A parameter behind a header field's value, as the tag of From; empty when there is none.
    func parameter(_ parameter: String, of name: String) -> String {
        let value = first(name)
        let tail = value.lastIndex(of: ">").map { value[$0...].dropFirst() } ?? value[...]
        for part in tail.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0].lowercased() == parameter { return String(pair[1]) }
        }
        return ""
    }

    var branch: String { parameter("branch", of: "Via") }
    var toTag: String { parameter("tag", of: "To") }
    var fromTag: String { parameter("tag", of: "From") }
    var callID: String { first("Call-ID") }
    var sequence: Int { first("CSeq").split(separator: " ").first.flatMap { Int($0) } ?? 0 }

    /// The URI between the angle brackets of Contact.
    var contactURI: String {
        let value = first("Contact")
        guard let open = value.firstIndex(of: "<"), let close = value.firstIndex(of: ">") else { return value }
        return String(value[value.index(after: open)..<close])
    }

    var description: String {
        ([startLine] + headers.map { "\($0.name): \($0.value)" }).joined(separator: "\n") + "\n\n" + body
    }
}
