// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

extension CrossingBody {
    /// The body as a hidden caller's callee may see it: a session description loses the user name of its origin, its
    /// title, and the lines that describe or reach a person (RFC 4566 §5.2 to §5.6). Addresses and media stay.
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
            // An origin without a blank, like a title, is replaced up to its line end.
            let isOrigin = bytes[line.lowerBound] == UInt8(ascii: "o")
            let kept = bytes[value].firstIndex { $0 == 13 || $0 == 10 || (isOrigin && $0 == 32) } ?? value.upperBound
            hidden.append(contentsOf: bytes[line.lowerBound..<value.lowerBound])
            hidden.append(UInt8(ascii: "-"))
            hidden.append(contentsOf: bytes[kept..<value.upperBound])
        default:
            hidden.append(contentsOf: bytes[line])
        }
    }
}
