// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A point on the process's monotonic clock, in milliseconds.
///
/// Pure code never reads a clock: whoever calls it passes the instant in. Milliseconds are the unit of every
/// RFC 3261 timer (T1 is 500 ms), so nothing finer is kept.
package struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since an arbitrary origin that does not change while the process lives.
    package var milliseconds: Int64

    /// Makes an instant from a count of milliseconds.
    @inlinable
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The earlier of two instants is the lesser.
    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant that lies `interval` after `instant`.
    @inlinable
    package static func + (instant: Instant, interval: Interval) -> Instant {
        Instant(milliseconds: instant.milliseconds &+ interval.milliseconds)
    }

    /// The interval from `right` to `left`; negative when `left` is the earlier.
    @inlinable
    package static func - (left: Instant, right: Instant) -> Interval {
        Interval(milliseconds: left.milliseconds &- right.milliseconds)
    }
}

/// A length of time in milliseconds.
package struct Interval: Hashable, Comparable, Sendable {
    /// The length, in milliseconds.
    package var milliseconds: Int64

    /// Makes an interval of so many milliseconds.
    @inlinable
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// An interval of so many milliseconds.
    @inlinable
    package static func milliseconds(_ count: Int64) -> Interval {
        Interval(milliseconds: count)
    }

    /// An interval of so many seconds.
    @inlinable
    package static func seconds(_ count: Int64) -> Interval {
        Interval(milliseconds: count &* 1000)
    }

    /// The shorter of two intervals is the lesser.
    @inlinable
    package static func < (left: Interval, right: Interval) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// An interval taken a whole number of times.
    @inlinable
    package static func * (interval: Interval, factor: Int64) -> Interval {
        Interval(milliseconds: interval.milliseconds &* factor)
    }
}

/// A point of civil time, in milliseconds since 1970-01-01T00:00:00Z.
package struct WallTime: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package var milliseconds: Int64

    /// Makes a wall time from milliseconds since 1970-01-01T00:00:00Z.
    @inlinable
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The earlier of two wall times is the lesser.
    @inlinable
    package static func < (left: WallTime, right: WallTime) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
