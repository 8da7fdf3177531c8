// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import MonotonicTime

/// Keeps the log readable while a customer runs into the same limit again and again.
struct LimitNotices {
    /// What one line in a while stands for.
    struct Subject: Hashable {
        let customer: ResourceIdentifier
        let endpoint: ResourceIdentifier?
        let kind: LimitKind
        let scope: LimitScope
        let isRefusal: Bool
    }

    private struct Silence {
        var until: Instant
        var unsaid = 0
    }

    private static let pause = Interval.seconds(10)
    private static let room = 10_000

    private var silences: [Subject: Silence] = [:]

    /// How many calls went unsaid since the last line, when it is time for one; nil to stay silent.
    mutating func unsaid(of subject: Subject, at now: Instant) -> Int? {
        if silences.count >= Self.room { silences = silences.filter { $0.value.until > now } }
        guard var silence = silences[subject] else {
            if silences.count < Self.room { silences[subject] = Silence(until: now + Self.pause) }
            return 0
        }
        guard silence.until <= now else {
            silence.unsaid += 1
            silences[subject] = silence
            return nil
        }
        silences[subject] = Silence(until: now + Self.pause)
        return silence.unsaid
    }
}
