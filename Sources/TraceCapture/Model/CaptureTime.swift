// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A moment of a capture: nanoseconds since 1970-01-01T00:00:00Z, not counting leap seconds.
package struct CaptureTime: Hashable, Comparable, Sendable {
    /// The nanoseconds; negative before 1970. Covers the years 1678 to 2262, at whose ends other values stop.
    package let nanoseconds: Int64

    /// Makes a moment from its nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Makes a moment from seconds and a part of a second in nanoseconds.
    package init(seconds: Int64, nanoseconds: Int64 = 0) {
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let whole = overflows ? (seconds < 0 ? Int64.min : Int64.max) : product
        let (sum, carries) = whole.addingReportingOverflow(nanoseconds)
        self.nanoseconds = carries ? (nanoseconds < 0 ? Int64.min : Int64.max) : sum
    }

    /// Makes a moment of the Gregorian calendar in UTC; nil for a day or hour that does not exist.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, nanosecond: Int = 0) {
        guard (1678...2261).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            (0...999_999_999).contains(nanosecond)
        else { return nil }
        // Years counted from March, so that the day that comes and goes is a year's last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
        self.init(seconds: Int64(seconds), nanoseconds: Int64(nanosecond))
    }

    package static func < (one: CaptureTime, other: CaptureTime) -> Bool {
        one.nanoseconds < other.nanoseconds
    }

    /// How long after `earlier` this is, in nanoseconds; negative when it is before.
    func since(_ earlier: CaptureTime) -> Int64 {
        let (difference, overflows) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        return overflows ? (self < earlier ? Int64.min : Int64.max) : difference
    }
}
