// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

extension CrossingBody {
    /// The body as a hidden caller's callee may see it: a session description loses the user name and the host of its
    /// origin, its title, and the lines that describe or reach a person (RFC 4566 §5.2 to §5.6). The connection's
    /// address and the media stay.
    func crossing(_ passage: HeaderPassage) -> CrossingBody {
        guard passage.hidesCaller, range.length > 2, bytes[Int(range.offset)] == UInt8(ascii: "v"),
            bytes[Int(range.offset) + 1] == UInt8(ascii: "=")
        else { return self }
        var hidden: [UInt8] = []
        hidden.reserveCapacity(Int(range.length))
        var start = range.indices.lowerBound
        let end = range.indices.upperBound
        while start < end {
            let next = bytes[start..<end].firstIndex(of: 10).map { $0 + 1 } ?? end
            Self.appendHidden(bytes, start..<next, to: &hidden)
            start = next
        }
        return hidden.elementsEqual(bytes[range.indices]) ? self : CrossingBody(hidden)
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
