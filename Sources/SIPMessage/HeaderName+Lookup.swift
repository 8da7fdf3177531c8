// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

extension HeaderName {
    /// The name as it is written on the wire; empty for `other`.
    package var wireName: StaticString {
        let index = Int(rawValue)
        return index < Self.wireNames.count ? Self.wireNames[index] : ""
    }

    /// Finds a name by its bytes, in any case and in compact form (RFC 3261 §7.3.1, §7.3.3).
    package static func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> HeaderName {
        if range.count == 1 { return compactForm(bytes[range.lowerBound]) }
        if let (name, text) = common(bytes, range), bytes.equals(range, ignoringCase: text) { return name }
        let table = NameTable.shared
        var slot = NameTable.hash(bytes, range)
        while true {
            let candidate = table.slots[slot]
            if candidate == 0 { return .other }
            if table.matches(Int(candidate), bytes, range) {
                return HeaderName(rawValue: candidate) ?? .other
            }
            slot = (slot &+ 1) & (NameTable.size - 1)
        }
    }
}

extension HeaderName {
    /// The one of the everyday names that has this length, first and last letter; no two of them share all three.
    private static func common(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (HeaderName, StaticString)? {
        guard range.count > 1 else { return nil }
        return switch (range.count, bytes[range.lowerBound] | 0x20, bytes[range.upperBound - 1] | 0x20) {
        case (2, UInt8(ascii: "t"), UInt8(ascii: "o")): (.to, "To")
        case (3, UInt8(ascii: "v"), UInt8(ascii: "a")): (.via, "Via")
        case (4, UInt8(ascii: "c"), UInt8(ascii: "q")): (.cseq, "CSeq")
        case (4, UInt8(ascii: "d"), UInt8(ascii: "e")): (.date, "Date")
        case (4, UInt8(ascii: "f"), UInt8(ascii: "m")): (.from, "From")
        case (4, UInt8(ascii: "p"), UInt8(ascii: "h")): (.path, "Path")
        case (4, UInt8(ascii: "r"), UInt8(ascii: "k")): (.rack, "RAck")
        case (4, UInt8(ascii: "r"), UInt8(ascii: "q")): (.rseq, "RSeq")
        case (5, UInt8(ascii: "a"), UInt8(ascii: "w")): (.allow, "Allow")
        case (5, UInt8(ascii: "e"), UInt8(ascii: "t")): (.event, "Event")
        case (5, UInt8(ascii: "r"), UInt8(ascii: "e")): (.route, "Route")
        case (6, UInt8(ascii: "a"), UInt8(ascii: "t")): (.accept, "Accept")
        case (6, UInt8(ascii: "m"), UInt8(ascii: "e")): (.minSE, "Min-SE")
        case (6, UInt8(ascii: "r"), UInt8(ascii: "n")): (.reason, "Reason")
        case (6, UInt8(ascii: "s"), UInt8(ascii: "r")): (.server, "Server")
        case (7, UInt8(ascii: "c"), UInt8(ascii: "d")): (.callID, "Call-ID")
        case (7, UInt8(ascii: "c"), UInt8(ascii: "t")): (.contact, "Contact")
        case (7, UInt8(ascii: "e"), UInt8(ascii: "s")): (.expires, "Expires")
        case (7, UInt8(ascii: "p"), UInt8(ascii: "y")): (.privacy, "Privacy")
        case (7, UInt8(ascii: "r"), UInt8(ascii: "e")): (.require, "Require")
        case (9, UInt8(ascii: "s"), UInt8(ascii: "d")): (.supported, "Supported")
        case (10, UInt8(ascii: "u"), UInt8(ascii: "t")): (.userAgent, "User-Agent")
        case (12, UInt8(ascii: "a"), UInt8(ascii: "s")): (.allowEvents, "Allow-Events")
        case (12, UInt8(ascii: "c"), UInt8(ascii: "e")): (.contentType, "Content-Type")
        case (12, UInt8(ascii: "m"), UInt8(ascii: "s")): (.maxForwards, "Max-Forwards")
        case (12, UInt8(ascii: "o"), UInt8(ascii: "n")): (.organization, "Organization")
        case (12, UInt8(ascii: "r"), UInt8(ascii: "e")): (.recordRoute, "Record-Route")
        case (13, UInt8(ascii: "a"), UInt8(ascii: "n")): (.authorization, "Authorization")
        case (14, UInt8(ascii: "c"), UInt8(ascii: "h")): (.contentLength, "Content-Length")
        case (15, UInt8(ascii: "r"), UInt8(ascii: "d")): (.remotePartyID, "Remote-Party-ID")
        case (15, UInt8(ascii: "s"), UInt8(ascii: "s")): (.sessionExpires, "Session-Expires")
        case (19, UInt8(ascii: "c"), UInt8(ascii: "n")): (.contentDisposition, "Content-Disposition")
        case (19, UInt8(ascii: "p"), UInt8(ascii: "n")): (.proxyAuthorization, "Proxy-Authorization")
        case (19, UInt8(ascii: "p"), UInt8(ascii: "y")): (.pAssertedIdentity, "P-Asserted-Identity")
        case (20, UInt8(ascii: "p"), UInt8(ascii: "y")): (.pPreferredIdentity, "P-Preferred-Identity")
        default: nil
        }
    }
}

/// An open-addressed table over the lower-cased names, built once.
private struct NameTable: Sendable {
    static let size = 1024
    static let shared = NameTable()

    let slots: [UInt8]
    private let text: [UInt8]
    private let offsets: [UInt16]

    init() {
        var slots = [UInt8](repeating: 0, count: Self.size)
        var text: [UInt8] = []
        var offsets: [UInt16] = [0]
        for (index, name) in HeaderName.wireNames.enumerated() {
            let start = text.count
            name.withUTF8Buffer { text.append(contentsOf: $0.lazy.map(ASCII.lowercased)) }
            offsets.append(UInt16(text.count))
            guard text.count > start else { continue }
            var slot = Self.hash(text.span, start..<text.count)
            while slots[slot] != 0 { slot = (slot + 1) & (Self.size - 1) }
            slots[slot] = UInt8(index)
        }
        self.slots = slots
        self.text = text
        self.offsets = offsets
    }

    static func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        guard !range.isEmpty else { return 0 }
        let first = Int(bytes[range.lowerBound] | 0x20)
        let last = Int(bytes[range.upperBound - 1] | 0x20)
        let middle = Int(bytes[range.lowerBound + range.count / 2] | 0x20)
        let quarter = Int(bytes[range.lowerBound + range.count / 4] | 0x20)
        return (first &* 7 &+ last &* 31 &+ middle &* 131 &+ quarter &* 17 &+ range.count &* 61) & (size - 1)
    }

    func matches(_ index: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start = Int(offsets[index])
        guard Int(offsets[index + 1]) - start == range.count else { return false }
        for position in 0..<range.count
        where ASCII.lowercased(bytes[range.lowerBound + position]) != text[start + position] {
            return false
        }
        return true
    }
}
