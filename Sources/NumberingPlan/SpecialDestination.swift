// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A kind of number that is blocked unless a customer's configuration opens it.
package enum SpecialDestination: Hashable, Sendable {
    /// Numbers of this class inside any country: premium, shared cost, personal or pager.
    case numberClass(NumberClass)
    /// Numbers under a calling code that belongs to no country, such as 870.
    case callingCode(UInt16)

    /// The classes that are blocked inside a country.
    package static let classes: [NumberClass] = [.premium, .sharedCost, .personal, .pager]

    // The calling codes without a country: the list of ITU-T E.164 assigned country codes.
    private static let groups: [(word: String, codes: [(value: UInt16, service: String)])] = [
        ("satellite", [(870, "Inmarsat satellite"), (881, "global mobile satellite systems")]),
        ("international-networks", [(882, "international networks"), (883, "international networks")]),
        ("international-freephone", [(800, "international freephone")]),
        ("international-shared-cost", [(808, "international shared cost")]),
        ("international-premium", [(979, "international premium rate")]),
        ("universal-personal", [(878, "universal personal telecommunications")]),
        ("disaster-relief", [(888, "disaster relief")]),
    ]

    /// Every word a configuration may write; each calling code may be written by itself too, as `+870`.
    package static var words: [String] { classes.map(\.description) + groups.map(\.word) }

    /// What a configuration's word opens; nil when it is none of `words` and no such calling code.
    package static func opened(by word: String) -> [SpecialDestination]? {
        if let kind = classes.first(where: { $0.description == word }) { return [.numberClass(kind)] }
        if let group = groups.first(where: { $0.word == word }) { return group.codes.map { .callingCode($0.value) } }
        for group in groups {
            for code in group.codes where "+\(code.value)" == word { return [.callingCode(code.value)] }
        }
        return nil
    }

    /// The word of `words` that opens this, and perhaps more: a class, or the group of the calling code.
    package var word: String {
        switch self {
        case .numberClass(let kind):
            kind.description
        case .callingCode(let code):
            Self.groups.first { $0.codes.contains { $0.value == code } }?.word ?? description
        }
    }

    /// What it is, for people: `premium rate`, `+870 (Inmarsat satellite)`.
    package var service: String {
        switch self {
        case .numberClass(.premium): return "premium rate"
        case .numberClass(.sharedCost): return "shared cost"
        case .numberClass(let kind): return kind.description
        case .callingCode(let code):
            let service = Self.groups.lazy.flatMap(\.codes).first { $0.value == code }?.service
            return service.map { "+\(code) (\($0))" } ?? description
        }
    }
}

extension SpecialDestination: CustomStringConvertible, Comparable {
    /// The shortest word that opens exactly this: a class, or `+` and the calling code.
    package var description: String {
        switch self {
        case .numberClass(let kind): kind.description
        case .callingCode(let code): "+\(code)"
        }
    }

    /// Classes first, then calling codes by value.
    package static func < (left: SpecialDestination, right: SpecialDestination) -> Bool {
        left.order < right.order
    }

    // No calling code is as small as the classes' numbers: those of one digit belong to countries.
    private var order: UInt16 {
        switch self {
        case .numberClass(let kind): UInt16(kind.rawValue)
        case .callingCode(let code): code
        }
    }
}

extension NumberClassification {
    /// What a customer's configuration must open before this number may be called; nil when nothing.
    ///
    /// Under a calling code without a country it is the code, whether the number is assigned or not.
    package var special: SpecialDestination? {
        if let code = callingCode, country == nil { return .callingCode(code) }
        return SpecialDestination.classes.contains(kind) ? .numberClass(kind) : nil
    }
}
