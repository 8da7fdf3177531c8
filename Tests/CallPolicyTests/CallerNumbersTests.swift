// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("numbers that stand for a caller")
struct CallerNumbersTests {
    @Test(
        "RFC 3323 §4.1 a number is named in any spelling, and by its local part",
        arguments: [
            ("+12125550100", true), ("12125550100", true), ("2125550100", true), ("5550100", true), ("50100", true),
            ("+1 (212) 555-0100", true), ("01112125550100", true), ("+13125550123", false), ("0100", false),
            ("", false),
            ("12125550101", false), ("zebra", false),
        ]
    )
    func named(text: String, isNamed: Bool) {
        let numbers = CallerNumbers(E164Number("+12125550100"))
        #expect(numbers.areNamed(by: text.utf8) == isNamed)
        #expect(!CallerNumbers.none.areNamed(by: text.utf8))
    }
}
