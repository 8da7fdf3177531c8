// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// The telephone numbers that stand for a caller, none of which a callee may see who may not see the caller.
package struct CallerNumbers: Hashable, Sendable {
    /// Digits that end like a number name it from this many on: a subscriber's number without its area code.
    static let shortestNaming = 5

    private let first: E164Number?
    private let second: E164Number?
    private let third: E164Number?

    /// No number.
    package static let none = CallerNumbers()

    /// Takes up to three numbers.
    package init(_ first: E164Number? = nil, _ second: E164Number? = nil, _ third: E164Number? = nil) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Whether digits among other characters name one of the numbers: in any spelling, international, national or local.
    package func areNamed(by text: some Sequence<UInt8>) -> Bool {
        let digits = text.filter { $0 &- UInt8(ascii: "0") <= 9 }
        guard digits.count >= Self.shortestNaming else { return false }
        return [first, second, third].contains { number in
            guard let number else { return false }
            var own: [UInt8] = []
            number.appendDigits(to: &own)
            let common = min(own.count, digits.count)
            return own.suffix(common).elementsEqual(digits.suffix(common))
        }
    }
}
