// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The ASCII bytes that session descriptions and MIME bodies are built with.
enum Byte {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
    static let hyphen: UInt8 = 0x2D
    static let slash: UInt8 = 0x2F
    static let zero: UInt8 = 0x30
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let equals: UInt8 = 0x3D
    static let backslash: UInt8 = 0x5C

    /// The byte with an ASCII capital letter made small.
    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- zero < 10
    }

    @inline(__always)
    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || folded(byte) &- 0x61 < 26
    }

    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == tab
    }

    @inline(__always)
    static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == carriageReturn || byte == lineFeed
    }
}

/// A word of at most 16 ASCII bytes, folded to lower case and packed into one integer so that it compares at once.
struct PackedWord: Hashable, Sendable {
    let value: UInt128

    /// Stands for words that are empty or too long to pack.
    static var unpackable: PackedWord { PackedWord(value: 0) }

    /// `rtpmap`
    static var rtpmap: PackedWord { PackedWord(value: 0x7274_706D_6170) }
    /// `fmtp`
    static var formatParameters: PackedWord { PackedWord(value: 0x666D_7470) }
    /// `rtcp-fb`
    static var rtcpFeedback: PackedWord { PackedWord(value: 0x72_7463_702D_6662) }
    /// `bundle-only`
    static var bundleOnly: PackedWord { PackedWord(value: 0x62_756E_646C_652D_6F6E_6C79) }
    /// `audio`
    static var audio: PackedWord { PackedWord(value: 0x61_7564_696F) }
    /// `video`
    static var video: PackedWord { PackedWord(value: 0x76_6964_656F) }
    /// `text`
    static var text: PackedWord { PackedWord(value: 0x7465_7874) }
    /// `rtp`
    static var rtp: PackedWord { PackedWord(value: 0x727470) }
    /// `telephone-event`
    static var telephoneEvent: PackedWord { PackedWord(value: 0x74_656C_6570_686F_6E65_2D65_7665_6E74) }
    /// `cn`
    static var comfortNoise: PackedWord { PackedWord(value: 0x636E) }
    /// `red`
    static var redundancy: PackedWord { PackedWord(value: 0x726564) }
    /// `rtx`
    static var retransmission: PackedWord { PackedWord(value: 0x727478) }
    /// `application`
    static var application: PackedWord { PackedWord(value: 0x61_7070_6C69_6361_7469_6F6E) }
    /// `sdp`
    static var sdp: PackedWord { PackedWord(value: 0x736470) }
    /// `multipart`
    static var multipart: PackedWord { PackedWord(value: 0x6D_756C_7469_7061_7274) }
    /// `signed`
    static var signed: PackedWord { PackedWord(value: 0x7369_676E_6564) }
    /// `encrypted`
    static var encrypted: PackedWord { PackedWord(value: 0x65_6E63_7279_7074_6564) }

    @inline(__always)
    init(value: UInt128) {
        self.value = value
    }

    /// Packs a name; one longer than 16 bytes is `unpackable`.
    init(_ text: String) {
        var value: UInt128 = 0
        let bytes = text.utf8
        if bytes.count <= 16 {
            for byte in bytes { value = value &<< 8 | UInt128(Byte.folded(byte)) }
        }
        self.value = value
    }
}

extension MediaKind {
    /// The medium that a codec of this name belongs to; names that are not known as video or text count as audio.
    init(encodingName word: PackedWord) {
        if word == PackedWord("t140") {
            self = .text
        } else if Self.videoNames.contains(word) {
            self = .video
        } else {
            self = .audio
        }
    }

    /// The video encoding names of the RTP payload format registry (and AV1), as far as a list can spell them.
    private static let videoNames: Set<PackedWord> = Set(
        [
            "AV1", "BMPEG", "BT656", "CelB", "DV", "EVC", "H261", "H263", "H263-1998", "H263-2000", "H264",
            "H264-RCDO", "H264-SVC", "H265", "H266", "JPEG", "jpeg2000", "jxsv", "MP1S", "MP2P", "MP2T", "MP4V-ES",
            "MPV", "nv", "pointer", "raw", "SMPTE292M", "theora", "vc1", "vc2", "VP8", "VP9",
        ].map { PackedWord($0) }
    )
}
