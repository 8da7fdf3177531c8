// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MonotonicTime

extension Instant {
    /// The present on the process's monotonic clock.
    static var current: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

extension WallTime {
    /// The present in civil time.
    package static var current: WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
