// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import MonotonicTime

/// Gathers what the limits say about one attempt.
struct LimitJudgement {
    /// The report so far.
    private(set) var report = LimitReport()

    /// Whether a hard level was reached; what follows need not be asked.
    var isRefused: Bool { report.refusal != nil }

    /// Holds `used` against both levels; `wait` tells the seconds until there is less than a level.
    mutating func weigh(
        _ kind: LimitKind,
        of scope: LimitScope,
        used: Int,
        against levels: LimitLevels,
        wait: (_ level: Int) -> Int?
    ) {
        guard !isRefused else { return }
        if let hard = levels.hard, used >= hard {
            // An attempt that does not pass has passed no soft level either.
            report = LimitReport(
                refusal: LimitEvent(kind: kind, scope: scope, used: used, limit: hard, retryAfter: wait(hard))
            )
        } else if let soft = levels.soft, used >= soft {
            report.warnings.append(LimitEvent(kind: kind, scope: scope, used: used, limit: soft))
        }
    }

    /// Holds the attempts of the last minute against both levels.
    mutating func weigh(
        _ count: MinuteCount,
        _ kind: LimitKind,
        of scope: LimitScope,
        _ levels: LimitLevels,
        at now: Instant
    ) {
        let bucket = BucketWidth.fiveSeconds.bucket(of: now)
        weigh(kind, of: scope, used: count.total(at: bucket), against: levels) { level in
            count.buckets(until: level, at: bucket).map { BucketWidth.fiveSeconds.seconds(until: $0, after: now) }
        }
    }
}
