// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import SIPMessage

/// A line that a text trace puts before a message, and that ends the one before it.
struct TextHeading: Equatable {
    var time: CaptureTime?
    var source: CaptureAddress?
    var destination: CaptureAddress?

    /// Reads a line without its end; nil when it is none of the known headings.
    static func read(_ line: Span<UInt8>) -> TextHeading? {
        guard line.count >= 4 else { return nil }
        switch line[0] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return arrow(line)
        case UInt8(ascii: "-"): return dashes(line)
        case UInt8(ascii: "="): return line.has("=== ", at: 0) ? TextHeading() : nil
        default: return nil
        }
    }

    /// sngrep: `2024/01/01 12:00:00.000000 192.0.2.1:5060 -> 192.0.2.2:5060`.
    private static func arrow(_ line: Span<UInt8>) -> TextHeading? {
        guard line.count <= 200, let (time, end) = readTime(line, 0) else { return nil }
        let words = line.text(end..<line.count).split(separator: " ")
        guard words.count == 3, words[1] == "->", let source = CaptureAddress(words[0]),
            let destination = CaptureAddress(words[2])
        else { return nil }
        return TextHeading(time: time, source: source, destination: destination)
    }

    /// SIPp: `----- … ----- 2024-01-01 12:00:00.000000`; others write dashes alone.
    ///
    /// A MIME boundary begins with two dashes, and with more only when its own text does: ten and nothing but a time
    /// behind them is none.
    private static func dashes(_ line: Span<UInt8>) -> TextHeading? {
        var end = 0
        while end < line.count, line[end] == UInt8(ascii: "-") { end += 1 }
        guard end >= 10 else { return nil }
        while end < line.count, line[end] == 32 || line[end] == 9 { end += 1 }
        if end == line.count { return TextHeading() }
        guard let (time, _) = readTime(line, end) else { return nil }
        return TextHeading(time: time)
    }

    /// `2024/01/01 12:00:00.000000`, with `-` for `/` and any blank or `T` between the two; also tells where it ends.
    private static func readTime(_ line: Span<UInt8>, _ start: Int) -> (CaptureTime, Int)? {
        guard line.count >= start + 19, let year = number(line, start, 4), let month = number(line, start + 5, 2),
            let day = number(line, start + 8, 2), let hour = number(line, start + 11, 2),
            let minute = number(line, start + 14, 2), let second = number(line, start + 17, 2),
            line[start + 4] == line[start + 7], [UInt8(ascii: "/"), UInt8(ascii: "-")].contains(line[start + 4]),
            [32, 9, UInt8(ascii: "T")].contains(line[start + 10]), line[start + 13] == UInt8(ascii: ":"),
            line[start + 16] == UInt8(ascii: ":")
        else { return nil }
        var end = start + 19
        var nanosecond = 0
        if end < line.count, line[end] == UInt8(ascii: ".") {
            var weight = 100_000_000
            end += 1
            while end < line.count, ASCII.isDigit(line[end]) {
                nanosecond += Int(line[end] - 48) * weight
                weight /= 10
                end += 1
            }
        }
        let time = CaptureTime(
            year: year,
            month: month,
            day: day,
            hour: hour,
            minute: minute,
            second: second,
            nanosecond: nanosecond
        )
        return time.map { ($0, end) }
    }

    private static func number(_ line: Span<UInt8>, _ start: Int, _ digits: Int) -> Int? {
        line.decimal(start..<start + digits, maximum: 9_999).map(Int.init)
    }

    /// The transport that SIPp names in the line behind its heading: `UDP message sent [512] bytes:`.
    static func transport(_ line: Span<UInt8>) -> CapturedMessage.Transport? {
        if line.has("UDP message ", at: 0) { return .udp }
        return line.has("TCP message ", at: 0) || line.has("TLS message ", at: 0) ? .tcp : nil
    }
}
