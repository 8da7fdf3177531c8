// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a codec filter pass changed, for findings. The names are worked out when they are asked for.
package struct CodecReport: Hashable, Sendable {
    /// One active m-line that the list rules.
    package struct Line: Hashable, Sendable, CustomStringConvertible {
        /// The medium.
        package let media: MediaKind
        /// The encoding names as offered; a format without a name stands for itself.
        package let before: [String]
        /// The encoding names that went on, in order; empty when the line was disabled.
        package let after: [String]

        /// `audio: opus, PCMU → PCMU`.
        package var description: String {
            let remainder = after.isEmpty ? "none" : after.joined(separator: ", ")
            return "\(media): \(before.joined(separator: ", ")) → \(remainder)"
        }
    }

    private let source: [UInt8]
    private let parts: [Range<Int>]
    private let list: CodecList

    init(source: [UInt8], pass: CodecFilterPass) {
        self.source = source
        parts = pass.parts
        list = pass.list
    }

    /// The active lines that the list rules, in order, each with its names before and after.
    package var lines: [Line] {
        var lines: [Line] = []
        var selection = CodecSelection()
        let bytes = source.span
        for part in parts {
            guard let description = try? SessionDescription(bytes, in: part) else { continue }
            for media in description.media {
                let verdict = selection.judge(media, of: description, in: bytes, by: list)
                let before = media.formats.map { description.name(of: description.formats[$0], in: bytes) }
                switch verdict {
                case .untouched(isRuled: false):
                    break
                case .untouched(isRuled: true):
                    lines.append(Line(media: media.kind, before: before, after: before))
                case .narrowed:
                    let after = selection.kept.map { description.name(of: description.formats[$0], in: bytes) }
                    lines.append(Line(media: media.kind, before: before, after: after))
                case .emptied:
                    lines.append(Line(media: media.kind, before: before, after: []))
                }
            }
        }
        return lines
    }

    /// The names that audio lines offered, each once, in order.
    var offeredAudio: [String] {
        var names: [String] = []
        for line in lines where line.media == .audio {
            for name in line.before where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
