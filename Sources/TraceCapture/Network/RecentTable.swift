// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A dictionary that knows which entry was not used longest.
///
/// Entries lie in an array and are chained through it, so that using, adding and removing one cost the same however
/// many there are.
struct RecentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var key: Key
        var value: Value
        var newer: Int
        var older: Int
    }

    private var slots: [Key: Int] = [:]
    private var entries: [Entry] = []
    private var free: [Int] = []
    private var newest: Int?
    private var oldest: Int?
    /// What a free slot holds, so that it keeps nothing of its last entry.
    private let blank: Value

    init(blank: Value) {
        self.blank = blank
    }

    var count: Int { slots.count }

    /// The slot of a key's entry; nil when there is none.
    func slot(of key: Key) -> Int? { slots[key] }

    /// The slot of a key's entry, which from now on is the newest one; nil when there is none.
    mutating func use(_ key: Key) -> Int? {
        guard let slot = slots[key] else { return nil }
        if slot != newest {
            unlink(slot)
            link(slot)
        }
        return slot
    }

    /// Adds an entry for a key that has none; returns its slot.
    mutating func add(_ key: Key, _ value: Value) -> Int {
        let entry = Entry(key: key, value: value, newer: -1, older: -1)
        let slot: Int
        if let reused = free.popLast() {
            entries[reused] = entry
            slot = reused
        } else {
            entries.append(entry)
            slot = entries.count - 1
        }
        slots[key] = slot
        link(slot)
        return slot
    }

    /// The entry of a slot that `slot(of:)`, `use` or `add` returned.
    subscript(slot: Int) -> Value {
        get { entries[slot].value }
        _modify { yield &entries[slot].value }
    }

    /// The entry that was not used longest.
    var oldestEntry: (key: Key, value: Value)? {
        oldest.map { (entries[$0].key, entries[$0].value) }
    }

    /// Removes and returns the entry that was not used longest.
    mutating func removeOldest() -> (key: Key, value: Value)? {
        guard let entry = oldestEntry else { return nil }
        remove(entry.key)
        return entry
    }

    /// Removes a key's entry.
    mutating func remove(_ key: Key) {
        guard let slot = slots.removeValue(forKey: key) else { return }
        unlink(slot)
        entries[slot].value = blank
        free.append(slot)
    }

    private mutating func link(_ slot: Int) {
        entries[slot].newer = -1
        entries[slot].older = newest ?? -1
        if let newest { entries[newest].newer = slot } else { oldest = slot }
        newest = slot
    }

    private mutating func unlink(_ slot: Int) {
        let (newer, older) = (entries[slot].newer, entries[slot].older)
        if newer >= 0 { entries[newer].older = older } else { newest = older >= 0 ? older : nil }
        if older >= 0 { entries[older].newer = newer } else { oldest = newer >= 0 ? newer : nil }
    }
}
