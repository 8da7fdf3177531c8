// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Values by country; the numbers that have no country share one, under nil.
///
/// There are few countries, and most callers call even fewer: two arrays in the order of the codes are searched faster
/// than a key is hashed, and keep their room when a value goes and comes again with each call.
struct CountryTable<Value: Sendable>: Sendable {
    /// The countries that have a value, in alphabetical order; nil before all others.
    private(set) var countries: [Country?] = []
    private var values: [Value] = []

    /// Whether no country has a value.
    var isEmpty: Bool { countries.isEmpty }

    /// How many countries have a value.
    var count: Int { countries.count }

    /// The value of a country.
    subscript(country: Country?) -> Value? {
        let position = position(of: country)
        return holds(country, at: position) ? values[position] : nil
    }

    /// Changes the value of a country, which gets `initial` first if it has none.
    mutating func update(_ country: Country?, initial: @autoclosure () -> Value, change: (inout Value) -> Void) {
        let position = position(of: country)
        if !holds(country, at: position) {
            countries.insert(country, at: position)
            values.insert(initial(), at: position)
        }
        change(&values[position])
    }

    /// Changes the value of a country that has one.
    mutating func update(_ country: Country?, change: (inout Value) -> Void) {
        let position = position(of: country)
        if holds(country, at: position) { change(&values[position]) }
    }

    /// Takes the value of a country away.
    mutating func remove(_ country: Country?) {
        let position = position(of: country)
        guard holds(country, at: position) else { return }
        countries.remove(at: position)
        values.remove(at: position)
    }

    /// Takes away every value that `isOver` is true of.
    mutating func removeAll(where isOver: (Country?, Value) -> Bool) {
        for position in countries.indices.reversed() where isOver(countries[position], values[position]) {
            countries.remove(at: position)
            values.remove(at: position)
        }
        // An endpoint that has fallen silent should not hold room for what it once did.
        if isEmpty { self = CountryTable() }
    }

    private func holds(_ country: Country?, at position: Int) -> Bool {
        position < countries.count && countries[position] == country
    }

    /// Where the country is, or would have to be inserted.
    private func position(of country: Country?) -> Int {
        let code = country?.rawValue ?? 0
        var lower = 0
        var upper = countries.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if (countries[middle]?.rawValue ?? 0) < code { lower = middle + 1 } else { upper = middle }
        }
        return lower
    }
}
