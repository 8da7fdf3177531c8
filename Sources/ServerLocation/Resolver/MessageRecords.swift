// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Ccares

/// The records of a DNS message (RFC 1035 §4.1), read with their times to live, which c-ares's own readers of SRV and
/// NAPTR leave out.
///
/// c-ares decodes the names, compression and its loops included; numbers are read inside the message's bounds.
struct MessageRecords {
    /// The record types beyond `RecordType` that an answer is read by.
    private static let aliasType: UInt16 = 5
    private static let authorityType: UInt16 = 6

    private struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position = 12
    /// The name that was asked for, which a search list may have extended.
    private(set) var asked: DomainName?
    /// The records of the answer section that could be of use, each under its name.
    private(set) var records: [(name: DomainName, type: UInt16, timeToLive: UInt32, data: RecordData)] = []
    /// How long it counts that there is nothing: the lesser of the SOA's minimum and time to live (RFC 2308 §5).
    private(set) var negativeTimeToLive: UInt32?

    /// Reads a message; nil when it is not one.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.count >= 12 else { return nil }
        do {
            try read()
        } catch {
            return nil
        }
    }

    private mutating func read() throws {
        let questions = try number(at: 4)
        let answers = try number(at: 6)
        let authorities = try number(at: 8)
        for index in 0..<questions {
            let name = try takeName()
            if index == 0 { asked = name.flatMap(DomainName.init) }
            try skip(4)
        }
        for _ in 0..<answers { try takeRecord(isAnswer: true) }
        for _ in 0..<authorities { try takeRecord(isAnswer: false) }
    }

    private mutating func takeRecord(isAnswer: Bool) throws {
        let name = try takeName()
        let type = try number(at: position)
        // RFC 2181 §8: a time to live whose first bit is set counts as zero.
        let high = UInt32(try number(at: position + 4))
        let timeToLive = high > 0x7FFF ? 0 : high << 16 | UInt32(try number(at: position + 6))
        let length = Int(try number(at: position + 8))
        let isInternet = try number(at: position + 2) == 1
        let start = position + 10
        try skip(10 + length)
        guard isInternet else { return }
        let end = position
        defer { position = end }
        if type == Self.authorityType, !isAnswer {
            guard length >= 20 else { throw Malformed() }
            let minimum = UInt32(try number(at: end - 4)) << 16 | UInt32(try number(at: end - 2))
            negativeTimeToLive = min(timeToLive, minimum)
        } else if isAnswer, let name = name.flatMap(DomainName.init), let data = try data(type, start..<end) {
            records.append((name, type, timeToLive, data))
        }
    }

    /// What a record holds; nil for a type that is not asked for, and for a name that no host can have.
    private mutating func data(_ type: UInt16, _ range: Range<Int>) throws -> RecordData? {
        switch RecordType(rawValue: type) {
        case .a, .aaaa:
            guard range.count == (type == RecordType.a.rawValue ? 4 : 16) else { throw Malformed() }
            return ServerAddress(octets: bytes[range]).map { .address($0) }
        case .srv: return try service(range)
        case .naptr: return try pointer(range)
        case nil:
            guard type == Self.aliasType else { return nil }
            position = range.lowerBound
            return try takeName(before: range.upperBound).flatMap(DomainName.init).map { .alias($0) }
        }
    }

    private mutating func service(_ range: Range<Int>) throws -> RecordData? {
        guard range.count >= 7 else { throw Malformed() }
        position = range.lowerBound + 6
        let text = try takeName(before: range.upperBound)
        let target = text.flatMap(DomainName.init)
        guard target != nil || text == "" else { return nil }
        let start = range.lowerBound
        return .service(
            ServiceRecord(
                priority: try number(at: start),
                weight: try number(at: start + 2),
                port: try number(at: start + 4),
                target: target
            )
        )
    }

    private mutating func pointer(_ range: Range<Int>) throws -> RecordData? {
        guard range.count >= 8 else { throw Malformed() }
        position = range.lowerBound + 4
        let flags = try takeString(before: range.upperBound)
        let service = try takeString(before: range.upperBound)
        let expression = try takeString(before: range.upperBound)
        let replacement = try takeName(before: range.upperBound)
        // RFC 3263 §4.1: SIP's records have no regular expression.
        guard expression.isEmpty else { return nil }
        return .pointer(
            PointerRecord(
                order: try number(at: range.lowerBound),
                preference: try number(at: range.lowerBound + 2),
                flags: flags,
                service: service,
                replacement: replacement.flatMap(DomainName.init)
            )
        )
    }

    private func number(at index: Int) throws -> UInt16 {
        guard index >= 0, index + 1 < bytes.count else { throw Malformed() }
        return UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }

    private mutating func skip(_ count: Int) throws {
        guard count <= bytes.count - position else { throw Malformed() }
        position += count
    }

    private mutating func takeString(before end: Int) throws -> String {
        guard position < end, Int(bytes[position]) < end - position else { throw Malformed() }
        let start = position + 1
        position = start + Int(bytes[position])
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// The name at the position, empty for the root, and goes behind it; nil for bytes that are no text.
    private mutating func takeName(before end: Int? = nil) throws -> String? {
        guard position < bytes.count else { throw Malformed() }
        var text: UnsafeMutablePointer<CChar>?
        var length = 0
        let start = position
        let status = bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { ares_expand_name($0 + start, $0, Int32(buffer.count), &text, &length) }
        }
        guard status == Int32(ARES_SUCCESS), let text else { throw Malformed() }
        defer { ares_free_string(text) }
        try skip(length)
        guard position <= end ?? bytes.count else { throw Malformed() }
        return String(validatingCString: text)
    }
}

extension Answer {
    /// Reads a server's answer.
    ///
    /// - Parameters:
    ///   - bytes: The message.
    ///   - type: The type that was asked for.
    ///   - exists: Whether the server says that the name exists.
    init(_ bytes: [UInt8], type: RecordType, exists: Bool) {
        guard let message = MessageRecords(bytes), var name = message.asked else {
            self = .failed(.malformed)
            return
        }
        var timeToLive = UInt32.max
        var seen: Set<DomainName> = [name]
        while let alias = message.alias(of: name) {
            guard seen.count <= ServerSelection.aliasLimit, seen.insert(alias.name).inserted else {
                self = .failed(.malformed)
                return
            }
            timeToLive = min(timeToLive, alias.timeToLive)
            name = alias.name
        }
        let found = message.records.filter { $0.name == name && $0.type == type.rawValue }
        if !found.isEmpty {
            timeToLive = found.reduce(timeToLive) { min($0, $1.timeToLive) }
            self = .records(found.map(\.data), timeToLive: timeToLive)
        } else if exists, seen.count > 1, message.negativeTimeToLive == nil {
            self = .alias(name, timeToLive: timeToLive)
        } else {
            self = .nothing(timeToLive: message.negativeTimeToLive)
        }
    }
}

extension MessageRecords {
    fileprivate func alias(of name: DomainName) -> (name: DomainName, timeToLive: UInt32)? {
        for record in records where record.name == name {
            if case .alias(let next) = record.data { return (next, record.timeToLive) }
        }
        return nil
    }
}
