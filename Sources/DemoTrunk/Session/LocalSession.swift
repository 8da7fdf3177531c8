// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The trunk's own session descriptions in one call: offers, answers, and their version (RFC 3264 §5, §6, §8).
struct LocalSession: Sendable {
    private let address: String
    private let port: Int
    private let identifier = UInt32.random(in: 1...UInt32.max)
    private var version: UInt32 = 0
    private var previous = ""

    /// Makes the side of one call that receives media at this address and port.
    init(address: String, port: Int) {
        self.address = address
        self.port = port
    }

    /// An offer of PCMU and telephone events.
    mutating func offer() -> [UInt8] {
        rendered(time: "0 0", media: audioLines(NegotiatedAudio.offered, transport: "RTP/AVP"))
    }

    /// The answer to an offer: the audio line that was agreed on, port 0 for every other.
    mutating func answer(to peer: PeerSession, at index: Int, _ audio: NegotiatedAudio) -> [UInt8] {
        var media = ""
        for (position, line) in peer.media.enumerated() {
            if position == index {
                media += audioLines(audio, transport: line.transport)
            } else {
                media += "m=\(line.kind) 0 \(line.transport) \(line.formats.joined(separator: " "))\r\n"
            }
        }
        return rendered(time: peer.time, media: media)
    }

    private func audioLines(_ audio: NegotiatedAudio, transport: String) -> String {
        var formats = "\(audio.payloadType)"
        var attributes = "a=rtpmap:\(audio.payloadType) \(audio.encodingName)/8000\r\n"
        if let event = audio.eventPayloadType {
            formats += " \(event)"
            attributes += "a=rtpmap:\(event) telephone-event/8000\r\na=fmtp:\(event) 0-16\r\n"
        }
        attributes += "a=ptime:20\r\na=\(audio.direction.rawValue)\r\n"
        return "m=audio \(port) \(transport) \(formats)\r\n\(attributes)"
    }

    private mutating func rendered(time: String, media: String) -> [UInt8] {
        let family = address.contains(":") ? "IP6" : "IP4"
        let rest = "s=-\r\nc=IN \(family) \(address)\r\nt=\(time)\r\n\(media)"
        // RFC 3264 §8: the version goes up by one with each change and stays with each repetition.
        if rest != previous { version &+= 1 }
        previous = rest
        return Array("v=0\r\no=demo-trunk \(identifier) \(version) IN \(family) \(address)\r\n\(rest)".utf8)
    }
}

extension NegotiatedAudio {
    /// What the trunk offers where the peer made no offer.
    static let offered = NegotiatedAudio(
        law: .muLaw,
        payloadType: 0,
        eventPayloadType: 101,
        direction: .sendrecv,
        host: "",
        port: 0
    )
}
