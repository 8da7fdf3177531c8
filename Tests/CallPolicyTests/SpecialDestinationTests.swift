// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("allowed_special: premium numbers and services of no country")
struct SpecialDestinationTests {
    /// A number of each class that is closed, in a whitelisted country, and the word that opens it.
    static let closed = [
        ("+19002345678", "us", "premium"), ("+449098790123", "gb", "premium"), ("+491801234567", "de", "shared-cost"),
        ("+447012345678", "gb", "personal"), ("+447640123456", "gb", "pager"),
    ]

    @Test("§4 rule 8 such a number is blocked inside an allowed country unless its class is opened", arguments: closed)
    func classes(number: String, country: String, word: String) throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.destinationWhitelist.insert(try #require(Country(country)))
        let rejection = try #require(deployment.dial(number).rejection)
        #expect(rejection.rule == .destinationClass)
        #expect(rejection.status == 403)
        #expect(rejection.apiStatus == 400)
        #expect(rejection.apiReason == "DESTINATION_CLASS_NOT_ALLOWED")
        #expect(rejection.text.contains("\(word) number in \(country)"))
        #expect(rejection.text.hasSuffix("(`allowed_special: [\(word)]`)"))
        for (_, _, other) in Self.closed where other != word {
            deployment.customer.outbound?.allowedSpecial.formUnion(SpecialDestination.opened(by: other) ?? [])
        }
        #expect(deployment.dial(number).rejection?.rule == .destinationClass)
        deployment.customer.outbound?.allowedSpecial = Set(SpecialDestination.opened(by: word) ?? [])
        #expect(deployment.dial(number).approved != nil)
    }

    @Test("an opened class opens no country")
    func whitelistHolds() throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.allowedSpecial = [.numberClass(.premium)]
        #expect(deployment.dial("+449098790123").rejection?.rule == .destinationWhitelist)
    }

    @Test("toll-free numbers and ordinary ones are open", arguments: ["+18002345678", "+12125550111"])
    func open(number: String) throws {
        #expect(try Deployment().dial(number).approved != nil)
    }

    @Test(
        "§4 rule 7 a service of no country is refused by its name, unless opened one by one",
        arguments: [
            ("+870773123456", "+870"), ("+881612345678", "+881"), ("+882161234567", "+882"), ("+883510012345", "+883"),
            ("+80012345678", "+800"), ("+80812345678", "+808"), ("+878101234567890", "+878"), ("+979123456789", "+979"),
            ("+888123456789", "+888"),
        ]
    )
    func services(number: String, word: String) throws {
        var deployment = try Deployment()
        let special = try #require(SpecialDestination.opened(by: word)?.first)
        let decision = deployment.dial(number)
        let rejection = try #require(decision.rejection)
        #expect(rejection.rule == .destinationWhitelist)
        #expect(rejection.apiReason == "DESTINATION_NOT_WHITELISTED")
        #expect(
            rejection.text.hasPrefix(
                "outbound destination country not whitelisted: destination \(number) belongs to no"
            )
        )
        #expect(rejection.text.contains(special.service))
        #expect(rejection.text.hasSuffix("(`allowed_special: [\(word)]`)"))
        deployment.customer.outbound?.allowedSpecial = [special]
        let opened = deployment.dial(number)
        #expect(opened.approved != nil)
        #expect(opened.finding(.destinationWhitelist)?.detail == .specialAllowed(special))
        deployment.customer.outbound?.destinationWhitelist = []
        #expect(deployment.dial(number).rejection?.rule == .destinationWhitelist)
    }

    @Test("a number under no assigned calling code stays closed, whatever is opened")
    func unassigned() throws {
        var deployment = try Deployment()
        deployment.customer.outbound?.allowedSpecial = Set(
            SpecialDestination.words.flatMap { SpecialDestination.opened(by: $0) ?? [] }
        )
        let rejection = try #require(deployment.dial("+999123456789").rejection)
        #expect(rejection.text.hasSuffix("belongs to no country"))
    }
}
