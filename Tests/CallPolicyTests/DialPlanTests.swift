// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("dial plans")
struct DialPlanTests {
    private static func plan(_ country: String?, _ change: (inout DialPlan) -> Void = { _ in }) -> DialPlan {
        var plan = DialPlan(country: country.flatMap { Country($0) })
        change(&plan)
        return plan
    }

    private func read(_ plan: DialPlan?, _ digits: String) throws -> DialPlanReading {
        DialPlanReader(plan).read(try #require(LocalNumber(digits)))
    }

    @Test(
        "§5 a country's own rules read its international and national numbers",
        arguments: [
            ("kr", "01012345678", "+821012345678"), ("kr", "00112125550100", "+12125550100"),
            ("gb", "02079460123", "+442079460123"), ("gb", "0012125550100", "+12125550100"),
            ("gb", "2079460123", "+442079460123"), ("gb", "442079460123", "+442079460123"),
            ("it", "0612345678", "+390612345678"), ("us", "12125550100", "+12125550100"),
            ("us", "2125550100", "+12125550100"), ("us", "011442079460123", "+442079460123"),
            ("ru", "84951234567", "+74951234567"), ("au", "001112125550100", "+12125550100"),
            ("ar", "0111523456789", "+5491123456789"), ("gb", "0199", nil), ("us", "5550100", nil),
            ("im", "1624756", "+441624756"), ("im", "1624", nil), ("cc", "14710", "+6114710"),
            ("us", "121255501001", nil), ("us", "01112", nil), ("us", "*72", nil), ("gb", "00*442079460", nil),
        ] as [(String, String, String?)]
    )
    func regions(country: String, digits: String, number: String?) throws {
        #expect(try read(Self.plan(country), digits).number?.description == number)
    }

    @Test("without a plan or a country numbers are international only", arguments: [nil, DialPlan()])
    func international(plan: DialPlan?) throws {
        for digits in ["0012125550100", "2125550100", "1"] {
            #expect(try read(plan, digits) == .refused(.notNational))
        }
        let own = Self.plan(nil) { $0.internationalPrefixes = ["00"] }
        #expect(try read(own, "0012125550100").number?.description == "+12125550100")
        #expect(try read(own, "2125550100") == .refused(.notNational))
    }

    @Test("the plan's own international prefixes stand in place of the country's, the longest first")
    func internationalPrefixes() throws {
        let plan = Self.plan("kr") { $0.internationalPrefixes = ["00", "00700", "9"] }
        let number = try #require(E164Number("+12125550100"))
        #expect(try read(plan, "0070012125550100") == .number(number, .international(prefix: "00700")))
        #expect(try read(plan, "0012125550100") == .number(number, .international(prefix: "00")))
        #expect(try read(plan, "912125550100") == .number(number, .international(prefix: "9")))
        #expect(try read(plan, "00012125550100") == .refused(.international(prefix: "00", .leadingZero)))
        #expect(try read(plan, "00") == .refused(.international(prefix: "00", .tooShort)))
        #expect(try read(plan, "00123456") == .refused(.international(prefix: "00", .tooShort)))
        #expect(try read(plan, "001234567890123456") == .refused(.international(prefix: "00", .tooLong)))
        #expect(try read(plan, "0012125*50100") == .refused(.international(prefix: "00", .serviceSymbol)))
    }

    @Test("the plan's own national prefix stands in place of the country's rules")
    func nationalPrefix() throws {
        let gb = try #require(Country("gb"))
        let number = try #require(E164Number("+442079460123"))
        let nine = Self.plan("gb") { $0.nationalPrefix = "9" }
        #expect(try read(nine, "92079460123") == .number(number, .national(gb, dropped: "9", inserted: "")))
        #expect(try read(nine, "2079460123") == .number(number, .national(gb, dropped: "", inserted: "")))
        #expect(try read(nine, "02079460123") == .refused(.tooLong(gb, digits: 11, atMost: 10)))
        let bare = Self.plan("gb") { $0.nationalPrefix = "" }
        #expect(try read(bare, "2079460123") == .number(number, .national(gb, dropped: "", inserted: "")))
        #expect(try read(bare, "02079460123") == .refused(.tooLong(gb, digits: 11, atMost: 10)))
        #expect(try read(bare, "207946*123") == .refused(.serviceSymbol(gb)))
        let star = Self.plan("gb") { $0.nationalPrefix = "*9" }
        #expect(try read(star, "*92079460123").number == number)
    }

    @Test("a national number that is too short, too long or lacks its area code is refused in words")
    func lengths() throws {
        let rows = [
            ("kr", "12", "too short for a national number in kr: 2 digits, at least"),
            ("us", "5550100", "a number of 7 digits in us needs its area code"),
            ("us", "212555010012", "too long for a national number in us: 12 digits, at most 10"),
            ("us", "12125550*00", "a national number in us contains no star or hash"),
        ]
        for (country, digits, words) in rows {
            guard case .refused(let refusal) = try read(Self.plan(country), digits) else {
                Issue.record("\(digits) is a number")
                continue
            }
            #expect(refusal.words.hasPrefix(words))
        }
    }

    @Test("the plan's own minimum length stands in place of the country's")
    func minimum() throws {
        let kr = try #require(Country("kr"))
        let long = Self.plan("kr") { $0.minimumNationalLength = 9 }
        #expect(try read(long, "15881234") == .refused(.tooShort(kr, digits: 8, atLeast: 9)))
        #expect(try read(Self.plan("kr"), "15881234").number?.description == "+8215881234")
        let short = Self.plan("us") { $0.minimumNationalLength = 2 }
        #expect(try read(short, "5550100").number == nil)
        let own = Self.plan("gb") {
            $0.minimumNationalLength = 7
            $0.nationalPrefix = "0"
        }
        #expect(try read(own, "01234567").number?.description == "+441234567")
        #expect(try read(own, "0123456").number == nil)
    }

    @Test("a possible national number is dialled though no range holds it, as it would be after a plus")
    func unassigned() throws {
        let number = try #require(
            try read(Self.plan("us"), "1555000000").number ?? read(Self.plan("us"), "5550000000").number
        )
        #expect(NumberingPlan.classify(number).kind == .unassigned)
    }

