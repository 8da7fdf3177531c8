// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A request kept as a file, one line for each header field.
struct Fixture {
    /// The body, its lines ending in CRLF.
    let body: String
    private let head: [String]

    /// Reads a file; its lines may end in LF alone.
    init(path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "\r\n", with: "\n")
        guard let end = text.range(of: "\n\n") else { throw BenchmarkError("\(path) has no empty line") }
        head = text[..<end.lowerBound].split(separator: "\n").map(String.init)
        body = text[end.upperBound...].replacingOccurrences(of: "\n", with: "\r\n")
    }

    /// The lines of the head but Content-Length, with other values for some fields; nil leaves a field out.
    func lines(_ values: [String: String?]) -> [String] {
        head.compactMap { line in
            let name = String(line.prefix { $0 != ":" && $0 != " " })
            if name == "Content-Length" { return nil }
            guard let value = values[name] else { return line }
            return value.map { "\(name): \($0)" }
        }
    }
}
