// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The second place of a key that stands twice in one block mapping.
///
/// The composer stops at the first mapping with a duplicate and names only the key's first place. So that one run
/// shows every problem, the second place is found in the text and overwritten by a mask of the same length.
struct DuplicateKey {
    /// A private-use scalar; no configuration key begins with it.
    private static let firstMask: UInt32 = 0xE000

    let key: String
    let position: SourcePosition
    /// Where the key stands, quotes included.
    let range: Range<String.Index>
    private let length: Int

    /// Finds the next line of the same block that has the key; nil in flow mappings and when there is none.
    init?(after first: SourcePosition, among keys: [String], in text: String) {
        var lines = LineCursor(text)
        guard lines.skip(first.line - 1), let opening = lines.next() else { return nil }
        let indentation = first.column - 1
        guard
            let key = keys.first(where: { DuplicateKey.match($0, at: indentation, of: opening, in: text) != nil })
        else { return nil }
        var number = first.line
        while let line = lines.next() {
            number += 1
            let depth = text[line].prefix { $0 == " " }.count
            let rest = text[line].dropFirst(depth)
            if rest.isEmpty || rest.hasPrefix("#") { continue }
            guard depth >= indentation else { return nil }
            guard depth == indentation,
                let range = DuplicateKey.match(key, at: indentation, of: line, in: text)
            else { continue }
            self.key = key
            self.position = SourcePosition(line: number, column: first.column)
            self.range = range
            self.length = text[range].unicodeScalars.count
            return
        }
        return nil
    }

    /// A text as long as the key that no other key has, so that columns stay what they were.
    func mask(_ round: Int) -> String {
        let value = Self.firstMask + UInt32(truncatingIfNeeded: round)
        let scalar = Unicode.Scalar(value) ?? "\u{E000}"
        return String(repeating: String(Character(scalar)), count: length)
    }

    /// Whether a key is one of the masks.
    static func isMask(_ key: String) -> Bool {
        guard let scalar = key.unicodeScalars.first else { return false }
        let limit = firstMask + UInt32(truncatingIfNeeded: YAMLDocument.maximumDuplicateCount)
        return (firstMask..<limit).contains(scalar.value)
    }

    private static func match(
        _ key: String,
        at indentation: Int,
        of line: Range<String.Index>,
        in text: String
    ) -> Range<String.Index>? {
        let scalars = text.unicodeScalars
        guard let start = scalars.index(line.lowerBound, offsetBy: indentation, limitedBy: line.upperBound) else {
            return nil
        }
        for spelling in [key, "\"\(key)\"", "'\(key)'"] where text[start..<line.upperBound].hasPrefix(spelling) {
            guard let end = text.index(start, offsetBy: spelling.count, limitedBy: line.upperBound) else { continue }
            if text[end..<line.upperBound].drop(while: { $0 == " " }).hasPrefix(":") { return start..<end }
        }
        return nil
    }
}

/// Walks over the lines of a text without copying them.
struct LineCursor {
    private let text: String
    private var position: String.Index

    init(_ text: String) {
        self.text = text
        position = text.startIndex
    }

    /// The next line without its end; nil after the last.
    mutating func next() -> Range<String.Index>? {
        guard position < text.endIndex else { return nil }
        let start = position
        var end = text.utf8[start...].firstIndex(of: 0x0A) ?? text.endIndex
        position = end < text.endIndex ? text.utf8.index(after: end) : end
        if end > start, text.utf8[text.utf8.index(before: end)] == 0x0D { end = text.utf8.index(before: end) }
        return start..<end
    }

    /// Leaves out so many lines; false when the text has fewer.
    mutating func skip(_ count: Int) -> Bool {
        for _ in 0..<max(0, count) {
            guard next() != nil else { return false }
        }
        return true
    }
}