    @Test("extension patterns come before numbers: 404, even where nobody has the extension")
    func extensionPatterns() throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = Self.plan("us") {
            $0.extensionPatterns = ["10xx", "2xxxxxxxxx", "*x"].compactMap { ExtensionPattern($0) }
        }
        for dialled in ["1009", "2125550111", "(212)555-0111", "2125550111;phone-context=gw.example", "*5"] {
            deployment.rules.localNames = ["gw.example"]
            let rejection = try #require(deployment.dial(dialled).rejection)
            #expect(rejection.status == 404)
            #expect(rejection.text.contains("matches the extension pattern"))
        }
        #expect(deployment.dial("1002").approved?.destination == .extensions([Deployment.colleagueID]))
        #expect(deployment.dial("12125550111").number?.description == "+12125550111")
        #expect(deployment.dial("+12125550111").approved != nil)
    }

    @Test("the endpoint's plan replaces the customer's whole; the control API dials by the customer's")
    func effective() throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = Self.plan("us") { $0.hidingPrefixes = ["*1"] }
        #expect(deployment.dial("2125550111").number?.description == "+12125550111")
        #expect(deployment.request("2125550111", from: "").number?.description == "+12125550111")
        #expect(deployment.dial("*12125550111").approved?.identity.isAnonymous == true)
        deployment.endpoint.dialPlan = Self.plan("gb")
        #expect(deployment.dial("02079460123").number?.description == "+442079460123")
        #expect(deployment.dial("*12125550111").rejection?.status == 484)
        #expect(deployment.request("2125550111", from: "").number?.description == "+12125550111")
        deployment.endpoint.dialPlan = DialPlan()
        #expect(deployment.dial("2125550111").rejection?.status == 404)
    }

    @Test("a finding says how a number was read")
    func findings() throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = Self.plan("us")
        let rows = [
            ("+14165550123", "+14165550123 is a fixed-or-mobile number in ca", []),
            (
                "01114165550123",
                "+14165550123 is a fixed-or-mobile number in ca, dialled after the international prefix 011",
                ["read_as=international", "dropped=011"]
            ),
            (
                "14165550123",
                "+14165550123 is a fixed-or-mobile number in ca, dialled as a national number of us, 1 taken off",
                ["read_as=national", "dial_plan_country=us", "dropped=1", "inserted="]
            ),
        ]
        for (dialled, reason, values) in rows {
            let finding = try #require(deployment.dial(dialled).finding(.destinationClassify))
            #expect(finding.reason == reason)
            #expect(finding.values.dropFirst(3).map { "\($0.key)=\($0.text)" } == values)
        }
        let rejection = try #require(deployment.dial("1234").rejection)
        #expect(rejection.status == 484)
        #expect(
            rejection.text
                == "`1234` is not a dialable number: too short for a national number in us: 4 digits, at least 10"
        )
    }

    @Test(
        "the prefixes hide or show the caller once, in any spelling and scheme",
        arguments: [DestinationScheme.sip, .tel]
    )
    func presentation(scheme: DestinationScheme) throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = Self.plan("us")
        for dialled in [
            "*674165550123", "*31%23+14165550123", "%2A67%2B14165550123", "*-67-(416)555.0123;isub=1",
            "#31#14165550123",
        ] {
            let decision = deployment.dial(dialled) { $0.destination.scheme = scheme }
            #expect(decision.number?.description == "+14165550123")
            #expect(decision.approved?.identity.isAnonymous == true)
        }
        let shown = deployment.dial("*824165550123") {
            $0.destination.scheme = scheme
            $0.identity.fromUser = ReceivedText("anonymous")
        }
        #expect(shown.approved?.identity.isAnonymous == false)
        for dialled in ["*67*674165550123", "*67", "*67;isub=1", "*67%252B14165550123", "*82*674165550123"] {
            #expect(deployment.dial(dialled) { $0.destination.scheme = scheme }.rejection?.status == 484)
        }
        #expect(deployment.request("*674165550123", from: "").approved?.identity.isAnonymous == true)
        #expect(deployment.dial("*671002").approved?.destination == .extensions([Deployment.colleagueID]))
    }

    @Test("RFC 3966 §5.1.5 a domain of the deployment stands for the dial plan, any other context for nothing")
    func contexts() throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = Self.plan("us")
        deployment.rules.localNames = ["GW.example."]
        for domain in ["gw.example", "GW.Example", "gw.example.", "%67w.example"] {
            let decision = deployment.dial("4165550123;phone-context=\(domain)")
            #expect(decision.number?.description == "+14165550123")
        }
        let elsewhere = try #require(deployment.dial("4165550123;phone-context=gw.example.net").rejection)
        #expect(elsewhere.status == 484)
        #expect(elsewhere.text.hasSuffix("its phone-context gw.example.net is not a domain of this deployment"))
        let global = try #require(deployment.dial("4165550123;phone-context=+44").rejection)
        #expect(global.status == 484)
        #expect(global.text.contains("+44 of its phone-context"))
        #expect(deployment.dial("4165550123;phone-context=+1").number?.description == "+14165550123")
    }

    @Test("the plan reads the numbers that a call claims as well")
    func claims() throws {
        var deployment = try Deployment()
        deployment.customer.dialPlan = Self.plan("us")
        let own = String(deployment.own.description.dropFirst(2))
        let foreign = String(deployment.foreign.description.dropFirst(2))
        let asked = deployment.request("+14165550123", from: own)
        #expect(asked.approved?.identity.source.resolved == deployment.own)
        let shown = { deployment.request("1002", from: $0).approved?.identity.identityForSIPLeg.from.user }
        #expect(shown(own) == deployment.own.description)
        #expect(shown(foreign) == "anonymous")
        #expect(shown("4711") == "4711")
    }
}
