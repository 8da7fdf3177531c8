// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The TCP connections of a capture.
struct StreamTable: Sendable {
    /// The two ends of a connection, in an order that does not depend on the direction.
    struct Key: Hashable, Sendable {
        var first: CaptureAddress
        var second: CaptureAddress

        /// The key, and whether `source` is its first end.
        static func find(_ source: CaptureAddress, _ destination: CaptureAddress) -> (Key, Bool) {
            let one = (source.address.high, source.address.low, source.port)
            let other = (destination.address.high, destination.address.low, destination.port)
            return one <= other
                ? (Key(first: source, second: destination), true) : (Key(first: destination, second: source), false)
        }
    }

    struct Connection: Sendable {
        var fromFirst = StreamHalf()
        var fromSecond = StreamHalf()
        var carriesOctets = false
        var last: PacketStamp

        var heldBytes: Int { fromFirst.heldBytes + fromSecond.heldBytes }
    }

    private var connections = RecentTable<Key, Connection>(
        blank: Connection(last: PacketStamp(time: CaptureTime(nanoseconds: 0), packet: 0))
    )
    private(set) var heldBytes = 0

    var count: Int { connections.count }

    /// Runs a change on the half that sends from `source`, and on its connection; the connection is made when there is
    /// none, unless only a known one is of interest.
    mutating func update<Result>(
        from source: CaptureAddress,
        to destination: CaptureAddress,
        _ stamp: PacketStamp,
        knownOnly: Bool,
        _ body: (inout StreamHalf, _ isFirstOctets: Bool) -> Result
    ) -> Result? {
        let (key, isFirst) = Key.find(source, destination)
        let known = connections.use(key)
        if knownOnly, known == nil { return nil }
        let slot = known ?? connections.add(key, Connection(last: stamp))
        let before = connections[slot].heldBytes
        defer { heldBytes += connections[slot].heldBytes - before }
        connections[slot].last = stamp
        let isNew = !connections[slot].carriesOctets
        return isFirst ? body(&connections[slot].fromFirst, isNew) : body(&connections[slot].fromSecond, isNew)
    }

    /// Remembers that a connection carries octets.
    mutating func markCarrying(from source: CaptureAddress, to destination: CaptureAddress) {
        guard let slot = connections.slot(of: Key.find(source, destination).0) else { return }
        connections[slot].carriesOctets = true
    }

    /// Forgets the connection that was silent longest.
    mutating func removeOldest() -> (key: Key, value: Connection)? {
        guard let oldest = connections.removeOldest() else { return nil }
        heldBytes -= oldest.value.heldBytes
        return oldest
    }
}
