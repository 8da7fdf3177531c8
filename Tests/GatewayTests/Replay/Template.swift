// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Text with places for what varies from run to run: `{branch:1}`, `{port:gateway}`, `{*}`.
struct Template {
    enum Piece {
        case literal(String)
        case place(kind: String, name: String)
    }

    static let kinds: Set<String> = ["branch", "tag", "call-id", "nonce", "value", "port", "response", "length", "*"]

    let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        var literal = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            literal += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let piece = Self.place(rest[..<close].dropFirst()) else {
                literal += "{"
                rest = rest.dropFirst()
                continue
            }
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(piece)
            rest = rest[close...].dropFirst()
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.pieces = pieces
    }

    private static func place(_ text: Substring) -> Piece? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = parts.first, kinds.contains(String(kind)) else { return nil }
        return .place(kind: String(kind), name: parts.count > 1 ? String(parts[1]) : "")
    }
}

/// What the places of a scenario stand for, so far.
struct Bindings {
    private var values: [String: String] = [:]

    subscript(kind: String, name: String) -> String? {
        get { values["\(kind):\(name)"] }
        set { values["\(kind):\(name)"] = newValue }
    }

    /// Fills a template's places; a branch, tag or Call-ID met first here is made up.
    mutating func render(_ text: String) throws -> String {
        var result = ""
        for piece in Template(text).pieces {
            switch piece {
            case .literal(let text): result += text
            case .place(let kind, let name): result += try value(kind, name)
            }
        }
        return result
    }

    private mutating func value(_ kind: String, _ name: String) throws -> String {
        if let known = self[kind, name] { return known }
        switch kind {
        case "response": return "{response}"
        case "length": return "{length}"
        case "branch": self[kind, name] = "z9hG4bK-\(Phone.token())"
        case "tag", "call-id": self[kind, name] = Phone.token()
        default: throw Missed(description: "nothing is known yet for {\(kind):\(name)}")
        }
        return self[kind, name] ?? ""
    }

    /// Compares a text with a template, and takes what stands in places met first here; tells whether it fits.
    mutating func match(_ text: String, _ template: String) -> Bool {
        let pieces = Template(template).pieces
        var rest = text[...]
        for (place, piece) in pieces.enumerated() {
            switch piece {
            case .literal(let literal):
                guard rest.hasPrefix(literal) else { return false }
                rest = rest.dropFirst(literal.count)
            case .place(let kind, let name):
                if let known = self[kind, name] {
                    guard rest.hasPrefix(known) else { return false }
                    rest = rest.dropFirst(known.count)
                    continue
                }
                let found = Self.capture(rest, before: place + 1 < pieces.count ? pieces[place + 1] : nil)
                guard kind == "*" || Self.isToken(found) else { return false }
                if kind != "*" { self[kind, name] = String(found) }
                rest = rest.dropFirst(found.count)
            }
        }
        return rest.isEmpty
    }

    private static func capture(_ text: Substring, before piece: Template.Piece?) -> Substring {
        guard case .literal(let literal) = piece, let end = text.firstRange(of: literal) else { return text }
        return text[..<end.lowerBound]
    }

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty && !text.contains { " \t;,<>\"".contains($0) }
    }
}
