// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A session description from the peer, read as far as the trunk needs it (RFC 8866).
struct PeerSession: Hashable, Sendable {
    /// One `m=` line with its attributes.
    struct Media: Hashable, Sendable {
        var kind: String
        var port: Int
        var transport: String
        var formats: [String]
        var host: String
        var direction: MediaDirection
        /// Encoding names in capitals with their clock rates, by payload type.
        var encodings: [UInt8: String] = [:]

        /// Whether the trunk could take it: plain RTP audio that is not switched off.
        var isUsableAudio: Bool { kind == "audio" && port != 0 && transport == "RTP/AVP" }

        /// The payload type of an encoding, the sender's preferred one first.
        func payloadType(of encoding: String, assigned: UInt8?) -> UInt8? {
            for format in formats {
                guard let type = UInt8(format), type < 128 else { continue }
                if let name = encodings[type] {
                    // The channel count of one may be written out (RFC 8866 §6.6).
                    if name == encoding || name == encoding + "/1" { return type }
                } else if type == assigned {
                    return type
                }
            }
            return nil
        }
    }

    /// The `m=` lines in order.
    private(set) var media: [Media] = []
    /// The `t=` line's value, which an answer repeats (RFC 3264 §6).
    private(set) var time = "0 0"

    private static let maximumMedia = 32

    /// Reads a description; nil when it does not begin with `v=0` or an `m=` line is malformed.
    init?(_ body: [UInt8]) {
        let lines = String(decoding: body, as: UTF8.self).split { $0.isNewline }
        guard lines.first == "v=0" else { return nil }
        var host = ""
        var direction = MediaDirection.sendrecv
        for line in lines.dropFirst() {
            guard line.utf8.count >= 2, line.dropFirst().first == "=" else { return nil }
            let value = line.dropFirst(2)
            switch line.first {
            case "m":
                guard media.count < Self.maximumMedia,
                    let line = Self.mediaLine(value, host: host, direction: direction)
                else { return nil }
                media.append(line)
            case "c":
                guard let address = Self.address(value) else { return nil }
                if media.isEmpty { host = address } else { media[media.count - 1].host = address }
            case "t" where media.isEmpty: time = String(value.filter { $0.isNumber || $0 == " " })
            case "a":
                if let parsed = MediaDirection(rawValue: String(value)) {
                    if media.isEmpty { direction = parsed } else { media[media.count - 1].direction = parsed }
                } else if !media.isEmpty {
                    Self.readEncoding(value, into: &media[media.count - 1])
                }
            default: break
            }
        }
    }

    /// What the trunk agrees to: the first usable audio line, by its index; nil when neither law is offered there.
    func agreement() -> (index: Int, audio: NegotiatedAudio)? {
        guard let index = media.firstIndex(where: \.isUsableAudio) else { return nil }
        let line = media[index]
        let law: G711
        let type: UInt8
        if let found = line.payloadType(of: "PCMU/8000", assigned: 0) {
            (law, type) = (.muLaw, found)
        } else if let found = line.payloadType(of: "PCMA/8000", assigned: 8) {
            (law, type) = (.aLaw, found)
        } else {
            return nil
        }
        let audio = NegotiatedAudio(
            law: law,
            payloadType: type,
            eventPayloadType: line.payloadType(of: "TELEPHONE-EVENT/8000", assigned: nil),
            direction: line.direction.mirrored,
            host: line.host,
            port: line.port
        )
        return (index, audio)
    }

    private static func mediaLine(_ value: Substring, host: String, direction: MediaDirection) -> Media? {
        let words = value.split(separator: " ")
        guard words.count >= 4, let first = words[1].split(separator: "/").first, let port = UInt16(first) else {
            return nil
        }
        return Media(
            kind: String(words[0]),
            port: Int(port),
            transport: String(words[2]),
            formats: words[3...].map(String.init),
            host: host,
            direction: direction
        )
    }

    /// The address of a `c=` value: `IN IP4 192.0.2.1` or `IN IP6 2001:db8::1`.
    private static func address(_ value: Substring) -> String? {
        let words = value.split(separator: " ")
        guard words.count >= 3, let address = words[2].split(separator: "/").first else { return nil }
        return String(address)
    }

    private static func readEncoding(_ value: Substring, into media: inout Media) {
        guard value.hasPrefix("rtpmap:") else { return }
        let words = value.dropFirst(7).split(separator: " ")
        guard words.count >= 2, let type = UInt8(words[0]), type < 128 else { return }
        media.encodings[type] = words[1].uppercased()
    }
}
