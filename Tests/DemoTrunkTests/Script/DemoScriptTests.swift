// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import DemoTrunk
import Testing

@Suite("The demo trunk's script")
struct DemoScriptTests {
    @Test(
        "the last four digits choose the line",
        arguments: [
            ("12025550486", DemoBehaviour.refuse(486)), ("+442079460480", .ring), ("0503", .refuse(503)),
            ("+1-202-555-04-04", .refuse(404)), ("+12025550183;phone-context=x0486", .earlyMedia),
            ("12025550603", .refuse(603)), ("12025550500", .refuse(500)), ("12025550002", .hangUpSoon),
            ("12025550100", .silent), ("12025550407", .challenge), ("12025551234", .answer), ("", .answer),
            ("486", .answer), ("04860", .answer),
        ]
    )
    func lines(user: String, behaviour: DemoBehaviour) {
        #expect(DemoScript.line(forUser: user).behaviour == behaviour)
    }

    @Test("every line has four digits of its own, words, and is found by them")
    func table() {
        let special = DemoScript.table.dropFirst()
        #expect(DemoScript.table.first == DemoScript.fallback)
        #expect(Set(special.map(\.suffix)).count == 10)
        for line in special {
            #expect(line.suffix.utf8.count == 4)
            #expect(!line.words.isEmpty)
            #expect(DemoScript.line(forUser: "1202555" + line.suffix) == line)
        }
    }
}
