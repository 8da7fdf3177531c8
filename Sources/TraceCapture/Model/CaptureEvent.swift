// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a capture holds, one after the other.
///
/// Events come in the order in which they are completed. A message that waited for a lost segment follows later ones,
/// so times may step back.
package enum CaptureEvent: Hashable, Sendable {
    /// A SIP message, or what there is of one.
    case message(CapturedMessage)
    /// Something that could not be read.
    case note(CaptureNote)
}

/// What could not be read, and why.
package struct CaptureNote: Hashable, Sendable, CustomStringConvertible {
    /// The kinds of note.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The capture itself is damaged or ends in the middle of a packet; nothing follows.
        case damagedCapture = "damaged_capture"
        /// A message's end was not captured.
        case truncatedMessage = "truncated_message"
        /// A header of a packet contradicts itself.
        case malformedPacket = "malformed_packet"
        /// Fragments of a datagram overlap or contradict each other, or did not all come.
        case fragments
        /// Octets of a stream were not captured.
        case gap
        /// Octets of a stream belong to no message.
        case skipped
        /// A message of a stream or text does not end where it says, or is too long.
        case framing
        /// A limit of this reader was reached, and what it held longest was given up.
        case limit
        /// A text trace holds something that is no message.
        case text
    }

    /// What sort of thing is wrong.
    package let kind: Kind
    /// What is wrong, in plain words.
    package let text: String
    /// The packet or line at which it shows.
    package let place: CapturePlace

    /// Makes a note.
    package init(_ kind: Kind, _ text: String, at place: CapturePlace) {
        self.kind = kind
        self.text = text
        self.place = place
    }

    /// `calls.pcap, packet 12: …`.
    package var description: String { "\(place): \(text)" }
}
