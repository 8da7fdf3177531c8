// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

/// What a telephone dials, and the number each dial plan reads in it; nil where it is no number.
struct DialledSpelling: CustomTestStringConvertible {
    let text: String
    let plain: String?
    let american: String?
    let british: String?

    /// Without a dial plan, or with any: one number.
    init(_ text: String, _ number: String?) {
        self.init(text, plain: number, american: number, british: number)
    }

    init(_ text: String, plain: String? = nil, american: String? = nil, british: String? = nil) {
        self.text = text
        self.plain = plain
        self.american = american
        self.british = british
    }

    var testDescription: String { text }
}

@Suite("spellings against the whitelist")
struct SpellingTests {
    /// Jamaica: not whitelisted, though it shares its calling code with countries that are.
    private static let jamaica = "+18769221234"
    /// Premium rate inside a whitelisted country.
    private static let premium = "+19002345678"
    private static let satellite = "+870773123456"
    private static let allowed = "+14165550123"
    private static let british = "+442079460123"

    private static let jamaican: [DialledSpelling] = [
        DialledSpelling("+18769221234", jamaica),
        DialledSpelling("%2B18769221234", jamaica),
        DialledSpelling("%2b1%38769221234", jamaica),
        DialledSpelling("+1-876-922-1234", jamaica),
        DialledSpelling("+1(876)922.1234", jamaica),
        DialledSpelling("-+18769221234", nil),
        DialledSpelling("(+1)8769221234", nil),
        DialledSpelling("+18769221234;isub=1234", jamaica),
        DialledSpelling("+18769221234;ext=14165550123", jamaica),
        DialledSpelling("+18769221234;npdi;rn=+12125550111", jamaica),
        DialledSpelling("+18769221234;rn=2125550111;rn-context=+1", jamaica),
        DialledSpelling("+18769221234;cic=+15550", jamaica),
        DialledSpelling("+18769221234;user=phone", jamaica),
        DialledSpelling("+18769221234;phone-context=+44", jamaica),
        DialledSpelling("+18769221234;phone-context=gw.example", jamaica),
        DialledSpelling("+18769221234;PHONE-CONTEXT=+1416", jamaica),
        DialledSpelling("+18769221234;phone-context=+1;phone-context=+1", nil),
        DialledSpelling("+18769221234;m-carrier=cheap", nil),
        DialledSpelling("+18769221234;x=%40+14165550123", jamaica),
        DialledSpelling("8769221234;phone-context=+1", jamaica),
        DialledSpelling("9221234;phone-context=+1876", jamaica),
        DialledSpelling("9221234;phone-context=+1-876", jamaica),
        DialledSpelling("21234;phone-context=+187692", jamaica),
        DialledSpelling("1234;phone-context=+1876922", nil),
        DialledSpelling("18769221234;phone-context=+1", nil),
        DialledSpelling("8769221234;phone-context=+44", nil),
        DialledSpelling("8769221234;phone-context=+1416555", nil),
        DialledSpelling("18769221234;phone-context=elsewhere.example", nil),
        DialledSpelling("18769221234;phone-context=gw.example", american: jamaica),
        DialledSpelling("18769221234", american: jamaica),
        DialledSpelling("1-876-922-1234", american: jamaica),
        DialledSpelling("%318769221234", american: jamaica),
        DialledSpelling("18769221234;npdi;rn=+12125550111", american: jamaica),
        DialledSpelling("8769221234", american: jamaica, british: "+448769221234"),
        DialledSpelling("9221234", british: "+449221234"),
        DialledSpelling("01118769221234", american: jamaica),
        DialledSpelling("011-1-876-922-1234", american: jamaica),
        DialledSpelling("0018769221234", british: jamaica),
        DialledSpelling("00%318769221234", british: jamaica),
        DialledSpelling("00(1)8769221234;isub=1", british: jamaica),
        DialledSpelling("0001118769221234"),
        DialledSpelling("000018769221234"),
        DialledSpelling("++18769221234", nil),
        DialledSpelling("+%2B18769221234", nil),
        DialledSpelling("%2B%2B18769221234", nil),
        DialledSpelling("%252B18769221234", nil),
        DialledSpelling("%25%32%42 18769221234", nil),
        DialledSpelling("1+8769221234", nil),
        DialledSpelling("00+18769221234", nil),
        DialledSpelling("011+18769221234", nil),
        DialledSpelling("+0018769221234", nil),
        DialledSpelling("+01118769221234", nil),
        DialledSpelling("+018769221234", nil),
        DialledSpelling("+1 876 922 1234", nil),
        DialledSpelling("+1%20876%209221234", nil),
        DialledSpelling("+1876WABCDEF", nil),
        DialledSpelling("+1876922l234", nil),
        DialledSpelling("+１８７６９２２１２３４", nil),
        DialledSpelling("+%EF%BC%918769221234", nil),
        DialledSpelling("\u{FF0B}18769221234", nil),
        DialledSpelling("+1٨769221234", nil),
        DialledSpelling("+18769221234%00", nil),
        DialledSpelling("+1876%0A9221234", nil),
        DialledSpelling("+18769221234%3Bphone-context=+1416", nil),
        DialledSpelling("+14165550123%3B+18769221234", nil),
        DialledSpelling("+18769221234*", nil),
        DialledSpelling("+1876#9221234", nil),
        DialledSpelling("+1876,9221234", nil),
        DialledSpelling("+1876/9221234", nil),
        DialledSpelling("+18769221234&", nil),
    ]

