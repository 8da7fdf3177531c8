// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("properties over random spellings")
struct RandomSpellingTests {
    private static let numbers = [
        "+14165550123", "+12125550111", "+18002345678", "+18769221234", "+19002345678", "+442079460123",
        "+449098790123", "+870773123456", "+821012345678", "+390612345678", "+999123456789", "+15550000000",
    ]
    private static let parameters = [
        "", "", "", ";isub=12", ";npdi", ";rn=+18769221234", ";phone-context=+1", ";phone-context=gw.example",
        ";phone-context=+44", ";x=y", ";phone-context=other.example", ";m-x=y",
    ]

    /// A number as somebody might dial it, with a mistake now and then.
    private static func spelling(_ generator: inout XorshiftGenerator) -> String {
        let digits = String((numbers.randomElement(using: &generator) ?? "").dropFirst())
        let starts = ["+", "+", "%2B", "00", "011", "0", "1", "", "++", "*67+", "*6700", "*82", "00+", "+00", "+011"]
        let start = starts.randomElement(using: &generator) ?? ""
        let dropped = [0, 0, 0, 1, 2, 3].randomElement(using: &generator) ?? 0
        var text = start
        for digit in digits.utf8.dropFirst(start.hasSuffix("+") || start == "%2B" ? 0 : dropped) {
            switch Int.random(in: 0..<40, using: &generator) {
            case 0: text += "-"
            case 1: text += "("
            case 2: text += "%3\(digit & 0xF)"
            case 3:
                text +=
                    [" ", "%20", "a", "%00", "+", "%2B", "%253", "０", "*", "#"].randomElement(using: &generator) ?? ""
            default: break
            }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return text + (parameters.randomElement(using: &generator) ?? "")
    }

    private static func deployments() throws -> [Deployment] {
        try [nil, "us", "gb", "kr", "it"].map { country in
            var deployment = try Deployment()
            deployment.rules.localNames = ["gw.example"]
            deployment.customer.dialPlan = DialPlan(country: country.flatMap { Country($0) })
            deployment.customer.outbound?.allowedSpecial = [.callingCode(870)]
            return deployment
        }
    }

    @Test("§5 the verdict on a spelling is the verdict on the number it is read as")
    func verdicts() throws {
        var generator = XorshiftGenerator(state: 0xD1A1_1ED0_5BE1_11A6)
        var read = 0
        var approved = 0
        for deployment in try Self.deployments() {
            for _ in 0..<3000 {
                let text = Self.spelling(&generator)
                let decision = deployment.dial(text)
                guard let number = decision.number else {
                    #expect(decision.rejection?.rule == .destinationClassify, "\(text)")
                    continue
                }
                read += 1
                let plain = deployment.dial(number.description)
                #expect(decision.rejection?.rule == plain.rejection?.rule, "\(text)")
                #expect(decision.rejection?.detail == plain.rejection?.detail, "\(text)")
                #expect(decision.approved?.destination == plain.approved?.destination, "\(text)")
                guard decision.approved != nil else { continue }
                approved += 1
                let found = NumberingPlan.classify(number)
                let isListed = found.country == Country("us") || found.country == Country("ca")
                #expect(isListed && found.kind != .premium || found.callingCode == 870, "\(text)")
            }
        }
        #expect(read > 4000)
        #expect(approved > 800)
    }
}
