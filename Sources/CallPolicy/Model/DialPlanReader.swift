// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// Reads dialled digits by a dial plan and the rules of its country.
///
/// Made once for each caller: a reading is a walk over the digits.
package struct DialPlanReader: Sendable {
    /// A prefix that hides or shows the caller for one call.
    private struct PresentationPrefix {
        let symbols: [UInt8]
        let presentation: DialledPresentation
    }

    /// How numbers are dialled in the plan's country; nil without one, or where no rules are known.
    let region: DialledRegion?

    private let extensionPatterns: [ExtensionPattern]
    private let internationalPrefixes: [[UInt8]]
    private let nationalPrefix: [UInt8]?
    private let minimumNationalLength: Int?
    private let presentationPrefixes: [PresentationPrefix]

    /// Prepares a plan; nil is the default plan, by which numbers are international only.
    package init(_ plan: DialPlan?) {
        let plan = plan ?? DialPlan()
        region = plan.country.flatMap { DialledRegion($0) }
        extensionPatterns = plan.extensionPatterns
        internationalPrefixes = plan.internationalPrefixes.map { Array($0.utf8) }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
        nationalPrefix = plan.nationalPrefix.map { Array($0.utf8) }
        minimumNationalLength = plan.minimumNationalLength
        let hiding = plan.hidingPrefixes.map { PresentationPrefix(symbols: Array($0.utf8), presentation: .hidden) }
        let showing = plan.showingPrefixes.map { PresentationPrefix(symbols: Array($0.utf8), presentation: .shown) }
        presentationPrefixes = (hiding + showing).filter { !$0.symbols.isEmpty }
            .sorted { $0.symbols.count > $1.symbols.count }
    }

    /// Reads digits: as an extension's, else after an international prefix, else as a national number.
    ///
    /// The context of the digits is not looked at: whether the plan holds for them is the caller's to say.
    package func read(_ digits: LocalNumber) -> DialPlanReading {
        if let pattern = extensionPatterns.first(where: { $0.matches(digits) }) { return .extensionPattern(pattern) }
        if let count = internationalPrefixCount(digits) { return international(digits, after: count) }
        guard let region else { return .refused(.notNational) }
        if let nationalPrefix { return national(digits, after: nationalPrefix, in: region) }
        return national(digits, in: region)
    }

    /// Whether the digits are an emergency number of the plan's country.
    func isEmergency(_ digits: LocalNumber) -> Bool {
        region?.isEmergency(digits) ?? false
    }

    /// Takes a prefix that hides or shows the caller off what was dialled; nil when there is none.
    ///
    /// What is left stays in its own spelling, so that it is decoded once like everything else.
    func takingPresentationPrefix(
        off dialled: ReceivedText
    ) -> (presentation: DialledPresentation, user: ReceivedText)? {
        for prefix in presentationPrefixes {
            if let rest = dialled.dropping(prefix.symbols) { return (prefix.presentation, rest) }
        }
        return nil
    }
}

// MARK: - International

extension DialPlanReader {
    /// The plan's own prefixes stand in place of the country's.
    private func internationalPrefixCount(_ digits: LocalNumber) -> Int? {
        guard internationalPrefixes.isEmpty else {
            return internationalPrefixes.first { digits.hasPrefix($0) }?.count
        }
        guard let count = region?.internationalPrefixCount(in: digits), count > 0 else { return nil }
        return count
    }

    /// What follows the prefix is read as if it followed a `+`.
    private func international(_ digits: LocalNumber, after count: Int) -> DialPlanReading {
        let prefix = digits.text(0..<count)
        let length = digits.count - count
        guard length == 0 || digits[count] != UInt8(ascii: "0") else {
            return .refused(.international(prefix: prefix, .leadingZero))
        }
        guard length >= E164Number.digitCountRange.lowerBound else {
            return .refused(.international(prefix: prefix, .tooShort))
        }
        guard length <= E164Number.digitCountRange.upperBound else {
            return .refused(.international(prefix: prefix, .tooLong))
        }
        guard let number = digits.number(from: count, after: 0) else {
            return .refused(.international(prefix: prefix, .serviceSymbol))
        }
        return .number(number, .international(prefix: prefix))
    }
}

