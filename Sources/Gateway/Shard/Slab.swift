// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Objects in numbered places, so that a timer's eight-byte token can name its owner.
struct Slab<Element> {
    private var elements: [Element?] = []
    private var free: [UInt32] = []

    /// Puts an element into a free place and tells its number.
    mutating func insert(_ element: Element) -> UInt32 {
        if let place = free.popLast() {
            elements[Int(place)] = element
            return place
        }
        elements.append(element)
        return UInt32(truncatingIfNeeded: elements.count - 1)
    }

    /// The element in a place; nil when the place is free.
    subscript(place: UInt32) -> Element? {
        Int(place) < elements.count ? elements[Int(place)] : nil
    }

    /// Frees a place.
    mutating func remove(_ place: UInt32) {
        guard Int(place) < elements.count, elements[Int(place)] != nil else { return }
        elements[Int(place)] = nil
        free.append(place)
    }
}

/// Who a timer of a shard belongs to.
enum TimerOwner {
    case server(ServerTransaction)
    case client(ClientTransaction)
    case call(ActiveCall)
    case shard
    case trunks
}
