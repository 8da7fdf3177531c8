// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage
import SIPParser

/// One line of a message that would be sent, beside the captured one.
package struct MarkedLine: Encodable, Hashable, Sendable {
    /// How the line relates to the captured message.
    package enum Mark: String, Encodable, Hashable, Sendable, CaseIterable {
        /// It stands there too.
        case same
        /// The captured message has another value.
        case changed
        /// The captured message has no such line.
        case added
        /// Only the captured message has it.
        case dropped
    }

    /// How the line relates to the captured message.
    package let mark: Mark
    /// The line as it would be sent; for a dropped one, as captured.
    package let text: String
    /// The captured line that was changed; nil for other marks.
    package let before: String?

    init(_ mark: Mark, _ text: String, before: String? = nil) {
        self.mark = mark
        self.text = text
        self.before = before
    }
}

/// Compares a message that would be sent with the captured one.
///
/// Header fields are paired by name, the first with the first; a body is compared line by line. Credentials are never
/// shown.
package enum MessageComparison {
    private static let reader = MessageReader(
        limits: ScannerLimits(headerLines: 512, listElements: 512, totalElements: 2_048, headerBytes: 131_072),
        secondReading: .never
    )

    /// The lines that would be sent, then of each section the captured lines that would not; empty when what would be
    /// sent cannot be read.
    package static func lines(captured: SIPMessage, sent: [UInt8]) -> [MarkedLine] {
        guard let sent = try? reader.read(sent, .datagram) else { return [] }
        return startLine(captured, sent) + fields(captured, sent) + body(captured, sent)
    }

    private static func startLine(_ captured: SIPMessage, _ sent: SIPMessage) -> [MarkedLine] {
        let (before, after) = (firstLine(captured), firstLine(sent))
        return [before == after ? MarkedLine(.same, after) : MarkedLine(.changed, after, before: before)]
    }

    private static func firstLine(_ message: SIPMessage) -> String {
        let end = message.bytes.firstIndex { $0 == 0x0D || $0 == 0x0A } ?? message.bytes.endIndex
        return String(decoding: message.bytes[..<end], as: UTF8.self)
    }

    private struct Field {
        let key: String
        let name: String
        let value: String
        var isPaired = false

        var line: String { "\(name): \(value)" }
    }

    private static func list(_ message: SIPMessage) -> [Field] {
        message.fields.map { field in
            let written = message.text(field.nameRange)
            let key = field.name == .other ? written.lowercased() : "\(field.name)"
            let isSecret = field.name == .authorization || field.name == .proxyAuthorization
            return Field(
                key: key,
                name: written,
                value: isSecret ? "(credentials, not shown)" : message.text(field.value)
            )
        }
    }

    private static func fields(_ captured: SIPMessage, _ sent: SIPMessage) -> [MarkedLine] {
        var old = list(captured)
        var lines: [MarkedLine] = []
        for new in list(sent) {
            let same = old.firstIndex { !$0.isPaired && $0.key == new.key && $0.value == new.value }
            guard let match = same ?? old.firstIndex(where: { !$0.isPaired && $0.key == new.key }) else {
                lines.append(MarkedLine(.added, new.line))
                continue
            }
            old[match].isPaired = true
            lines.append(
                old[match].value == new.value
                    ? MarkedLine(.same, new.line) : MarkedLine(.changed, new.line, before: old[match].line)
            )
        }
        return lines + old.filter { !$0.isPaired }.map { MarkedLine(.dropped, $0.line) }
    }

    private static func body(_ captured: SIPMessage, _ sent: SIPMessage) -> [MarkedLine] {
        guard !captured.body.isEmpty || !sent.body.isEmpty else { return [] }
        return [MarkedLine(.same, "")] + merge(split(captured), split(sent))
    }

    private static func split(_ message: SIPMessage) -> [String] {
        var lines = message.bytes[message.body.indices].split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self) }
    }

    private static func merge(_ old: [String], _ new: [String]) -> [MarkedLine] {
        guard old.count <= 1_000, new.count <= 1_000 else {
            return old == new
                ? new.map { MarkedLine(.same, $0) }
                : old.map { MarkedLine(.dropped, $0) } + new.map { MarkedLine(.added, $0) }
        }
        // The standard library's difference is the shortest script, in time that grows with the number of changes.
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [MarkedLine] = []
        var position = 0
        for (place, line) in new.enumerated() {
            while position < old.count, removed.contains(position) {
                lines.append(MarkedLine(.dropped, old[position]))
                position += 1
            }
            if inserted.contains(place) {
                lines.append(MarkedLine(.added, line))
            } else {
                lines.append(MarkedLine(.same, line))
                position += 1
            }
        }
        return lines + old.dropFirst(position).map { MarkedLine(.dropped, $0) }
    }
}
