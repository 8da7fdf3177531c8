// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// One thing that was done to a spelling on the way to its canonical form, for people to read.
package struct CanonicalStep: Hashable, Sendable {
    /// Which thing: `decoded`, `dropped_separators`, `dropped_parameters`, `joined_context`, `kept_context`, `read_as`
    /// or `refused`.
    package var name: String
    /// What was done, in words and with what it was done to.
    package var words: String

    /// Makes a step.
    package init(name: String, words: String) {
        self.name = name
        self.words = words
    }
}

extension NumberCanonicaliser {
    /// Reads as `canonicalise(user:in:)` does, and tells what changed on the way.
    ///
    /// The result is the canonicaliser's own; the steps are told from it and from what it had read. There are none when
    /// the text was canonical already, or was a local number written plainly. The last says what came out.
    package static func explain(
        user: [UInt8],
        in range: Range<Int>
    ) -> (result: CanonicalNumber, steps: [CanonicalStep]) {
        var reading = SubscriberReading()
        let result = canonicalise(user, in: range, &reading)
        let isInside = range.lowerBound >= 0 && range.upperBound <= user.count
        var trace = CanonicalTrace(bytes: user, range: isInside ? range : 0..<0, reading: reading, result: result)
        return (result, trace.tell())
    }
}
