// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import NumberingPlan
import SessionDescription
import Yams

extension ScalarType where Value == E164Number {
    /// A telephone number in international form.
    static var number: ScalarType {
        ScalarType("a telephone number") { text throws(ScalarFault) in
            if let number = E164Number(text) { return number }
            let digits = String(text.unicodeScalars.filter(\.isASCIIDigit).map(Character.init))
            if text.hasPrefix("+") || text == digits, let meant = E164Number("+" + digits) {
                throw ScalarFault("must be in international form, not `\(clipped(text))`", "did you mean `\(meant)`?")
            }
            throw ScalarFault(
                "must be in international form, not `\(clipped(text))`",
                "write `+` and 7 to 15 digits, for example +15551234567"
            )
        }
    }
}

extension ScalarType where Value == Country {
    /// An ISO 3166-1 alpha-2 code in either case.
    static var country: ScalarType {
        ScalarType("a country code") { text throws(ScalarFault) in
            if let country = Country(text) { return country }
            let remedy =
                switch text.lowercased() {
                case "uk": "did you mean `gb`? The code of the United Kingdom is gb"
                case "el": "did you mean `gr`? The code of Greece is gr"
                case "usa": "did you mean `us`?"
                case "eu": "list the countries of the European Union one by one"
                default: "give the two letters of ISO 3166-1, for example us"
                }
            throw ScalarFault("holds `\(clipped(text))`, which is not a country code", remedy)
        }
    }
}

extension ScalarType where Value == [SpecialDestination] {
    /// What is blocked unless it is allowed: a class of numbers, a service without a country, or its calling code.
    static var specialDestinations: ScalarType {
        ScalarType("a special destination") { text throws(ScalarFault) in
            if let opened = SpecialDestination.opened(by: text) { return opened }
            if NumberClass(text) != nil, !SpecialDestination.words.contains(text) {
                throw ScalarFault("holds `\(text)`, which is not blocked in an allowed country", "remove it")
            }
            guard text.hasPrefix("+") else {
                throw ScalarFault.unknownWord(text, among: SpecialDestination.words)
            }
            throw ScalarFault(
                "cannot be `\(clipped(text))`",
                "give a calling code without a country, such as +870; countries belong in `destination_whitelist`"
            )
        }
    }
}

extension ScalarType where Value == DigestAlgorithm {
    /// A digest algorithm by its token on the wire.
    static var algorithm: ScalarType {
        ScalarType("a digest algorithm") { text throws(ScalarFault) in
            if let found = DigestAlgorithm.allCases.first(where: { $0.token == text }) { return found }
            throw ScalarFault.unknownWord(text, among: DigestAlgorithm.allCases.map(\.token))
        }
    }
}

extension ScalarType where Value == Int64 {
    /// An amount of US dollars with up to six decimals, in millionths.
    static var dollars: ScalarType {
        ScalarType("an amount of money") { text throws(ScalarFault) in
            let isNegative = text.hasPrefix("-")
            let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
            let fraction = parts.count == 2 ? parts[1] : "0"
            let isDecimal = (parts + [fraction]).allSatisfy { part in
                !part.isEmpty && part.unicodeScalars.allSatisfy(\.isASCIIDigit)
            }
            let padded = fraction + String(repeating: "0", count: max(0, 6 - fraction.count))
            guard parts.count <= 2, isDecimal, parts[0].count <= 12, fraction.count <= 6,
                let micros = Int64(parts[0] + padded)
            else {
                throw ScalarFault(
                    "must be an amount of US dollars, not `\(clipped(text))`",
                    "give a number with at most six decimals, for example 12.50"
                )
            }
            return isNegative ? -micros : micros
        }
    }
}

extension ScalarType where Value == CodecList {
    /// Encoding names joined by commas.
    static var codecs: ScalarType {
        ScalarType("a list of codecs") { text throws(ScalarFault) in
            do throws(CodecListError) {
                return try CodecList(text)
            } catch {
                let words =
                    switch error {
                    case .tooLong(let length): "is \(length) characters long, more than 255"
                    case .lineBreak: "holds a line break"
                    case .emptyName: "holds an empty name"
                    case .misplacedHyphen: "holds a misplaced hyphen"
                    case .forbiddenCharacter: "holds a character that no codec name has"
                    }
                throw ScalarFault(words, "give encoding names, for example [PCMU, PCMA]")
            }
        }
    }
}

extension Fields {
    /// A codec list, as a YAML list of names or as one text with commas; nil when absent or wrong.
    func codecs(_ key: String) -> CodecList? {
        guard let node = take(key) else { return nil }
        guard case .sequence(let names) = node else {
            return ScalarType.codecs.read(node, name: key, log: log)?.value
        }
        let single = ScalarType<String>.token("a codec name", marks: "-", 1...64)
        let texts = names.compactMap { single.read($0, name: key, log: log)?.value }
        guard texts.count == names.count else { return nil }
        do throws(ScalarFault) {
            return try ScalarType.codecs.convert(texts.joined(separator: ","))
        } catch {
            log.add("`\(key)` \(error.message)", error.remedy, at: node.position)
            return nil
        }
    }
}
