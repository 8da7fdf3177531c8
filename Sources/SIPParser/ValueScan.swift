// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The search for the end of one header field value, told of each byte that may matter.
struct ValueScan {
    private let start: Int
    /// How many elements the value has been found to hold, at least.
    private(set) var elements = 1
    private var parameters = 0
    private var hasEscapedControl = false

    init(start: Int) {
        self.start = start
    }

    /// Takes note of a control character, comma or semicolon; true for the CR of the line end that ends the value.
    @inline(__always)
    mutating func meets(
        _ bytes: Span<UInt8>,
        _ index: Int,
        _ limits: borrowing ScannerLimits
    ) throws(ScanFault) -> Bool {
        switch bytes[index] {
        case UInt8(ascii: ","):
            elements += 1
            parameters = 0
            guard elements <= limits.listElements else { throw Self.tooMany(index) }
        case UInt8(ascii: ";"):
            parameters += 1
            guard parameters <= limits.parameters else { throw Self.tooMany(index) }
        case 13:
            return try meetsReturn(bytes, index)
        case 10 where index > start && bytes[index - 1] == 13, 9:
            break
        case let byte:
            guard byte != 10, index > start, bytes[index - 1] == UInt8(ascii: "\\") else {
                throw ScanFault(.structure, "a header field holds a control character", at: index)
            }
            hasEscapedControl = true
        }
        return false
    }

    private func meetsReturn(_ bytes: Span<UInt8>, _ index: Int) throws(ScanFault) -> Bool {
        guard index + 1 < bytes.count, bytes[index + 1] == 10 else {
            throw ScanFault(.structure, "a carriage return stands without its line feed", at: index)
        }
        // RFC 3261 §7.3.1: a line that begins with a blank continues the one before.
        if index + 2 < bytes.count, bytes[index + 2] == 32 || bytes[index + 2] == 9 { return false }
        if hasEscapedControl { try Self.checkQuoting(bytes, start..<index) }
        return true
    }

    private static func tooMany(_ index: Int) -> ScanFault {
        ScanFault(.limit, "a header field has too many elements or parameters", at: index)
    }

    /// A quoted-pair may hold a control character (RFC 3261 §25.1), but only inside a quoted string or a comment;
    /// elsewhere it cuts or hides header fields.
    private static func checkQuoting(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(ScanFault) {
        var isQuoted = false
        var depth = 0
        var isEscaped = false
        for index in range {
            let byte = bytes[index]
            let isInside = isQuoted || depth > 0
            if isEscaped {
                isEscaped = false
            } else if isInside, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\""), depth == 0 {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "("), !isQuoted {
                depth += 1
            } else if byte == UInt8(ascii: ")"), !isQuoted, depth > 0 {
                depth -= 1
            } else if byte < 32 || byte == 127, !ASCII.isLinearWhitespace(byte) {
                throw ScanFault(.structure, "a header field holds a control character", at: index)
            }
        }
    }
}
