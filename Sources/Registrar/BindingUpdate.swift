// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// The bindings of an address of record while a REGISTER is applied: what was there, what goes, what comes.
struct BindingUpdate {
    /// The bindings before the request.
    let stored: [Binding]
    /// Which of them go; empty until the first does.
    private var isReplaced: [Bool] = []
    /// The bindings that the request makes, not yet visible to anyone.
    private var tentative: [Binding] = []

    init(stored: [Binding]) {
        self.stored = stored
    }

    /// Whether the request alters anything.
    var isChange: Bool {
        !tentative.isEmpty || !isReplaced.isEmpty
    }

    /// The bindings after the request.
    var result: [Binding] {
        guard !isReplaced.isEmpty else { return stored + tentative }
        var result: [Binding] = []
        result.reserveCapacity(stored.count + tentative.count)
        for (binding, isReplaced) in zip(stored, isReplaced) where !isReplaced { result.append(binding) }
        result.append(contentsOf: tentative)
        return result
    }

    /// Takes a stored binding out.
    mutating func replace(_ index: Int) {
        if isReplaced.isEmpty { isReplaced = [Bool](repeating: false, count: stored.count) }
        isReplaced[index] = true
    }

    /// Adds a binding.
    mutating func add(_ binding: Binding) {
        tentative.append(binding)
    }

    /// Takes out what an earlier Contact of the same request made of the same URI: contacts count in turn.
    mutating func withdrawTentative(equalTo uri: URIReference, in message: [UInt8]) {
        guard !tentative.isEmpty else { return }
        tentative.removeAll { isEqual(message.span, uri, toContactOf: $0) }
    }
}

/// Whether a URI is equal to a binding's contact (RFC 3261 §19.1.4).
func isEqual(_ bytes: Span<UInt8>, _ uri: URIReference, toContactOf binding: Binding) -> Bool {
    let contact = binding.contact
    if isSameBytes(bytes, uri.whole.indices, contact.span, 0..<contact.count) { return true }
    guard let other = try? URIReference.parse(contact.span, 0..<contact.count) else { return false }
    return URIComparison.areEqual(bytes, uri, contact.span, other)
}
