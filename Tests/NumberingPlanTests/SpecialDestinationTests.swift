// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan
import Testing

@Suite("Special destinations")
struct SpecialDestinationTests {
    private func special(_ number: String) throws -> SpecialDestination? {
        NumberingPlan.classify(try #require(E164Number(number))).special
    }

    private static let inside: [NumberExpectation] = [
        .init("+19002345678", "us", .premium), .init("+449098790123", "gb", .premium),
        .init("+448431234567", "gb", .premium), .init("+33891234567", "fr", .premium),
        .init("+39899123456", "it", .premium), .init("+81990123456", "jp", .premium),
        .init("+34803123456", "es", .premium), .init("+41900123456", "ch", .premium),
        .init("+46900123456", "se", .premium), .init("+31900123456", "nl", .premium),
        .init("+48701234567", "pl", .premium), .init("+3531570123456", "ie", .premium),
        .init("+78091234567", "ru", .premium), .init("+82603001234", "kr", .premium),
        .init("+3758101234567", "by", .premium), .init("+33820123456", "fr", .sharedCost),
        .init("+39848123456", "it", .sharedCost), .init("+41840123456", "ch", .sharedCost),
        .init("+491802123456", "de", .sharedCost), .init("+34901123456", "es", .sharedCost),
        .init("+447012345678", "gb", .personal), .init("+353700123456", "ie", .personal),
        .init("+4970012345678", "de", .personal), .init("+15005001234", "us", .personal),
        .init("+447640123456", "gb", .pager), .init("+4916412345", "de", .pager), .init("+46744234567", "se", .pager),
    ]

    @Test("Premium, shared cost, personal and pager numbers are special inside their country", arguments: inside)
    func classes(_ expected: NumberExpectation) throws {
        let found = NumberingPlan.classify(try #require(E164Number(expected.number)))
        #expect(found.country?.description == expected.country)
        #expect(found.kind == expected.kind)
        #expect(found.special == .numberClass(expected.kind))
    }

    private static let open: [NumberExpectation] = [
        .init("+12125551234", "us", .fixedOrMobile), .init("+18005551234", "us", .tollFree),
        .init("+443001234567", "gb", .uan), .init("+448001234567", "gb", .tollFree),
        .init("+445612345678", "gb", .voip), .init("+821012345678", "kr", .mobile),
        .init("+815012345678", "jp", .voip), .init("+81120123456", "jp", .tollFree),
        .init("+390612345678", "it", .fixed), .init("+15551234567", "us", .unassigned),
    ]

    @Test("Other classes inside a country are not special", arguments: open)
    func others(_ expected: NumberExpectation) throws {
        let found = NumberingPlan.classify(try #require(E164Number(expected.number)))
        #expect(found.country?.description == expected.country)
        #expect(found.kind == expected.kind)
        #expect(found.special == nil)
    }

    @Test(
        "Every calling code without a country is special, its numbers assigned or not",
        arguments: [800, 808, 870, 878, 881, 882, 883, 888, 979] as [UInt16]
    )
    func callingCodes(_ code: UInt16) throws {
        #expect(try special("+\(code)12345678") == .callingCode(code))
        #expect(try special("+\(code)123456789") == .callingCode(code))
        #expect(try special("+\(code)0000") == .callingCode(code))
        #expect(SpecialDestination.opened(by: "+\(code)") == [.callingCode(code)])
        #expect(SpecialDestination.callingCode(code).description == "+\(code)")
        #expect(SpecialDestination.callingCode(code).service.hasPrefix("+\(code) ("))
    }

    @Test("A number under no calling code is not special: nothing can open it")
    func noCallingCode() throws {
        #expect(try special("+21012345678") == nil)
        #expect(try special("+99912345678") == nil)
    }

    @Test(
        "Each word opens its numbers and no more",
        arguments: [
            ("premium", [.numberClass(.premium)]), ("shared-cost", [.numberClass(.sharedCost)]),
            ("personal", [.numberClass(.personal)]), ("pager", [.numberClass(.pager)]),
            ("satellite", [.callingCode(870), .callingCode(881)]),
            ("international-networks", [.callingCode(882), .callingCode(883)]),
            ("international-freephone", [.callingCode(800)]), ("international-shared-cost", [.callingCode(808)]),
            ("international-premium", [.callingCode(979)]), ("universal-personal", [.callingCode(878)]),
            ("disaster-relief", [.callingCode(888)]),
        ] as [(String, [SpecialDestination])]
    )
    func words(_ word: String, _ opened: [SpecialDestination]) {
        #expect(SpecialDestination.opened(by: word) == opened)
        #expect(SpecialDestination.words.contains(word))
        for destination in opened {
            #expect(destination.word == word)
            #expect(SpecialDestination.opened(by: destination.description) == [destination])
        }
    }

    @Test("All that is special is under exactly one word")
    func partition() {
        let opened = SpecialDestination.words.compactMap(SpecialDestination.opened)
        #expect(opened.count == 11)
        #expect(opened.joined().count == 13)
        #expect(Set(opened.joined()).count == 13)
    }

    @Test(
        "What is no word opens nothing",
        arguments: [
            "", "+", "+1", "+82", "+871", "+999", "870", "++870", "+0870", "+870 ", "Premium", "toll-free", "fixed",
            "mobile", "unassigned", "global-service", "all", "*",
        ]
    )
    func noWords(_ word: String) {
        #expect(SpecialDestination.opened(by: word) == nil)
    }

    @Test("Classes sort before calling codes, and both by their value")
    func order() {
        let sorted: [SpecialDestination] = [
            .numberClass(.premium), .numberClass(.sharedCost), .numberClass(.personal), .numberClass(.pager),
            .callingCode(800), .callingCode(979),
        ]
        #expect(sorted.reversed().sorted() == sorted)
        #expect(SpecialDestination.numberClass(.premium).service == "premium rate")
        #expect(SpecialDestination.callingCode(870).service == "+870 (Inmarsat satellite)")
    }
}
