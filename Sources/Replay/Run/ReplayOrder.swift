// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Which dialogs may begin, so that what depends on registrations comes after them, however fast the replay is.
///
/// A registration waits for every dialog that the capture shows as over before it; any other dialog waits for the
/// registrations that the capture shows as over before it.
struct ReplayOrder {
    /// Dialogs in the order of their ends.
    private let ends: [Int]
    private let registrationEnds: [Int]
    private let lastOrdinals: [Int]
    private let firstOrdinals: [Int]
    private let isRegistration: [Bool]
    /// Dialogs of calling clients in the order of their beginnings.
    let callers: [Int]
    /// Dialogs of called clients in the order of their beginnings.
    let callees: [Int]
    private var isFinished: [Bool]
    private var end = 0
    private var registrationEnd = 0
    private var caller = 0

    init(_ dialogs: [PlannedDialog]) {
        lastOrdinals = dialogs.map(\.lastOrdinal)
        firstOrdinals = dialogs.map(\.firstOrdinal)
        isRegistration = dialogs.map(\.isRegistration)
        isFinished = Array(repeating: false, count: dialogs.count)
        ends = dialogs.indices.sorted { dialogs[$0].lastOrdinal < dialogs[$1].lastOrdinal }
        registrationEnds = ends.filter { dialogs[$0].isRegistration }
        callers = dialogs.indices.filter { dialogs[$0].role == .caller }
        callees = dialogs.indices.filter { dialogs[$0].role == .callee }
    }

    mutating func finished(_ dialog: Int) {
        isFinished[dialog] = true
        while end < ends.count, isFinished[ends[end]] { end += 1 }
        while registrationEnd < registrationEnds.count, isFinished[registrationEnds[registrationEnd]] {
            registrationEnd += 1
        }
        while caller < callers.count, isFinished[callers[caller]] { caller += 1 }
    }

    func mayBegin(_ dialog: Int) -> Bool {
        let pending = isRegistration[dialog] ? ends.dropFirst(end) : registrationEnds.dropFirst(registrationEnd)
        guard let first = pending.first else { return true }
        return lastOrdinals[first] >= firstOrdinals[dialog]
    }

    /// Whether nothing that began before an awaited dialog in the capture is still going on, so that it will not come.
    func isOverdue(_ dialog: Int) -> Bool {
        guard caller < callers.count else { return true }
        return firstOrdinals[callers[caller]] > firstOrdinals[dialog]
    }
}
