// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads Content-Length out of a header section, one line at a time (RFC 3261 §20.14).
///
/// The name is compared without regard to case, the compact form `l` counts, white space may stand before the colon,
/// and a value may be folded over several lines (RFC 3261 §7.3.1).
struct ContentLengthReader {
    private(set) var length: Int?
    private(set) var error: StreamFramingError?
    private var field = Field.other

    private enum Field {
        case other
        case contentLength(Value)
    }

    private struct Value {
        var number = 0
        var digits = 0
        var ended = false
        var malformed = false

        mutating func read(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard !ended, number < ContentLengthReader.ceiling else {
                    malformed = true
                    return
                }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
                digits += 1
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                ended = digits > 0
            default:
                malformed = true
            }
        }
    }

    /// Above any length that can be meant, and far from where a multiplication by ten could overflow.
    private static let ceiling = 1 << 40

    private static let name: StaticString = "content-length"

    /// Takes a line without its CRLF. The start line may be given too: it has no Content-Length before a colon.
    mutating func readLine(_ line: UnsafeBufferPointer<UInt8>) {
        guard let first = line.first else { return }
        if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            continueField(line, from: 0)
            return
        }
        endField()
        if let colon = ContentLengthReader.colonAfterName(in: line) {
            field = .contentLength(Value())
            continueField(line, from: colon + 1)
        }
    }

    /// Ends the header section.
    mutating func finish() {
        endField()
        if error == nil, length == nil {
            error = .contentLengthMissing
        }
    }

    private mutating func continueField(_ line: UnsafeBufferPointer<UInt8>, from start: Int) {
        guard case .contentLength(var value) = field else { return }
        // A fold is white space: digits on both sides of it are two numbers.
        if start == 0 {
            value.read(UInt8(ascii: " "))
        }
        for index in start..<line.count {
            value.read(line[index])
        }
        field = .contentLength(value)
    }

    private mutating func endField() {
        guard case .contentLength(let value) = field else { return }
        field = .other
        if value.malformed || value.digits == 0 {
            error = error ?? .contentLengthMalformed
        } else if let length, length != value.number {
            error = error ?? .contentLengthConflicting
        } else {
            length = value.number
        }
    }

    /// The index of the colon when the line's name is Content-Length or `l`, else nil.
    private static func colonAfterName(in line: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let first = line.first else { return nil }
        var index: Int
        switch first | 0x20 {
        case UInt8(ascii: "l"):
            index = 1
        case UInt8(ascii: "c") where isContentLength(line):
            index = name.utf8CodeUnitCount
        default:
            return nil
        }
        while index < line.count, line[index] == UInt8(ascii: " ") || line[index] == UInt8(ascii: "\t") {
            index += 1
        }
        return index < line.count && line[index] == UInt8(ascii: ":") ? index : nil
    }

    private static func isContentLength(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        let count = name.utf8CodeUnitCount
        guard line.count > count else { return false }
        for index in 0..<count {
            let byte = line[index]
            let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
            guard lower == name.utf8Start[index] else { return false }
        }
        return true
    }
}
