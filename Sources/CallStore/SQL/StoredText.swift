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

    /// The special destinations' words in alphabetical order.
    static func text(of destinations: Set<SpecialDestination>) -> String {
        destinations.map(\.description).sorted().joined(separator: ",")
    }

    /// A trunk's transport; another word when DNS chooses it.
    static func transport(of trunk: Trunk) -> String {
        trunk.findsTransport ? located : trunk.transport.rawValue
    }

    /// Reads a trunk's transport: UDP until DNS has chosen another; nil for another word.
    static func transport(_ text: String) -> SIPTransportProtocol? {
        findsTransport(text) ? .udp : SIPTransportProtocol(rawValue: text)
    }

    /// Whether DNS chooses a trunk's transport.
    static func findsTransport(_ text: String) -> Bool {
        text == located
    }

    private static let located = "dns"

    /// Reads countries; nil when a word is none.
    static func countries(_ text: String) -> Set<Country>? {
        set(text) { Country($0) }
    }

    /// Reads special destinations; nil when a word is none.
    static func specialDestinations(_ text: String) -> Set<SpecialDestination>? {
        var found: Set<SpecialDestination> = []
        for word in words(text) {
            guard let opened = SpecialDestination.opened(by: word) else { return nil }
            found.formUnion(opened)
        }
        return found
    }

    /// Reads patterns of extensions; nil when a word is none.
    static func extensionPatterns(_ text: String) -> [ExtensionPattern]? {
        let patterns = words(text).map { ExtensionPattern($0) }
        let found = patterns.compactMap(\.self)
        return found.count == patterns.count ? found : nil
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
