// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Counts aliases before the composer sees them: it would expand them, and nested ones grow exponentially.
enum AliasScanner {
    /// Where the first alias above the maximum stands; nil when there are no more than that many.
    ///
    /// What looks like an alias inside a comment or a quoted text counts as well, but nothing counts in a text
    /// without an anchor.
    static func firstExcess(in text: String, maximum: Int) -> SourcePosition? {
        var text = text
        return text.withUTF8 { bytes in
            var hasAnchor = false
            var count = 0
            var excess: Int?
            var previous = UInt8(ascii: "\n")
            for index in bytes.indices {
                let byte = bytes[index]
                defer { previous = byte }
                guard byte == UInt8(ascii: "*") || byte == UInt8(ascii: "&"), startsToken(after: previous) else {
                    continue
                }
                guard index + 1 < bytes.count, !isBlank(bytes[index + 1]) else { continue }
                if byte == UInt8(ascii: "&") {
                    hasAnchor = true
                } else {
                    count += 1
                    if count == maximum + 1 { excess = index }
                }
            }
            return hasAnchor ? excess.map { position(of: $0, in: bytes) } : nil
        }
    }

    private static func startsToken(after byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"): true
        default: isBlank(byte)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte <= 0x20
    }

    private static func position(of index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> SourcePosition {
        var position = SourcePosition.start
        for byte in bytes[..<index] {
            if byte == 0x0A {
                position = SourcePosition(line: position.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                position.column += 1
            }
        }
        return position
    }
}
