// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SessionDescription

private let lists: [CodecList] = ["PCMU,PCMA,telephone-event", "opus", "G722,VP8,red,rtx", "AMR-WB,speex,H264"]
    .compactMap {
        try? CodecList($0)
    }
private let types: [[UInt8]?] = [
    Array("application/sdp".utf8), Array("multipart/mixed;boundary=b".utf8), nil,
    Array("multipart/related; boundary=\"b\\".utf8),
]

/// One input of the fuzzer: a body, then a byte that picks list and content type.
@c(LLVMFuzzerTestOneInput)
public func fuzzCodecFilter(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = input(data, count)
    guard let choice = bytes.last.map(Int.init) else { return 0 }
    let list = lists[choice % lists.count]
    let type = types[choice / lists.count % types.count]
    let body = Array(bytes.dropLast())
    let outcome = CodecFilter.filter(body, contentType: type, by: list)
    if case .filtered(let filtered, let report) = outcome {
        check(!report.lines.isEmpty, "a filtered body has a report")
        check(
            CodecFilter.filter(filtered, contentType: type, by: list) == .unchanged,
            "filtering twice is filtering once"
        )
        checkReport(report, list)
    }
    return 0
}

// They go with a codec that stays: telephone-event and CN of its clock rate, red and rtx that carry it.
private let companions: Set<String> = ["telephone-event", "cn", "red", "rtx"]

private func checkReport(_ report: CodecReport, _ list: CodecList) {
    let allowed = companions.union(list.names.map { $0.lowercased() })
    for line in report.lines where line.media == .audio {
        check(line.after.allSatisfy { name in line.before.contains(name) }, "no codec is invented")
        check(
            line.after == line.before || line.after.allSatisfy { allowed.contains($0.lowercased()) },
            "what remains is listed, goes with a listed codec, or the line was left alone"
        )
    }
}
