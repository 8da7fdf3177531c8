// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The parameters of a telephone subscriber that RFC 3966 §3 and RFC 4694 §4 define.
enum SubscriberParameterName: UInt8 {
    case extensionNumber
    case subaddress
    case context
    case portabilityDone
    case routingNumber
    case routingContext
    case carrier
    case carrierContext

    /// Recognises a name whose bytes are all letters, digits and hyphens, in any case; nil for one not known.
    init?(_ bytes: Span<UInt8>, in name: Range<Int>) {
        let found: (name: Self, text: StaticString)
        switch (name.count, name.isEmpty ? 0 : bytes[name.lowerBound] | 0x20) {
        case (2, UInt8(ascii: "r")): found = (.routingNumber, "rn")
        case (3, UInt8(ascii: "e")): found = (.extensionNumber, "ext")
        case (3, UInt8(ascii: "c")): found = (.carrier, "cic")
        case (4, UInt8(ascii: "i")): found = (.subaddress, "isub")
        case (4, UInt8(ascii: "n")): found = (.portabilityDone, "npdi")
        case (10, UInt8(ascii: "r")): found = (.routingContext, "rn-context")
        case (11, UInt8(ascii: "c")): found = (.carrierContext, "cic-context")
        case (13, UInt8(ascii: "p")): found = (.context, "phone-context")
        default: return nil
        }
        let isSame = found.text.withUTF8Buffer { text in
            for index in 0..<text.count where bytes[name.lowerBound + index] | 0x20 != text[index] { return false }
            return true
        }
        guard isSame else { return nil }
        self = found.name
    }
}

/// Where one parameter stands.
struct SubscriberParameter {
    /// The name.
    let name: Range<Int>
    /// Where the parameter ends: at the next `;` or at the end of them all.
    let end: Int

    /// Finds the parameter that begins at `start`, after its `;`.
    init(_ bytes: Span<UInt8>, from start: Int, end limit: Int) {
        var at = start
        while at < limit, bytes[at] != UInt8(ascii: ";"), bytes[at] != UInt8(ascii: "=") { at += 1 }
        name = start..<at
        while at < limit, bytes[at] != UInt8(ascii: ";") { at += 1 }
        end = at
    }

    /// What follows the `=`; empty where there is none.
    var value: Range<Int> { min(name.upperBound + 1, end)..<end }
}

/// The parameters of a telephone subscriber, read for the one that bears on the number.
///
/// The order is free, which RFC 3966 §3 does not allow and phones do. `ext` beside `isub` (§5.3) passes too: both are
/// dropped. So is a context of `rn` or `cic` that qualifies nothing.
struct SubscriberParameters {
    /// The scope that `phone-context` gave.
    private(set) var context = LocalNumber.Context.none
    private var seen: UInt8 = 0
    private var isRoutingNumberLocal = false
    private var isCarrierLocal = false

    /// Reads from the first `;` to the end; nil when all was well.
    mutating func read(_ bytes: Span<UInt8>, in range: Range<Int>) -> NumberRefusal? {
        var at = range.lowerBound
        while at < range.upperBound {
            let parameter = SubscriberParameter(bytes, from: at + 1, end: range.upperBound)
            if let refusal = read(parameter, bytes) { return refusal }
            at = parameter.end
        }
        // RFC 4694 §4: a number that does not begin with `+` is followed by the context it holds in.
        if isRoutingNumberLocal, !has(.routingContext) { return .badParameter }
        return isCarrierLocal && !has(.carrierContext) ? .badParameter : nil
    }

    private mutating func read(_ parameter: SubscriberParameter, _ bytes: Span<UInt8>) -> NumberRefusal? {
        guard !parameter.name.isEmpty else { return .badParameter }
        for index in parameter.name where !isNameByte(bytes[index]) { return .badParameter }
        let value = SubscriberValue(bytes: parameter.value)
        guard let name = SubscriberParameterName(bytes, in: parameter.name) else {
            // RFC 3966 §5.4: a mandatory parameter that is not understood forbids using the number.
            return isMandatory(parameter.name, bytes) ? .unknownMandatoryParameter : value.fault(in: bytes)
        }
        guard !has(name) else { return .repeatedParameter }
        seen |= bit(name)
        return read(value, of: name, bytes)
    }

    private mutating func read(
        _ value: SubscriberValue,
        of name: SubscriberParameterName,
        _ bytes: Span<UInt8>
    ) -> NumberRefusal? {
        switch name {
        // Its grammar has no value, yet `npdi=yes` is what much equipment writes.
        case .portabilityDone: return value.fault(in: bytes)
        case .subaddress: return value.bytes.isEmpty ? .badParameter : value.fault(in: bytes)
        case .extensionNumber: return value.extensionFault(in: bytes)
        case .context: return value.readContext(bytes, &context)
        case .routingNumber: return value.hexadecimalFault(in: bytes, isLocal: &isRoutingNumberLocal)
        case .carrier: return value.hexadecimalFault(in: bytes, isLocal: &isCarrierLocal)
        case .routingContext, .carrierContext: return value.hexadecimalContextFault(in: bytes)
        }
    }

    private func bit(_ name: SubscriberParameterName) -> UInt8 { 1 << name.rawValue }

    private func has(_ name: SubscriberParameterName) -> Bool { seen & bit(name) != 0 }

    private func isMandatory(_ name: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        name.count >= 2 && bytes[name.lowerBound] | 0x20 == UInt8(ascii: "m")
            && bytes[name.lowerBound + 1] == UInt8(ascii: "-")
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }
}
