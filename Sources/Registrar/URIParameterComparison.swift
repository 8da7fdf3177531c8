// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The comparison of URI parameters (RFC 3261 §19.1.4).
enum URIParameterComparison {
    /// Whether the parameters of two URIs let them be equal: those in both match, and none that counts is in one alone.
    static func areEqual(
        _ left: Span<UInt8>,
        _ leftRun: FieldRange,
        _ right: Span<UInt8>,
        _ rightRun: FieldRange
    ) -> Bool {
        if leftRun.isEmpty, rightRun.isEmpty { return true }
        return admits(left, leftRun.indices, right, rightRun.indices)
            && admits(right, rightRun.indices, left, leftRun.indices)
    }

    private static func admits(
        _ bytes: Span<UInt8>,
        _ run: Range<Int>,
        _ others: Span<UInt8>,
        _ otherRun: Range<Int>
    ) -> Bool {
        var cursor = ParameterCursor(run)
        while let parameter = cursor.next(bytes) {
            let significance = Significance(bytes, parameter.name)
            guard let value = find(bytes, parameter.name, others, otherRun) else {
                if significance == .ignoredAlone { continue }
                return false
            }
            // Methods are case-sensitive wherever they stand (RFC 3261 §7.1).
            let ignoringCase = significance != .method
            guard isSameText(bytes, parameter.value, others, value, ignoringCase: ignoringCase) else { return false }
        }
        return true
    }

    /// The value of the parameter of this name among the others; empty when it has none, nil when it is not there.
    private static func find(
        _ bytes: Span<UInt8>,
        _ name: Range<Int>,
        _ others: Span<UInt8>,
        _ run: Range<Int>
    ) -> Range<Int>? {
        var cursor = ParameterCursor(run)
        while let candidate = cursor.next(others) {
            if isSameText(bytes, name, others, candidate.name, ignoringCase: true) { return candidate.value }
        }
        return nil
    }

    /// What becomes of a parameter that only one URI has.
    private enum Significance {
        /// It is passed over.
        case ignoredAlone
        /// The URIs differ.
        case differsAlone
        /// The URIs differ, and when both have it letter case counts.
        case method

        init(_ bytes: Span<UInt8>, _ name: Range<Int>) {
            if Self.isNamed(bytes, name, "method") {
                self = .method
            } else if Self.isNamed(bytes, name, "transport") || Self.isNamed(bytes, name, "user")
                || Self.isNamed(bytes, name, "maddr") || Self.isNamed(bytes, name, "ttl")
            {
                self = .differsAlone
            } else {
                self = .ignoredAlone
            }
        }

        private static func isNamed(_ bytes: Span<UInt8>, _ name: Range<Int>, _ text: StaticString) -> Bool {
            var cursor = EscapeCursor(name)
            return text.withUTF8Buffer { expected in
                for byte in expected where cursor.next(bytes)?.folded.byte != byte { return false }
                return cursor.next(bytes) == nil
            }
        }
    }
}
