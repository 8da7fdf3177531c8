// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The value of a parameter, held against the grammar of RFC 3966 §3 and RFC 4694 §4, percent-escapes decoded.
struct SubscriberValue {
    /// Where it stands.
    let bytes: Range<Int>

    private var source: EscapedBytes { EscapedBytes(at: bytes.lowerBound, end: bytes.upperBound) }

    /// What is wrong with it as a value of any kind; nil when nothing is.
    func fault(in bytes: Span<UInt8>) -> NumberRefusal? {
        source.fault(in: bytes)
    }

    /// What is wrong with it as `1*phonedigit`, at least one of them a digit; nil when nothing is.
    func extensionFault(in bytes: Span<UInt8>) -> NumberRefusal? {
        digitsFault(source, in: bytes) { $0 &- UInt8(ascii: "0") < 10 }
    }

    /// What is wrong with it as a global or local number of hexadecimal digits; nil when nothing is.
    func hexadecimalFault(in bytes: Span<UInt8>, isLocal: inout Bool) -> NumberRefusal? {
        var rest = source
        guard case .byte(UInt8(ascii: "+")) = rest.next(in: bytes) else {
            isLocal = true
            return digitsFault(source, in: bytes, isHexadecimal)
        }
        var first = rest
        // `global-hex-digits` begins with a calling code, so what follows the `+` is a decimal digit.
        if case .byte(let byte) = first.next(in: bytes), byte &- UInt8(ascii: "0") >= 10 { return .badParameter }
        return digitsFault(rest, in: bytes, isHexadecimal)
    }

    /// What is wrong with it as a global number of hexadecimal digits or a domain name; nil when nothing is.
    func hexadecimalContextFault(in bytes: Span<UInt8>) -> NumberRefusal? {
        if let refusal = fault(in: bytes) { return refusal }
        var rest = source
        guard case .byte(UInt8(ascii: "+")) = rest.next(in: bytes) else {
            return isDomain(in: bytes) ? nil : .badParameter
        }
        var isLocal = false
        return hexadecimalFault(in: bytes, isLocal: &isLocal)
    }

    /// Reads it as the leading digits of a global number or as a domain name; nil when all was well.
    func readContext(_ bytes: Span<UInt8>, _ context: inout LocalNumber.Context) -> NumberRefusal? {
        if let refusal = fault(in: bytes) { return refusal }
        var reading = SubscriberReading()
        let refusal = reading.readNumber(bytes, source)
        guard reading.isGlobal else {
            guard isDomain(in: bytes) else { return .badParameter }
            context = .domain(self.bytes)
            return nil
        }
        guard refusal == nil, reading.digits[0] != UInt8(ascii: "0"), let prefix = reading.digits.value(after: 0)
        else { return .badParameter }
        context = .global(prefix)
        return nil
    }

    private func digitsFault(
        _ source: EscapedBytes,
        in bytes: Span<UInt8>,
        _ isDigit: (UInt8) -> Bool
    ) -> NumberRefusal? {
        var source = source
        var hasDigit = false
        while true {
            switch source.next(in: bytes) {
            case .refused(let refusal): return refusal
            case .end: return hasDigit ? nil : .badParameter
            case .byte(let byte):
                if isDigit(byte) {
                    hasDigit = true
                } else if !SubscriberReading.isSeparator(byte) {
                    return .badParameter
                }
            }
        }
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    /// `domainname`: labels of letters, digits and inner hyphens, the last one beginning with a letter.
    ///
    /// Where there are several labels the last may begin with a digit, so that the IPv4 address of a gateway without a
    /// name can be its domain; a single number, as `44` for `+44`, is a mistake.
    private func isDomain(in bytes: Span<UInt8>) -> Bool {
        var source = source
        var labels = 0
        var isInside = false
        var isHyphenLast = false
        var beginsWithLetter = false
        while case .byte(let byte) = source.next(in: bytes) {
            let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 26
            if isLetter || byte &- UInt8(ascii: "0") < 10 {
                if !isInside {
                    beginsWithLetter = isLetter
                    labels += 1
                }
                isInside = true
                isHyphenLast = false
            } else {
                guard isInside, byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") && !isHyphenLast else {
                    return false
                }
                isHyphenLast = byte == UInt8(ascii: "-")
                isInside = isHyphenLast
            }
        }
        return labels > 0 && !isHyphenLast && (beginsWithLetter || labels > 1)
    }
}
