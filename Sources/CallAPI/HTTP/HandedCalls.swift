// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// The calls in progress, with what the outside service knows them by: a value, so that every order of creation and end
/// can be tried.
struct HandedCalls {
    /// What is to be done about a call that ended.
    enum Ending: Hashable {
        /// Nothing: the service does not know it.
        case unknown
        /// The service's answer is awaited still: what it creates must be ended.
        case offered
        /// The service knows it by this name.
        case created(CallAPIIdentifier)
    }

    private var calls: [ResourceIdentifier: CallAPIIdentifier?] = [:]

    /// How many calls are in progress.
    var count: Int { calls.count }

    /// A call begins; the service does not know it yet.
    mutating func offer(_ id: ResourceIdentifier) {
        calls[id] = .some(nil)
    }

    /// Whether a call has not ended.
    func isWanted(_ id: ResourceIdentifier) -> Bool {
        calls[id] != nil
    }

    /// The service has created a call; false when it ended meanwhile.
    mutating func created(_ id: ResourceIdentifier, as identifier: CallAPIIdentifier) -> Bool {
        guard calls[id] != nil else { return false }
        calls[id] = .some(identifier)
        return true
    }

    /// A call of the process before this one goes on.
    mutating func resume(_ id: ResourceIdentifier, as identifier: CallAPIIdentifier) {
        calls[id] = .some(identifier)
    }

    /// A call ended.
    mutating func end(_ id: ResourceIdentifier) -> Ending {
        guard let known = calls.removeValue(forKey: id) else { return .unknown }
        guard let identifier = known else { return .offered }
        return .created(identifier)
    }
}
