// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The parameters of a telephone subscriber (RFC 3966 §3), read for the one that bears on the number.
struct SubscriberParameters {
    private(set) var context = LocalNumber.Context.none
    private var hasSubaddress = false
    private var hasExtension = false

    /// Reads from the first `;` to the end; nil when all was well.
    mutating func read(_ bytes: [UInt8], in range: Range<Int>) -> NumberRefusal? {
        var at = range.lowerBound
        while at < range.upperBound {
            let start = at + 1
            let end = bytes[start..<range.upperBound].firstIndex(of: UInt8(ascii: ";")) ?? range.upperBound
            if let refusal = readParameter(bytes, in: start..<end) { return refusal }
            at = end
        }
        return nil
    }

    private mutating func readParameter(_ bytes: [UInt8], in range: Range<Int>) -> NumberRefusal? {
        let nameEnd = bytes[range].firstIndex(of: UInt8(ascii: "=")) ?? range.upperBound
        let name = range.lowerBound..<nameEnd
        guard !name.isEmpty, bytes[name].allSatisfy(isNameByte) else { return .badParameter }
        let value = EscapedBytes(bytes: bytes, at: min(nameEnd + 1, range.upperBound), end: range.upperBound)
        if let refusal = check(value) { return refusal }
        if matches(bytes[name], "phone-context") { return readContext(value) }
        if matches(bytes[name], "isub") {
            defer { hasSubaddress = true }
            return hasSubaddress ? .repeatedParameter : nil
        }
        if matches(bytes[name], "ext") {
            defer { hasExtension = true }
            return hasExtension ? .repeatedParameter : nil
        }
        return matches(bytes[name].prefix(2), "m-") ? .unknownMandatoryParameter : nil
    }

    private func check(_ value: EscapedBytes) -> NumberRefusal? {
        var value = value
        while true {
            switch value.next() {
            case .refused(let refusal): return refusal
            case .end: return nil
            case .byte: continue
            }
        }
    }

    private mutating func readContext(_ value: EscapedBytes) -> NumberRefusal? {
        guard context == .none else { return .repeatedParameter }
        var domain = value
        guard case .byte(let first) = domain.next() else { return .badParameter }
        if first == UInt8(ascii: "+") {
            var reading = SubscriberReading()
            guard reading.read(value) == nil, reading.digits[0] != UInt8(ascii: "0"),
                let prefix = reading.digits.value(after: 0)
            else { return .badParameter }
            context = .global(prefix)
            return nil
        }
        guard isDomainByte(first) else { return .badParameter }
        while case .byte(let byte) = domain.next() {
            guard isDomainByte(byte) else { return .badParameter }
        }
        context = .domain
        return nil
    }

    private func matches(_ name: ArraySlice<UInt8>, _ expected: StaticString) -> Bool {
        expected.withUTF8Buffer { expected in
            name.count == expected.count && zip(name, expected).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
    }

    private func isDomainByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || byte == UInt8(ascii: ".")
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
