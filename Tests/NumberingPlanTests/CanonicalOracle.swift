// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// RFC 3966 §3 and RFC 4694 §4 read a second time, over strings, slowly and apart from the canonicaliser: what the two
/// say of one spelling must agree.
enum CanonicalOracle: Hashable {
    case number(String)
    case local(String, context: String?)
    case refused

    private static let known: Set<String> = [
        "phone-context", "isub", "ext", "npdi", "rn", "rn-context", "cic", "cic-context",
    ]
    private static let separators: Set<Character> = ["-", ".", "(", ")"]
    private static let digits: Set<Character> = Set("0123456789")
    private static let hexadecimal: Set<Character> = Set("0123456789abcdefABCDEF")
    private static let letters: Set<Character> = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

    /// Reads a spelling.
    init(_ bytes: [UInt8]) {
        let pieces = String(decoding: bytes, as: UTF8.self)
            .split(separator: ";", omittingEmptySubsequences: false)
        guard let number = pieces.first.flatMap({ Self.unescaped($0) }),
            let values = Self.parameters(pieces.dropFirst().map(Substring.init)),
            Self.areSound(values)
        else {
            self = .refused
            return
        }
        let bare = number.filter { !Self.separators.contains($0) }
        self =
            number.first == "+"
            ? Self.readGlobal(String(bare.dropFirst())) : Self.readLocal(bare, context: values["phone-context"])
    }

    /// Whether the canonicaliser's result for the text is this one; why it refuses is not compared.
    func agrees(with result: CanonicalNumber, in text: [UInt8]) -> Bool {
        switch (result, self) {
        case (.number(let number), .number(let digits)): return number.description == "+" + digits
        case (.notInternational(let local), .local(let symbols, let context)):
            let found: String? =
                switch local.context {
                case .none: nil
                case .global(let prefix): "+\(prefix)"
                case .domain: local.contextDomain(in: text)
                }
            return local.description == symbols && found == context
        case (.refused, .refused): return true
        default: return false
        }
    }

    private static func readGlobal(_ text: String) -> CanonicalOracle {
        guard text.allSatisfy(digits.contains), (7...15).contains(text.count), text.first != "0" else {
            return .refused
        }
        return .number(text)
    }

    private static func readLocal(_ text: String, context: String?) -> CanonicalOracle {
        guard (1...32).contains(text.count), text.allSatisfy({ digits.contains($0) || $0 == "*" || $0 == "#" }) else {
            return .refused
        }
        guard let context, context.first == "+" else {
            return .local(
                text,
                context: context.map { $0.lowercased() }.map { $0.last == "." ? String($0.dropLast()) : $0 }
            )
        }
        let prefix = context.filter(digits.contains)
        if text.count >= 5, text.allSatisfy(digits.contains), let number = E164Number("+" + prefix + text) {
            let found = NumberingPlan.classify(number)
            if found.kind != .unassigned, !found.hasNationalPrefix { return .number(prefix + text) }
        }
        return .local(text, context: "+" + prefix)
    }

    /// The text without its escapes; nil when an escape is broken or what it makes is not printable ASCII.
    private static func unescaped(_ text: Substring) -> String? {
        let parts = text.split(separator: "%", omittingEmptySubsequences: false)
        var result = String(parts.first ?? "")
        for part in parts.dropFirst() {
            let code = part.unicodeScalars.prefix(2)
            guard code.count == 2, code.allSatisfy({ hexadecimal.contains(Character($0)) }),
                let value = UInt8(String(String.UnicodeScalarView(code)), radix: 16)
            else { return nil }
            result.unicodeScalars.append(Unicode.Scalar(value))
            result.unicodeScalars.append(contentsOf: part.unicodeScalars.dropFirst(2))
        }
        return result.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F } ? result : nil
    }

    /// The known parameters, names in lower case and values without escapes; nil when one is not allowed.
    private static func parameters(_ pieces: [Substring]) -> [String: String]? {
        var values: [String: String] = [:]
        for piece in pieces {
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = (halves.first ?? "").lowercased()
            guard !name.isEmpty, name.allSatisfy({ letters.contains($0) || digits.contains($0) || $0 == "-" }),
                let value = unescaped(halves.count > 1 ? halves[1] : ""), !name.hasPrefix("m-")
            else { return nil }
            guard known.contains(name) else { continue }
            guard values.updateValue(value, forKey: name) == nil else { return nil }
        }
        return values
    }

    private static func areSound(_ values: [String: String]) -> Bool {
        if values["isub"] == "" { return false }
        if let number = values["ext"], !isNumber(number, of: digits) { return false }
        for name in ["rn", "cic"] {
            guard let number = values[name] else { continue }
            guard isGlobalHexadecimal(number) || isNumber(number, of: hexadecimal) && values[name + "-context"] != nil
            else { return false }
        }
        for name in ["rn-context", "cic-context"] {
            if let context = values[name], !isGlobalHexadecimal(context), !isDomain(context) { return false }
        }
        guard let context = values["phone-context"] else { return true }
        guard context.first == "+" else { return isDomain(context) }
        let prefix = context.dropFirst().filter { !separators.contains($0) }
        return (1...15).contains(prefix.count) && prefix.allSatisfy(digits.contains) && prefix.first != "0"
    }

    private static func isNumber(_ text: some StringProtocol, of digits: Set<Character>) -> Bool {
        text.contains(where: digits.contains) && text.allSatisfy { digits.contains($0) || separators.contains($0) }
    }

    private static func isGlobalHexadecimal(_ text: String) -> Bool {
        guard text.first == "+", let first = text.dropFirst().first, digits.contains(first) else { return false }
        return isNumber(text.dropFirst(), of: hexadecimal)
    }

    private static func isDomain(_ text: String) -> Bool {
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, labels.last == "" { labels.removeLast() }
        let areLabels = labels.allSatisfy { label in
            label.first != "-" && label.last != "-" && !label.isEmpty
                && label.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == "-" }
        }
        return areLabels && (labels.count > 1 || labels.last?.first.map(letters.contains) == true)
    }
}
