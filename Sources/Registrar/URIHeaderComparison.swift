// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The comparison of the headers after a URI's question mark (RFC 3261 §19.1.4): each must be in both, in any order.
enum URIHeaderComparison {
    /// More headers than this are compared as written only, lest a long URI cost a quadratic time.
    static let maximum = 16

    /// Whether both URIs have the same headers.
    ///
    /// Values are compared with their letter case: the fields that such headers name differ in their rules, and taking
    /// two contacts for one would lose a binding, while the opposite only keeps one too many until it ends.
    static func areEqual(
        _ left: Span<UInt8>,
        _ leftRun: FieldRange,
        _ right: Span<UInt8>,
        _ rightRun: FieldRange
    ) -> Bool {
        if leftRun.isEmpty, rightRun.isEmpty { return true }
        guard leftRun.isEmpty == rightRun.isEmpty else { return false }
        if isSameBytes(left, leftRun.indices, right, rightRun.indices) { return true }
        let count = separators(left, leftRun.indices)
        guard count == separators(right, rightRun.indices), count < maximum else { return false }
        var cursor = URIHeaderCursor(leftRun.indices)
        while let header = cursor.next(left) {
            let here = occurrences(left, header, left, leftRun.indices)
            guard here == occurrences(left, header, right, rightRun.indices) else { return false }
        }
        return true
    }

    private static func separators(_ bytes: Span<UInt8>, _ run: Range<Int>) -> Int {
        var count = 0
        for index in run where bytes[index] == UInt8(ascii: "&") { count += 1 }
        return count
    }

    private static func occurrences(
        _ bytes: Span<UInt8>,
        _ header: URIHeader,
        _ others: Span<UInt8>,
        _ run: Range<Int>
    ) -> Int {
        var count = 0
        var cursor = URIHeaderCursor(run)
        while let candidate = cursor.next(others) {
            guard areNamesEqual(bytes, header.name, others, candidate.name) else { continue }
            if isSameText(bytes, header.value, others, candidate.value, ignoringCase: false) { count += 1 }
        }
        return count
    }

    /// A compact name is the same as its long form (RFC 3261 §7.3.3).
    private static func areNamesEqual(
        _ left: Span<UInt8>,
        _ leftName: Range<Int>,
        _ right: Span<UInt8>,
        _ rightName: Range<Int>
    ) -> Bool {
        let known = HeaderName.find(left, leftName)
        if known != .other, known == HeaderName.find(right, rightName) { return true }
        return isSameText(left, leftName, right, rightName, ignoringCase: true)
    }
}

/// One header of a URI: its name and its value, which is empty when none is written.
private struct URIHeader {
    let name: Range<Int>
    let value: Range<Int>
}

/// Walks over `name=value` headers between ampersands.
private struct URIHeaderCursor {
    private var position: Int
    private let end: Int

    init(_ range: Range<Int>) {
        position = range.lowerBound
        end = range.upperBound
    }

    mutating func next(_ bytes: Span<UInt8>) -> URIHeader? {
        guard position < end else { return nil }
        let start = position
        var equals = -1
        while position < end, bytes[position] != UInt8(ascii: "&") {
            if equals < 0, bytes[position] == UInt8(ascii: "=") { equals = position }
            position += 1
        }
        defer { position += 1 }
        guard equals >= 0 else { return URIHeader(name: start..<position, value: position..<position) }
        return URIHeader(name: start..<equals, value: (equals + 1)..<position)
    }
}
