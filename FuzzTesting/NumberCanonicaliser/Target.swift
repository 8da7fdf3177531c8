// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// One input of the fuzzer: a user part of a SIP URI, or a `tel` URI without its scheme.
@c(LLVMFuzzerTestOneInput)
public func fuzzNumberCanonicaliser(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = input(data, count)
    let result = NumberCanonicaliser.canonicalise(user: text)
    check(CanonicalOracle(text).agrees(with: result, in: text), "the grammar read a second time agrees")
    check(
        NumberCanonicaliser.explain(user: text, in: text.indices).result == result,
        "the explanation is of this result"
    )
    checkPlacing(text, result)
    switch result {
    case .number(let number): checkNumber(number, text)
    case .notInternational(let local): checkLocal(local, text)
    case .refused: break
    }
    return 0
}

/// What lies around the range must not matter.
private func checkPlacing(_ text: [UInt8], _ result: CanonicalNumber) {
    let placed = Array("+1".utf8) + text + Array("5;phone-context=+44".utf8)
    switch (NumberCanonicaliser.canonicalise(user: placed, in: 2..<2 + text.count), result) {
    case (.notInternational(let found), .notInternational(let expected)):
        check(found.description == expected.description, "a local number is the same wherever it stands")
        check(found.contextDomain(in: placed) == expected.contextDomain(in: text), "and so is its domain")
    case (let found, let expected):
        check(found == expected, "a number is the same wherever it stands")
    }
}

private func checkNumber(_ number: E164Number, _ text: [UInt8]) {
    let output = Array(number.description.utf8)
    check(output.first == UInt8(ascii: "+") && (8...16).contains(output.count), "a number is + and 7 to 15 digits")
    check(output.dropFirst().allSatisfy { (0x30...0x39).contains($0) }, "a number is digits after its +")
    check(NumberCanonicaliser.canonicalise(user: output) == .number(number), "a number reads back as itself")
    for parameters in [";npdi", ";rn=+14155550000", ";cic=+10288;x=%40+19005550000", ";isub=%3B1", ";ext=9"] {
        let found = NumberCanonicaliser.canonicalise(user: text + Array(parameters.utf8))
        switch found {
        case .number(let other): check(other == number, "no parameter changes the number")
        case .refused(let refusal):
            check(refusal == .repeatedParameter, "a sound parameter is refused only as a repetition")
        case .notInternational: check(false, "no parameter makes a number local")
        }
    }
}

private func checkLocal(_ local: LocalNumber, _ text: [UInt8]) {
    check((1...LocalNumber.maximumCount).contains(local.count), "a local number has 1 to 32 symbols")
    let plain = LocalNumber(local.description)
    check(plain?.description == local.description, "a local number reads back as itself")
    if case .domain(let range) = local.context {
        check(range.lowerBound >= 0 && range.upperBound <= text.count, "the domain lies inside the text")
        check(local.contextDomain(in: text)?.isEmpty == false, "the domain can be read")
    }
}