// MARK: - National

extension DialPlanReader {
    /// The country's own rules, with all their exceptions.
    private func national(_ digits: LocalNumber, in region: DialledRegion) -> DialPlanReading {
        guard digits.isDigitsOnly else { return .refused(.serviceSymbol(region.country)) }
        let reading = region.national(digits)
        let length = reading.national.count
        if let refusal = refusal(of: length, reading.length, in: region) { return .refused(refusal) }
        guard let number = reading.number else { return .refused(.noSuchLength(region.country, digits: length)) }
        let dropped = digits.text(0..<reading.dropped)
        return .number(number, .national(region.country, dropped: dropped, inserted: reading.inserted))
    }

    /// The plan's own national prefix, taken off where it stands.
    private func national(
        _ digits: LocalNumber,
        after prefix: [UInt8],
        in region: DialledRegion
    ) -> DialPlanReading {
        let dropped = digits.hasPrefix(prefix) ? prefix.count : 0
        let length = digits.count - dropped
        let possible = region.nationalLengths
        let verdict: NationalReading.Length =
            length < possible.lowerBound ? .tooShort : length > possible.upperBound ? .tooLong : .possible
        if let refusal = refusal(of: length, verdict, in: region) { return .refused(refusal) }
        guard digits.isDigitsOnly(from: dropped) else { return .refused(.serviceSymbol(region.country)) }
        guard let number = digits.number(from: dropped, after: UInt64(region.callingCode)) else {
            return .refused(.noSuchLength(region.country, digits: length))
        }
        let reading = NumberReading.national(region.country, dropped: digits.text(0..<dropped), inserted: "")
        return .number(number, reading)
    }

    /// Why a national number of this length is none; the plan's own minimum stands in place of the country's.
    private func refusal(
        of length: Int,
        _ verdict: NationalReading.Length,
        in region: DialledRegion
    ) -> DialPlanRefusal? {
        let shortest = minimumNationalLength ?? region.nationalLengths.lowerBound
        let tooShort = DialPlanRefusal.tooShort(region.country, digits: length, atLeast: shortest)
        if let minimumNationalLength, length < minimumNationalLength { return tooShort }
        switch verdict {
        // The calling code's main country may have shorter numbers than this one; the library goes by that.
        case .possible: return nil
        case .tooShort: return minimumNationalLength == nil ? tooShort : nil
        case .tooLong:
            return .tooLong(region.country, digits: length, atMost: region.nationalLengths.upperBound)
        case .localOnly: return .localOnly(region.country, digits: length)
        case .invalid: return .noSuchLength(region.country, digits: length)
        }
    }
}

extension LocalNumber {
    fileprivate func hasPrefix(_ symbols: [UInt8]) -> Bool {
        guard symbols.count <= count else { return false }
        for (index, symbol) in symbols.enumerated() where self[index] != symbol { return false }
        return true
    }

    fileprivate func isDigitsOnly(from start: Int) -> Bool {
        for index in start..<max(start, count) where self[index].map(\.isDigit) != true { return false }
        return true
    }

    /// The symbols at these places; up to fifteen of them take no memory of their own.
    fileprivate func text(_ places: Range<Int>) -> String {
        let places = places.clamped(to: 0..<count)
        return String(unsafeUninitializedCapacity: places.count) { buffer in
            var written = 0
            for index in places {
                guard let symbol = self[index], written < buffer.count else { break }
                buffer[written] = symbol
                written += 1
            }
            return written
        }
    }

    /// The number that `prefix` and the digits from a place on make; nil for any other symbol, or a length no number has.
    fileprivate func number(from start: Int, after prefix: UInt64) -> E164Number? {
        var value = prefix
        for index in start..<max(start, count) {
            guard let digit = self[index], digit.isDigit, value < 100_000_000_000_000 else { return nil }
            value = value &* 10 &+ UInt64(digit & 0xF)
        }
        return E164Number(value: value)
    }
}
