// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Puts fragmented datagrams together (RFC 791 §3.2, RFC 8200 §4.5).
///
/// Overlapping fragments make the whole datagram void, as RFC 5722 §4 wants it: which octets the receiver took, a
/// capture does not show. Only an exact copy of a fragment is let pass.
struct FragmentTable: Sendable {
    struct Key: Hashable, Sendable {
        var source: IPAddress
        var destination: IPAddress
        var identification: UInt32
        var next: UInt8
    }

    enum Outcome {
        case waiting
        case whole([UInt8])
        /// The datagram is given up with this fragment.
        case refused(StaticString)
        /// A part of a datagram that was given up before, or one that came twice.
        case ignored
    }

    /// A datagram that was given up.
    struct Removed {
        var begun: PacketStamp
        /// Whether it was known already that it cannot be put together.
        var wasVoid: Bool
    }

    private var datagrams = RecentTable<Key, Datagram>(
        blank: Datagram(begun: PacketStamp(time: CaptureTime(nanoseconds: 0), packet: 0))
    )
    private(set) var pieceCount = 0
    private(set) var heldBytes = 0

    /// How many datagrams are known, those that were given up and are remembered among them.
    var count: Int { datagrams.count }

    /// Takes one fragment.
    mutating func add(
        _ bytes: [UInt8],
        _ position: FragmentPosition,
        of key: Key,
        _ stamp: PacketStamp
    ) -> Outcome {
        let slot = datagrams.slot(of: key) ?? datagrams.add(key, Datagram(begun: stamp))
        let piece = Piece(offset: position.offset, bytes: bytes)
        count(slot, -1)
        let outcome = datagrams[slot].insert(piece, more: position.more)
        if case .refused = outcome { datagrams[slot].makeVoid() }
        count(slot, 1)
        if case .whole = outcome { remove(key, slot) }
        return outcome
    }

    /// Gives up the datagram that began first; with a `bound`, only if it began before that.
    mutating func removeOldest(before bound: CaptureTime? = nil) -> Removed? {
        guard let oldest = datagrams.oldestEntry, let slot = datagrams.slot(of: oldest.key) else { return nil }
        if let bound, oldest.value.begun.time >= bound { return nil }
        remove(oldest.key, slot)
        return Removed(begun: oldest.value.begun, wasVoid: oldest.value.isVoid)
    }

    private mutating func remove(_ key: Key, _ slot: Int) {
        count(slot, -1)
        datagrams.remove(key)
    }

    private mutating func count(_ slot: Int, _ sign: Int) {
        pieceCount += sign * datagrams[slot].pieces.count
        heldBytes += sign * datagrams[slot].heldBytes
    }
}

private struct Piece: Sendable {
    /// What one piece costs beside its octets.
    static let overhead = 64

    var offset: Int
    var bytes: [UInt8]
    var end: Int { offset + bytes.count }
}

private struct Datagram: Sendable {
    /// In the order of their offsets.
    var pieces: [Piece] = []
    var octets = 0
    var total: Int?
    var isVoid = false
    var begun: PacketStamp

    private static let maximum = 65_535

    var heldBytes: Int { octets + pieces.count * Piece.overhead }

    init(begun: PacketStamp) {
        self.begun = begun
    }

    /// Drops what is held; the datagram stays known, so that its other fragments are.
    mutating func makeVoid() {
        pieces = []
        octets = 0
        isVoid = true
    }

    mutating func insert(_ piece: Piece, more: Bool) -> FragmentTable.Outcome {
        if isVoid { return .ignored }
        guard !piece.bytes.isEmpty, piece.end <= Self.maximum, !more || piece.bytes.count % 8 == 0 else {
            return .refused("a fragment's length is wrong")
        }
        let index = insertionIndex(piece.offset)
        if index < pieces.count {
            if pieces[index].offset == piece.offset, pieces[index].bytes == piece.bytes { return .ignored }
            if piece.end > pieces[index].offset { return .refused("fragments overlap") }
        }
        if index > 0, pieces[index - 1].end > piece.offset { return .refused("fragments overlap") }
        if !more {
            guard total == nil, index == pieces.count else { return .refused("a fragment lies behind the last one") }
            total = piece.end
        } else if let total, piece.end > total {
            return .refused("a fragment lies behind the last one")
        }
        pieces.insert(piece, at: index)
        octets += piece.bytes.count
        return octets == total ? .whole(Array(pieces.map(\.bytes).joined())) : .waiting
    }

    /// Where a piece belongs; fragments mostly come in order, so the search begins at the end.
    private func insertionIndex(_ offset: Int) -> Int {
        var index = pieces.count
        while index > 0, pieces[index - 1].offset >= offset { index -= 1 }
        return index
    }
}
