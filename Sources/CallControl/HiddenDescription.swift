// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a hidden caller's session description loses.
enum HiddenDescription {
    /// A session description without the user name and the host of its origin, its title, and the lines that describe
    /// or reach a person (RFC 4566 §5.2 to §5.6). The connection's address and the media stay.
    static func of(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var hidden: [UInt8] = []
        hidden.reserveCapacity(range.count)
        var start = range.lowerBound
        while start < range.upperBound {
            let next = bytes[start..<range.upperBound].firstIndex(of: 10).map { $0 + 1 } ?? range.upperBound
            appendHidden(bytes, start..<next, to: &hidden)
            start = next
        }
        return hidden
    }

    private static func appendHidden(_ bytes: [UInt8], _ line: Range<Int>, to hidden: inout [UInt8]) {
        guard line.count > 2, bytes[line.lowerBound + 1] == UInt8(ascii: "=") else {
            return hidden.append(contentsOf: bytes[line])
        }
        let value = line.lowerBound + 2..<line.upperBound
        switch bytes[line.lowerBound] {
        case UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "e"), UInt8(ascii: "p"):
            return
        case UInt8(ascii: "o"), UInt8(ascii: "s"):
            let end = bytes[value].firstIndex { $0 == 13 || $0 == 10 } ?? value.upperBound
            hidden.append(contentsOf: bytes[line.lowerBound..<value.lowerBound])
            hidden.append(UInt8(ascii: "-"))
            if bytes[line.lowerBound] == UInt8(ascii: "o") {
                appendOrigin(bytes, value.lowerBound..<end, to: &hidden)
            }
            hidden.append(contentsOf: bytes[end..<value.upperBound])
        default:
            hidden.append(contentsOf: bytes[line])
        }
    }

    /// Appends the session's number and version, and an address that is nobody's: RFC 4566 §5.2 lets an origin that
    /// must stay private name one. It is always the same, so that later descriptions have the same origin.
    private static func appendOrigin(_ bytes: [UInt8], _ value: Range<Int>, to hidden: inout [UInt8]) {
        for field in bytes[value].split(separator: 32).dropFirst().prefix(2) {
            hidden.append(32)
            hidden.append(contentsOf: field)
        }
        hidden.append(contentsOf: " IN IP4 127.0.0.1".utf8)
    }
}
