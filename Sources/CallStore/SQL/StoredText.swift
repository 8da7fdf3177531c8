// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import NumberingPlan
import SessionDescription

/// Lists as they stand in one column: words in order, separated by commas.
enum StoredText {
    /// The countries' codes in alphabetical order.
    static func text(of countries: Set<Country>) -> String {
        countries.map(\.description).sorted().joined(separator: ",")
    }

    /// The classes' words in alphabetical order.
    static func text(of classes: Set<NumberClass>) -> String {
        classes.map(\.description).sorted().joined(separator: ",")
    }

    /// Reads countries; nil when a word is none.
    static func countries(_ text: String) -> Set<Country>? {
        set(text) { Country($0) }
    }

    /// Reads classes; nil when a word is none.
    static func classes(_ text: String) -> Set<NumberClass>? {
        set(text) { NumberClass($0) }
    }

    /// Reads a codec list; nil when the text is none.
    static func codecs(_ text: String) -> CodecList? {
        text.isEmpty ? CodecList() : try? CodecList(text)
    }

    /// Words without commas, in their order.
    static func text(of words: [String]) -> String {
        words.joined(separator: ",")
    }

    /// Reads words without commas.
    static func words(_ text: String) -> [String] {
        text.split(separator: ",").map(String.init)
    }

    private static func set<Value: Hashable>(_ text: String, _ read: (String) -> Value?) -> Set<Value>? {
        var values: Set<Value> = []
        for word in text.split(separator: ",") {
            guard let value = read(String(word)) else { return nil }
            values.insert(value)
        }
        return values
    }
}
