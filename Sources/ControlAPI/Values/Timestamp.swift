// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import MonotonicTime

/// Times as the API writes and reads them.
package enum Timestamp {
    /// RFC 3339 in UTC: whole seconds as `2026-05-07T10:00:00Z`, else with milliseconds.
    package static func text(_ time: WallTime) -> String {
        let fraction = time.milliseconds.quotientAndRemainder(dividingBy: 1000).remainder
        let milliseconds = fraction < 0 ? fraction + 1000 : fraction
        return civil(time, separator: "T") + (milliseconds == 0 ? "" : "." + padded(milliseconds, 3)) + "Z"
    }

    /// The JSON of a time: its text, or null where there is none.
    package static func json(_ time: WallTime?) -> JSONValue {
        time.map { .string(text($0)) } ?? .null
    }

    /// The form of the outdial documents: `2022-04-28 01:41:40.503790`; no time is the year 9999.
    package static func legacy(_ time: WallTime?) -> JSONValue {
        guard let time else { return "9999-01-01 00:00:00.000000" }
        let fraction = time.milliseconds.quotientAndRemainder(dividingBy: 1000).remainder
        let milliseconds = fraction < 0 ? fraction + 1000 : fraction
        return .string(civil(time, separator: " ") + "." + padded(milliseconds, 3) + "000")
    }

    /// Reads any of the forms the documents show: `T` or a blank in the middle, a fraction of up to nine digits or
    /// none, with or without the `Z`. Digits below a millisecond are cut off.
    package static func parse(_ text: some StringProtocol) -> WallTime? {
        var digits = Substring(text)
        if digits.last == "Z" { digits = digits.dropLast() }
        let halves = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = halves.first, let seconds = seconds(whole) else { return nil }
        guard halves.count == 2 else { return WallTime(milliseconds: seconds * 1000) }
        let fraction = halves[1]
        guard (1...9).contains(fraction.count), fraction.allSatisfy(\.isASCIIDigit),
            let milliseconds = Int64((fraction + "00").prefix(3))
        else { return nil }
        return WallTime(milliseconds: seconds * 1000 + milliseconds)
    }

    private static func seconds(_ text: Substring) -> Int64? {
        let parts = text.split(whereSeparator: { "-T :".contains($0) })
        guard text.count == 19, parts.count == 6, parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }) else {
            return nil
        }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 6, (1...9999).contains(numbers[0]), (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2]), numbers[3] < 24, numbers[4] < 60, numbers[5] < 61
        else { return nil }
        var fields = DateComponents()
        (fields.year, fields.month, fields.day) = (numbers[0], numbers[1], numbers[2])
        (fields.hour, fields.minute, fields.second) = (numbers[3], numbers[4], numbers[5])
        return utc.date(from: fields).map { Int64($0.timeIntervalSince1970) }
    }

    private static func civil(_ time: WallTime, separator: String) -> String {
        let seconds = (Double(time.milliseconds) / 1000).rounded(.down)
        let fields = utc.dateComponents(
            [.year, .month, .day, .hour, .minute, .second],
            from: Date(timeIntervalSince1970: seconds)
        )
        let date = [(fields.year, 4), (fields.month, 2), (fields.day, 2)].map { padded(Int64($0 ?? 0), $1) }
        let clock = [fields.hour, fields.minute, fields.second].map { padded(Int64($0 ?? 0), 2) }
        return date.joined(separator: "-") + separator + clock.joined(separator: ":")
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = "\(value)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static var utc: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
