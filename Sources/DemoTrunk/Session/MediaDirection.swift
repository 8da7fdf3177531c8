// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Which way media flows, as the sender of the description sees it (RFC 3264 §6.1).
package enum MediaDirection: String, Hashable, Sendable {
    /// Both ways.
    case sendrecv
    /// From the sender of the description only.
    case sendonly
    /// Towards the sender of the description only.
    case recvonly
    /// Neither way.
    case inactive

    /// What the other side sees, and what it answers.
    var mirrored: MediaDirection {
        switch self {
        case .sendrecv: .sendrecv
        case .sendonly: .recvonly
        case .recvonly: .sendonly
        case .inactive: .inactive
        }
    }

    /// Whether the sender of the description sends.
    var sends: Bool { self == .sendrecv || self == .sendonly }
}

/// What offer and answer agreed on for the one audio stream.
struct NegotiatedAudio: Hashable, Sendable {
    /// The coding.
    var law: G711
    /// The payload type of audio, both ways.
    var payloadType: UInt8
    /// The payload type of telephone events (RFC 4733); nil when there are none.
    var eventPayloadType: UInt8?
    /// The direction as the trunk sees it.
    var direction: MediaDirection
    /// The peer's IP address.
    var host: String
    /// The peer's RTP port.
    var port: Int

    /// The telephone event's rtpmap and the like of the audio need the law's name.
    var encodingName: String { law == .muLaw ? "PCMU" : "PCMA" }

    /// Whether the trunk may send; an address of all zeros is the hold of RFC 2543.
    var mayTransmit: Bool { direction.sends && port != 0 && host != "0.0.0.0" && host != "::" }
}
