// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Country")
struct CountryTests {
    @Test("ISO 3166-1 assigns 249 codes; ac and xk are added")
    func count() {
        #expect(Country.allAssigned.count == 251)
        #expect(Country.allAssigned.allSatisfy { Country.isAssigned($0.description) })
    }

    @Test("Either case is read and lower case written", arguments: ["us", "US", "Us", "kr", "xk", "AC", "gb"])
    func reading(_ code: String) {
        #expect(Country(code)?.description == code.lowercased())
    }

    @Test(
        "What ISO 3166-1 does not assign is no country",
        arguments: ["", "u", "usa", "uk", "zz", "ta", "eu", "su", "aa", "u1", "u ", " us", "us ", "@@", "ÿa", "001"]
    )
    func refusing(_ code: String) {
        #expect(Country(code) == nil)
        #expect(!Country.isAssigned(code))
    }

    @Test("Every class has its own word, and the word reads back")
    func classWords() {
        #expect(Set(NumberClass.allCases.map(\.description)).count == 13)
        for kind in NumberClass.allCases {
            #expect(NumberClass(kind.description) == kind)
        }
        #expect(NumberClass("Premium") == nil)
    }
}
