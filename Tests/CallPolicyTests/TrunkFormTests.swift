// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import Testing

@Suite("Numbers and fixed header fields toward a trunk")
struct TrunkFormTests {
    @Test(
        "National form is what the country's own plan reads back as the same number",
        arguments: [
            ("gb", "+442079460000", "02079460000"), ("de", "+4930123456", "030123456"),
            ("us", "+12125550100", "12125550100"), ("it", "+390612345678", "0612345678"),
            ("es", "+34912345678", "912345678"), ("nz", "+6437654321", "037654321"),
            ("gb", "+12125550100", "+12125550100"), ("de", "+43123456789", "+43123456789"),
            ("us", "+442079460000", "+442079460000"),
        ]
    )
    func national(country: String, number: String, expected: String) throws {
        let form = NumberForm(nationalCountry: Country(country))
        let number = try #require(E164Number(number))
        #expect(form.text(number) == expected)
        var bytes: [UInt8] = []
        form.append(number, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("Without plus only foreign numbers lose it, and what is not international stays as it is dialled")
    func withoutPlus() throws {
        let form = NumberForm(sendsPlus: false, nationalCountry: Country("gb"))
        #expect(form.text(dialled: "+12125550100") == "12125550100")
        #expect(form.text(dialled: "+442079460000") == "02079460000")
        #expect(form.text(dialled: "112") == "112")
        #expect(NumberForm().text(dialled: "+12125550100") == "+12125550100")
    }

    @Test(
        "A header field that says or proves who calls, or that the gateway writes, is not fixed",
        arguments: [
            ("From", FixedHeaderDefect.identity), ("p-asserted-identity", .identity), ("Privacy", .identity),
            ("DIVERSION", .identity), ("Identity", .identity), ("P-Charge-Info", .identity),
            ("Authorization", .credentials), ("Proxy-Authorization", .credentials), ("Via", .composed),
            ("f", .name), ("Content-Length", .composed), ("User-Agent", .composed), ("Supported", .composed),
            ("", .name), ("X Y", .name), ("X-A:", .name), ("X-Ä", .name),
        ]
    )
    func reserved(name: String, defect: FixedHeaderDefect) {
        #expect(throws: defect) { try FixedHeader(name: name, value: "v") }
    }

    @Test(
        "RFC 3261 §7.3 a fixed value is one line",
        arguments: ["", "a\r\nVia: b", "a\nb", "a\u{0}b", "a\u{7F}", "a\u{85}b", String(repeating: "x", count: 256)]
    )
    func values(value: String) {
        #expect(throws: FixedHeaderDefect.value) { try FixedHeader(name: "X-Account", value: value) }
    }

    @Test("Any other header field is taken as it is")
    func taken() throws {
        let header = try FixedHeader(name: "X-Account", value: "4711; a=b")
        #expect(header.name == "X-Account" && header.value == "4711; a=b")
    }
}
