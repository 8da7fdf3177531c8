// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// One Contact value of a REGISTER, read and checked.
struct ContactField {
    /// The URI.
    let uri: URIReference
    /// The requested interval in seconds; 0 asks for removal.
    private(set) var requested: UInt32
    /// The q value in thousandths.
    private(set) var quality = 1000
    /// The instance's text between its quotation marks; empty when there is none.
    private(set) var instance = FieldRange.none
    /// The `reg-id`; nil when there is none or no instance goes with it.
    private(set) var registrationID: UInt32?
    /// Whether the value has an `expires` parameter of its own.
    private var hasExpires = false
    private var hasQuality = false

    /// What RFC 3261 §10.2.1.1 takes for an interval that is not a number, in seconds.
    static let malformedExpires: UInt32 = 3600

    /// Reads the Contact value that fills `element`.
    ///
    /// - Throws: a refusal with 400 for a malformed address or parameter and for a scheme that no call can be sent to.
    init(_ bytes: Span<UInt8>, _ element: Range<Int>, otherwise expires: UInt32) throws(RegistrationRefusal) {
        let address: NameAddress
        do {
            address = try NameAddress.parse(bytes, element)
        } catch {
            throw RegistrationRefusal(400, "Contact: \(error.reason)")
        }
        guard address.uri.scheme == .sip || address.uri.scheme == .sips else {
            throw RegistrationRefusal(400, "Contact: only sip and sips addresses can be registered")
        }
        uri = address.uri
        requested = expires
        var cursor = ParameterCursor(address.parameters.range.indices)
        while let parameter = cursor.next(bytes) { try read(bytes, parameter) }
        // A reg-id says something only of an instance (RFC 5626 §4.2).
        if instance.isEmpty { registrationID = nil }
    }

    /// The interval that a delta-seconds text asks for.
    static func seconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
        guard let value = bytes.decimal(range, maximum: UInt64(UInt32.max)) else { return malformedExpires }
        return UInt32(truncatingIfNeeded: value)
    }

    private mutating func read(_ bytes: Span<UInt8>, _ parameter: Parameter) throws(RegistrationRefusal) {
        if bytes.equals(parameter.name, ignoringCase: "expires") {
            try Self.requireFirst(!hasExpires)
            hasExpires = true
            requested = Self.seconds(bytes, parameter.value)
        } else if bytes.equals(parameter.name, ignoringCase: "q") {
            try Self.requireFirst(!hasQuality)
            hasQuality = true
            quality = try Self.quality(bytes, parameter.value)
        } else if bytes.equals(parameter.name, ignoringCase: "+sip.instance") {
            try Self.requireFirst(instance.isEmpty)
            instance = try Self.instance(bytes, parameter.value)
        } else if bytes.equals(parameter.name, ignoringCase: "reg-id") {
            try Self.requireFirst(registrationID == nil)
            guard let value = bytes.decimal(parameter.value, maximum: 0x7FFF_FFFF), value > 0 else {
                throw RegistrationRefusal(400, "Contact: the reg-id is not a number from 1 to 2147483647")
            }
            registrationID = UInt32(truncatingIfNeeded: value)
        }
    }

    /// A parameter may stand once in a value (RFC 3261 §7.3.1).
    private static func requireFirst(_ isFirst: Bool) throws(RegistrationRefusal) {
        guard isFirst else { throw RegistrationRefusal(400, "Contact: a parameter stands twice") }
    }

    /// A qvalue: 0 or 1, and up to three digits after a period, which are zeros after a 1.
    private static func quality(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RegistrationRefusal) -> Int {
        let refusal = RegistrationRefusal(400, "Contact: q is not a number from 0 to 1 with three digits at most")
        guard !range.isEmpty, range.count <= 5 else { throw refusal }
        var value = 0
        var scale = 1000
        for index in range {
            if index == range.lowerBound + 1 {
                guard bytes[index] == UInt8(ascii: ".") else { throw refusal }
                continue
            }
            guard ASCII.isDigit(bytes[index]) else { throw refusal }
            value += Int(bytes[index] - 48) * scale
            scale /= 10
        }
        guard value <= 1000 else { throw refusal }
        return value
    }

    private static func instance(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RegistrationRefusal) -> FieldRange {
        guard range.count > 2, bytes[range.lowerBound] == UInt8(ascii: "\""),
            bytes[range.upperBound - 1] == UInt8(ascii: "\"")
        else { throw RegistrationRefusal(400, "Contact: the instance is not a quoted text") }
        let text = (range.lowerBound + 1)..<(range.upperBound - 1)
        for index in text where bytes[index] < 32 || bytes[index] == 127 {
            throw RegistrationRefusal(400, "Contact: the instance holds a control character")
        }
        return FieldRange(text)
    }
}
