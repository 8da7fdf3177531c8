// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Collects the differences between what is stored and what is declared.
struct ChangeWords {
    private(set) var parts: [String] = []

    /// Notes a field that differs; `show` gives a value's words.
    mutating func compare<Value: Equatable>(
        _ label: String,
        _ stored: Value,
        _ declared: Value,
        _ show: (Value) -> String
    ) {
        guard stored != declared else { return }
        parts.append("\(label) \(Self.words(show(stored))) → \(Self.words(show(declared)))")
    }

    /// Notes a field that differs and must not be shown.
    mutating func compareSecret<Value: Equatable>(_ label: String, _ stored: Value, _ declared: Value) {
        if stored != declared { parts.append("\(label) changed") }
    }

    private static func words(_ text: String) -> String {
        text.isEmpty ? "none" : text
    }

    /// The whole change; nil when nothing differs.
    var sentence: String? {
        parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// `yes` or `no`.
    static func yesNo(_ value: Bool) -> String {
        value ? "yes" : "no"
    }
}