    private static let special: [DialledSpelling] = [
        DialledSpelling("+19002345678", premium),
        DialledSpelling("+1-900-234-5678;npdi", premium),
        DialledSpelling("%2B1%39%30%302345678", premium),
        DialledSpelling("2345678;phone-context=+1900", premium),
        DialledSpelling("9002345678;phone-context=+1", premium),
        DialledSpelling("19002345678", american: premium),
        DialledSpelling("9002345678", american: premium, british: "+449002345678"),
        DialledSpelling("01119002345678", american: premium),
        DialledSpelling("0019002345678", british: premium),
        DialledSpelling("+870773123456", satellite),
        DialledSpelling("+870-773-123456;isub=1", satellite),
        DialledSpelling("773123456;phone-context=+870", satellite),
        DialledSpelling("011870773123456", american: satellite),
        DialledSpelling("00870773123456", british: satellite),
        DialledSpelling("+442079460123", british),
        DialledSpelling("011442079460123", american: british),
        DialledSpelling("02079460123", british: british),
        DialledSpelling("02079460123;phone-context=+44", nil),
        DialledSpelling("2079460123;phone-context=+44", british),
    ]

    private static let open: [DialledSpelling] = [
        DialledSpelling("+14165550123", allowed),
        DialledSpelling("+1-416-555-0123", allowed),
        DialledSpelling("%2B1(416)5550123;isub=+18769221234", allowed),
        DialledSpelling("+14165550123;npdi;rn=+18769221234", allowed),
        DialledSpelling("+14165550123;phone-context=+1876", allowed),
        DialledSpelling("4165550123;phone-context=+1", allowed),
        DialledSpelling("5550123;phone-context=+1416", allowed),
        DialledSpelling("14165550123", american: allowed),
        DialledSpelling("4165550123", american: allowed, british: "+444165550123"),
        DialledSpelling("4165550123;phone-context=GW.example", american: allowed, british: "+444165550123"),
        DialledSpelling("01114165550123", american: allowed),
        DialledSpelling("0014165550123", british: allowed),
    ]

    private static let all = jamaican + special + open

    private static func deployment(_ country: String?) throws -> Deployment {
        var deployment = try Deployment()
        deployment.rules.localNames = ["gw.example"]
        deployment.customer.mayCallSIPURIs = true
        deployment.customer.dialPlan = DialPlan(country: country.flatMap { Country($0) })
        deployment.trunks[0].host = "sip.carrier.example"
        return deployment
    }

    /// The ways in which one user part comes in.
    private static func ways(_ user: String) -> [(inout CallAttempt) -> Void] {
        [
            { _ in },
            { $0.destination.scheme = .sips },
            { $0.destination.scheme = .tel },
            {
                $0.destination.isLocalDomain = false
                $0.destination.host = ReceivedText("SIP.carrier.example.")
                $0.destination.uri = ReceivedText("sip:\(user)@SIP.carrier.example.:5062")
            },
            { $0.caller = .customer(Deployment.customerID) },
        ]
    }

    @Test("§5 no spelling of a number that is not allowed passes, whatever the dial plan", arguments: all)
    func spellings(spelling: DialledSpelling) throws {
        let plans = [(nil, spelling.plain), ("us", spelling.american), ("gb", spelling.british)]
        for (country, number) in plans {
            let deployment = try Self.deployment(country)
            for prefix in ["", "*67", "*82", "%2A31%23", "*-6-7"] {
                for way in Self.ways(prefix + spelling.text) {
                    let decision = deployment.dial(prefix + spelling.text, way)
                    #expect(decision.number?.description == number, "\(prefix) in \(country ?? "no plan")")
                    #expect((decision.approved != nil) == (number == Self.allowed))
                    guard let call = decision.approved else { continue }
                    #expect(call.destination.kind == .telephone)
                    #expect(call.route.count == 1)
                }
            }
        }
    }

    @Test("the table holds as many spellings as it claims")
    func size() {
        #expect(Self.all.count >= 60)
        #expect(Set(Self.all.map(\.text)).count == Self.all.count)
    }
}
