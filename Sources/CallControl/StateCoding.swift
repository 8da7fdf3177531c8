// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why stored bytes are not the state of a call; nobody is told which of them.
struct MalformedState: Error {}

/// Writes numbers, most significant octet first, and values behind their lengths, into one array.
struct StateWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether a value was too long for its length field.
    private var isOverfull = false

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    mutating func append<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        var shift = Number.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func append(_ value: [UInt8]) {
        isOverfull = isOverfull || value.count > Int(UInt16.max)
        append(UInt16(truncatingIfNeeded: value.count))
        bytes.append(contentsOf: value)
    }

    mutating func append(_ text: String) {
        let count = text.utf8.count
        isOverfull = isOverfull || count > Int(UInt16.max)
        append(UInt16(truncatingIfNeeded: count))
        bytes.append(contentsOf: text.utf8)
    }

    /// Closes the state with its checksum; nil when it cannot be read back.
    mutating func sealed() -> [UInt8]? {
        append(Checksum.of(bytes, 0..<bytes.count))
        return isOverfull || bytes.count > StateReader.limit ? nil : bytes
    }
}

/// Reads what a `StateWriter` wrote; whatever the bytes are, it stays inside them.
struct StateReader {
    /// The most bytes that a state may have.
    static let limit = 65_536

    private let bytes: [UInt8]
    private let end: Int
    private var position = 0

    /// Begins to read a sealed state.
    init(_ bytes: [UInt8]) throws(MalformedState) {
        end = bytes.count - 4
        guard end > 0, bytes.count <= Self.limit else { throw MalformedState() }
        self.bytes = bytes
        let sum = bytes[end...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard sum == Checksum.of(bytes, 0..<end) else { throw MalformedState() }
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type = Number.self
    ) throws(MalformedState) -> Number {
        let width = Number.bitWidth / 8
        guard end - position >= width else { throw MalformedState() }
        var number: Number = 0
        for byte in bytes[position..<position + width] { number = (number << 7) << 1 | Number(byte) }
        position += width
        return number
    }

    /// A value of any bytes.
    mutating func value() throws(MalformedState) -> [UInt8] {
        let count = Int(try number(UInt16.self))
        guard count <= end - position else { throw MalformedState() }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    /// A value that may stand on a line of a message: without line ends and other control characters.
    mutating func line(mayBeEmpty: Bool = false) throws(MalformedState) -> [UInt8] {
        let value = try value()
        guard mayBeEmpty || !value.isEmpty, value.allSatisfy(Self.mayStandOnLine) else { throw MalformedState() }
        return value
    }

    /// A word of visible ASCII, without blanks and angle brackets: a URI, a host, a tag.
    mutating func word(mayBeEmpty: Bool = false) throws(MalformedState) -> [UInt8] {
        let value = try value()
        guard mayBeEmpty || !value.isEmpty,
            value.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") })
        else { throw MalformedState() }
        return value
    }

    /// Route lines, each ending in CRLF; may be empty.
    mutating func routes() throws(MalformedState) -> [UInt8] {
        let value = try value()
        var rest = value[...]
        while !rest.isEmpty {
            guard rest.starts(with: "Route: ".utf8), let line = rest.firstIndex(of: 13),
                rest[..<line].allSatisfy(Self.mayStandOnLine), line + 1 < rest.endIndex, rest[line + 1] == 10
            else { throw MalformedState() }
            rest = rest[(line + 2)...]
        }
        return value
    }

    /// Checks that nothing is left over.
    func finish() throws(MalformedState) {
        guard position == end else { throw MalformedState() }
    }

    private static func mayStandOnLine(_ byte: UInt8) -> Bool {
        byte == 9 || (byte >= 32 && byte != 127)
    }
}

/// The 32-bit FNV-1a checksum, against bytes that a disk has changed.
enum Checksum {
    static func of(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
        var sum: UInt32 = 0x811C_9DC5
        for index in range { sum = (sum ^ UInt32(bytes[index])) &* 0x0100_0193 }
        return sum
    }
}
