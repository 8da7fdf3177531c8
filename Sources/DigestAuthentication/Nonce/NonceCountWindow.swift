// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Which of the last 64 nonce counts were used.
///
/// Requests may arrive out of order, so a count below the highest is taken once while it lies within the window; below
/// the window it is refused, because nobody knows any more whether it was used.
struct NonceCountWindow {
    private var highest: UInt32
    // Bit n stands for `highest - n`.
    private var used: UInt64

    /// A window in which only `first` was used.
    init(first: UInt32) {
        highest = first
        used = 1
    }

    /// A window that takes no count: the nonce was used without `qop`, which allows one use.
    static var exhausted: NonceCountWindow {
        var window = NonceCountWindow(first: .max)
        window.used = .max
        return window
    }

    /// Marks a count as used; false when it was used before or lies below the window.
    mutating func use(_ count: UInt32) -> Bool {
        if count > highest {
            let step = count &- highest
            used = step < 64 ? used << UInt64(step) | 1 : 1
            highest = count
            return true
        }
        let age = highest &- count
        guard age < 64 else { return false }
        let bit: UInt64 = 1 << UInt64(age)
        guard used & bit == 0 else { return false }
        used |= bit
        return true
    }
}
