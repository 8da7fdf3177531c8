// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Builds an outgoing message front to back.
///
/// Text that came from outside goes through `appendUnfolded`, which lets no line end through, so no value can grow
/// into a header field of its own.
package struct MessageComposer: Sendable {
    /// What has been composed so far.
    package private(set) var bytes: [UInt8]

    /// Starts a message; `capacity` is a guess at its size in bytes.
    package init(capacity: Int = 1024) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Appends fixed text.
    @inline(__always)
    package mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Appends text of our own making.
    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends bytes of our own making.
    package mutating func append(_ other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    /// Lets `body` append bytes of our own making in place.
    package mutating func append(inPlace body: (inout [UInt8]) -> Void) {
        body(&bytes)
    }

    /// Appends a range of bytes as it stands; only for bytes known to hold no line end outside a body.
    package mutating func append(_ other: [UInt8], _ range: FieldRange) {
        bytes.append(contentsOf: other[range.indices])
    }

    /// Appends a range of received bytes with every line end and control character turned into a blank.
    package mutating func appendUnfolded(_ other: [UInt8], _ range: FieldRange) {
        let start = bytes.count
        bytes.append(contentsOf: other[range.indices])
        for index in start..<bytes.count where bytes[index] < 32 || bytes[index] == 127 {
            bytes[index] = 32
        }
    }

    /// Appends a number in decimal.
    package mutating func append(decimal value: Int) {
        guard value >= 0 else { return append("0") }
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(48 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Appends a number as 16 hexadecimal digits.
    package mutating func append(hexadecimal value: UInt64) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            let nibble = UInt8(truncatingIfNeeded: value >> shift) & 0xF
            bytes.append(nibble < 10 ? nibble + 48 : nibble + 87)
        }
    }

    /// Appends a host, an IPv6 address in brackets.
    package mutating func append(host: String) {
        let needsBrackets = host.utf8.contains(UInt8(ascii: ":"))
        if needsBrackets { append("[") }
        append(host)
        if needsBrackets { append("]") }
    }

    /// Ends the line.
    package mutating func endLine() {
        bytes.append(13)
        bytes.append(10)
    }

    /// Appends a whole header field with a received value, unfolded.
    package mutating func field(_ name: StaticString, _ other: [UInt8], _ value: FieldRange) {
        append(name)
        append(": ")
        appendUnfolded(other, value)
        endLine()
    }

    /// Appends a whole header field with a value of our own making.
    package mutating func field(_ name: StaticString, _ value: StaticString) {
        append(name)
        append(": ")
        append(value)
        endLine()
    }

    /// Appends every header field of `name` that the message carries, in order, under its full name.
    package mutating func copyFields(_ name: HeaderName, of message: SIPMessage) {
        for field in message.fields where field.name == name {
            self.field(name.wireName, message.bytes, field.value)
        }
    }

    /// Ends the header section and appends the body, with its Content-Length.
    package mutating func finish(body: [UInt8], _ range: FieldRange) {
        append("Content-Length: ")
        append(decimal: range.indices.count)
        endLine()
        endLine()
        bytes.append(contentsOf: body[range.indices])
    }

    /// Ends the header section of a message without a body.
    package mutating func finish() {
        append("Content-Length: 0\r\n\r\n")
    }
}
