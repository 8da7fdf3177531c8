// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A session description cut at its m-lines (RFC 8866 §5): what stands before the first, then a section for each.
struct MediaSections {
    /// The lines of the session, each with its end.
    private(set) var session: [ArraySlice<UInt8>] = []
    /// The lines of each section, its m-line first, each with its end.
    private(set) var media: [[ArraySlice<UInt8>]] = []

    /// Cuts a session description; nil for one that cannot be read.
    init?(_ description: [UInt8]) {
        guard (try? SessionDescription(description)) != nil else { return nil }
        var start = 0
        while start < description.count {
            let end = description[start...].firstIndex { $0 == 10 || $0 == 13 } ?? description.count
            let isPair = end + 1 < description.count && description[end] == 13 && description[end + 1] == 10
            let next = min(description.count, end + (isPair ? 2 : 1))
            let line = description[start..<next]
            if line.starts(with: "m=".utf8) {
                media.append([line])
            } else if let last = media.indices.last {
                media[last].append(line)
            } else {
                session.append(line)
            }
            start = next
        }
    }

    /// The m-lines, read.
    var lines: [MediaLine] { media.compactMap { $0.first.flatMap(MediaLine.init) } }

    /// Puts a session description together again.
    static func joined(_ session: [ArraySlice<UInt8>], _ media: [[ArraySlice<UInt8>]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for line in session { bytes.append(line: line) }
        for section in media { for line in section { bytes.append(line: line) } }
        return bytes
    }
}

/// What an m-line says beside its port (RFC 8866 §5.14).
package struct MediaLine: Hashable, Sendable {
    /// The medium, such as `audio`.
    package var media: [UInt8]
    /// The transport protocol, such as `RTP/AVP`.
    package var transport: [UInt8]
    /// The formats, separated by blanks.
    package var formats: [UInt8]
    /// Whether the line's port is not 0.
    var isActive = false

    /// Makes a line out of its parts, as they were kept.
    package init(media: [UInt8], transport: [UInt8], formats: [UInt8]) {
        self.media = media
        self.transport = transport
        self.formats = formats
    }

    /// Reads an m-line; nil when a part is missing.
    init?(_ line: ArraySlice<UInt8>) {
        let parts = line.withoutEnd.dropFirst(2).split(separator: 32, maxSplits: 3)
        guard parts.count >= 3 else { return nil }
        self.init(media: Array(parts[0]), transport: Array(parts[2]), formats: parts.count > 3 ? Array(parts[3]) : [])
        isActive = parts[1] != [UInt8(ascii: "0")]
    }

    /// Whether the stream is one that may be agreed upon without keys or a handshake.
    var isPlainRTP: Bool {
        transport.elementsEqual("RTP/AVP".utf8) || transport.elementsEqual("RTP/AVPF".utf8)
    }

    /// The m-line with a port.
    func text(port: Int) -> [UInt8] {
        var line = Array("m=".utf8) + media
        line.append(contentsOf: " \(port) ".utf8)
        line += transport
        line.append(32)
        line += formats.isEmpty ? [UInt8(ascii: "0")] : formats
        line += [13, 10]
        return line
    }
}

extension ArraySlice<UInt8> {
    /// A line without its end.
    var withoutEnd: ArraySlice<UInt8> {
        prefix { $0 != 13 && $0 != 10 }
    }
}

extension [UInt8] {
    /// Appends a line and its end; one that has none gets CRLF.
    fileprivate mutating func append(line: ArraySlice<UInt8>) {
        append(contentsOf: line)
        if let last = line.last, last != 10, last != 13 { append(contentsOf: [13, 10]) }
    }
}
