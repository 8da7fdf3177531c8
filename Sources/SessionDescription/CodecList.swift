// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The media kinds that the codec filter tells apart, from the first field of an m-line (RFC 8866 §5.14).
package enum MediaKind: Hashable, Sendable {
    /// `m=audio`.
    case audio
    /// `m=video`.
    case video
    /// `m=text` (RFC 4103).
    case text
    /// Any other medium; never filtered.
    case other
}

/// Why a text is not a codec list.
package enum CodecListError: Error, Hashable, Sendable {
    /// The text is longer than 255 characters.
    case tooLong(length: Int)
    /// The text holds a CR or LF.
    case lineBreak
    /// Two commas, a comma at either end, or a lone comma leave a name empty.
    case emptyName
    /// A hyphen stands at the start or end of a name, or next to another hyphen.
    case misplacedHyphen
    /// A character is neither an ASCII letter, digit, hyphen nor comma.
    case forbiddenCharacter
}

/// An ordered list of encoding names, most wanted first; names compare without regard to case.
///
/// An empty list means that nothing is filtered.
package struct CodecList: Hashable, Sendable, CustomStringConvertible {
    /// The list as the operator spelled it.
    package let description: String

    /// The names folded to lower case, commas included.
    let folded: [UInt8]
    let entries: [Entry]

    struct Entry: Sendable {
        let name: Range<Int>
        let word: PackedWord
        let kind: MediaKind
    }

    /// The list that names nothing, so that nothing is filtered.
    package static let unrestricted = CodecList()

    /// Whether the list names nothing, so that nothing is filtered.
    package var isEmpty: Bool { entries.isEmpty }

    /// The names in the operator's spelling, most wanted first.
    package var names: [String] {
        description.split(separator: ",").map(String.init)
    }

    private init() {
        description = ""
        folded = []
        entries = []
    }

    /// Reads a comma-separated list of names, each made of ASCII alphanumeric runs joined by single hyphens.
    ///
    /// The text has at most 255 characters and no blanks; the empty text is the empty list. Names are not checked
    /// against a registry, for endpoints may agree on any.
    package init(_ text: String) throws(CodecListError) {
        let bytes = Array(text.utf8)
        let length = text.unicodeScalars.count
        guard length <= 255 else { throw .tooLong(length: length) }
        guard !bytes.contains(where: { $0 == Byte.carriageReturn || $0 == Byte.lineFeed }) else { throw .lineBreak }
        let folded = bytes.map(Byte.folded)
        description = text
        self.folded = folded
        entries = try Self.entries(of: folded)
    }

    private static func entries(of folded: [UInt8]) throws(CodecListError) -> [Entry] {
        guard !folded.isEmpty else { return [] }
        var entries: [Entry] = []
        var start = 0
        while true {
            let end = folded[start...].firstIndex(of: Byte.comma) ?? folded.count
            try check(folded[start..<end])
            let word = folded.span.packedWord(start..<end)
            entries.append(Entry(name: start..<end, word: word, kind: MediaKind(encodingName: word)))
            guard end < folded.count else { return entries }
            start = end + 1
        }
    }

    private static func check(_ name: ArraySlice<UInt8>) throws(CodecListError) {
        guard let first = name.first, let last = name.last else { throw .emptyName }
        guard first != Byte.hyphen, last != Byte.hyphen else { throw .misplacedHyphen }
        var previous: UInt8 = 0
        for byte in name {
            guard byte == Byte.hyphen || Byte.isLetterOrDigit(byte) else { throw .forbiddenCharacter }
            guard byte != Byte.hyphen || previous != Byte.hyphen else { throw .misplacedHyphen }
            previous = byte
        }
    }

    /// Two lists are equal when they hold the same names in the same order, whatever the case.
    package static func == (left: CodecList, right: CodecList) -> Bool {
        left.folded == right.folded
    }

    /// Hashes the names without regard to case.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(folded)
    }

    /// Whether lines of this medium are filtered: audio always, another when the list names one of its codecs.
    func governs(_ kind: MediaKind) -> Bool {
        switch kind {
        case .audio: !isEmpty
        case .video, .text: entries.contains { $0.kind == kind }
        case .other: false
        }
    }

    /// The place of a name in the list, or nil when the list does not hold it.
    func rank(of encoding: Encoding, in bytes: Span<UInt8>) -> Int? {
        if encoding.word != .unpackable {
            return entries.firstIndex { $0.word == encoding.word }
        }
        for (rank, entry) in entries.enumerated() where entry.name.count == encoding.name.count {
            let pairs = zip(entry.name, encoding.name)
            if pairs.allSatisfy({ folded[$0] == Byte.folded(bytes[$1]) }) { return rank }
        }
        return nil
    }
}
