// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a payload type carries: its encoding name and RTP clock rate (RFC 8866 §6.6).
struct Encoding {
    /// Where the name stands in the bytes; empty for a static payload type without an rtpmap line.
    var name: Range<Int>
    var word: PackedWord
    /// In Hz; 0 when not stated.
    var clockRate: Int

    /// Neither an rtpmap line nor the static table says what the payload type is.
    static let unknown = Encoding(name: 0..<0, word: .unpackable, clockRate: 0)

    init(name: Range<Int>, word: PackedWord, clockRate: Int) {
        self.name = name
        self.word = word
        self.clockRate = clockRate
    }

    /// The encoding that RFC 3551 §6 gives a payload type that has no rtpmap line.
    init(staticPayloadType payloadType: Int) {
        guard let (name, clockRate) = Self.staticPayloadType(payloadType) else {
            self = .unknown
            return
        }
        self.init(name: 0..<0, word: PackedWord(name), clockRate: clockRate)
    }

    /// The name and clock rate that RFC 3551 §6 assigns, or nil for a number it leaves open.
    static func staticPayloadType(_ payloadType: Int) -> (name: String, clockRate: Int)? {
        switch payloadType {
        case 0: ("PCMU", 8000)
        case 3: ("GSM", 8000)
        case 4: ("G723", 8000)
        case 5: ("DVI4", 8000)
        case 6: ("DVI4", 16000)
        case 7: ("LPC", 8000)
        case 8: ("PCMA", 8000)
        case 9: ("G722", 8000)
        case 10, 11: ("L16", 44100)
        case 12: ("QCELP", 8000)
        case 13: ("CN", 8000)
        case 14: ("MPA", 90000)
        case 15: ("G728", 8000)
        case 16: ("DVI4", 11025)
        case 17: ("DVI4", 22050)
        case 18: ("G729", 8000)
        case 25: ("CelB", 90000)
        case 26: ("JPEG", 90000)
        case 28: ("nv", 90000)
        case 31: ("H261", 90000)
        case 32: ("MPV", 90000)
        case 33: ("MP2T", 90000)
        case 34: ("H263", 90000)
        default: nil
        }
    }
}

/// How a payload type comes to be kept.
enum EncodingRole {
    /// By its own name.
    case codec
    /// With a codec of its clock rate (RFC 4733 §2.1, RFC 3389 §5).
    case companion
    /// With every payload type that its fmtp line wraps (RFC 2198 §5).
    case redundancy
    /// With the payload type that its `apt` parameter repeats (RFC 4588 §8.1).
    case retransmission

    init(_ word: PackedWord) {
        switch word {
        case .telephoneEvent, .comfortNoise: self = .companion
        case .redundancy: self = .redundancy
        case .retransmission: self = .retransmission
        default: self = .codec
        }
    }
}
