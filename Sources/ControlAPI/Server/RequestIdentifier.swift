// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The id that a request is answered and logged with.
enum RequestIdentifier {
    /// The client's own when it is of a harmless form, else a new one.
    static func choose(_ offered: String?) -> String {
        if let offered, (1...64).contains(offered.utf8.count), offered.utf8.allSatisfy(isPlain) { return offered }
        return "req_" + String((0..<26).map { _ in alphabet.randomElement() ?? "a" })
    }

    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
