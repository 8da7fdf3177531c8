// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription

let sdpType = Array("application/sdp".utf8)

/// Offers that several suites filter.
enum SampleOffer {
    static let head = "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"

    static let softphone =
        head + "m=audio 11780 RTP/AVP 96 9 0 8 18 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
        + "a=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:18 G729/8000\r\n"
        + "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n"
}

/// Filters a session description and gives the outcome.
func filter(_ text: String, _ names: String, type: String = "application/sdp") throws -> CodecFilterOutcome {
    CodecFilter.filter(Array(text.utf8), contentType: Array(type.utf8), by: try CodecList(names))
}

extension CodecFilterOutcome {
    /// The filtered body as text, or nil when there is none.
    var text: String? {
        guard case .filtered(let body, _) = self else { return nil }
        return String(decoding: body, as: UTF8.self)
    }

    /// The report's lines, or none.
    var lines: [CodecReport.Line] {
        guard case .filtered(_, let report) = self else { return [] }
        return report.lines
    }

    var isMalformed: Bool {
        if case .malformed = self { true } else { false }
    }
}
