// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CommandLineTool
import Testing

@Suite("Text tables")
struct TextTableTests {
    private var table: TextTable {
        var table = TextTable([.init("A"), .init("LONG", least: 5), .init("ID")])
        table.add(["1", "abcdefghijkl", "xyz"])
        table.add(["22", "b", ""])
        return table
    }

    @Test("columns are aligned, and no line ends in blanks")
    func aligned() {
        #expect(
            table.text(width: nil) == """
                A   LONG          ID
                1   abcdefghijkl  xyz
                22  b

                """
        )
    }

    @Test(
        "a narrow terminal cuts the columns that may be cut, down to their least width",
        arguments: [
            (21, "1   abcdefghijkl  xyz"), (20, "1   abcdefghij…  xyz"), (16, "1   abcdef…  xyz"),
            (3, "1   abcd…  xyz"),
        ]
    )
    func narrow(width: Int, expected: String) {
        let lines = table.text(width: width).split(separator: "\n").map(String.init)
        #expect(lines.dropFirst().first == expected)
    }
}
