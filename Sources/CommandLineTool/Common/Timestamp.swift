// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MonotonicTime

/// Points of civil time as the commands print them, always in UTC.
enum Timestamp {
    /// `2026-11-21T09:56:34.123Z` (RFC 3339).
    static func full(_ time: WallTime) -> String {
        let (seconds, rest) = time.milliseconds.quotientAndRemainder(dividingBy: 1000)
        let floor = rest < 0 ? seconds - 1 : seconds
        let milliseconds = String((rest + 1000) % 1000)
        let fraction = String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
        return date(floor).dropLast() + "." + fraction + "Z"
    }

    /// `2026-11-21 09:56:34`.
    static func brief(_ time: WallTime) -> String {
        String(full(time).prefix(19)).replacing("T", with: " ")
    }

    /// The seconds from one time to another with one decimal, as in `12.3 s`.
    static func span(_ start: WallTime, _ end: WallTime) -> String {
        let tenths = max(0, (end.milliseconds - start.milliseconds + 50) / 100)
        return "\(tenths / 10).\(tenths % 10) s"
    }

    private static func date(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}

extension WallTime {
    /// The system's clock.
    static var current: WallTime {
        WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
