// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy

/// What an outside service says of a failure, made fit for a log line and a quoted string.
package enum ServiceMessage {
    /// The longest text that is kept, in characters.
    package static let longest = 120

    /// Cleans a text: control characters and what is not ASCII become blanks or `?`, quotes and backslashes `'`, the
    /// secret that was shown to the service is cut out, and at most 120 characters stay. Nil when nothing is left.
    package static func cleaned(_ text: String, without secret: Secret?) -> String? {
        var text = text
        if let secret, !secret.revealed.isEmpty {
            text = text.split(separator: secret.revealed, omittingEmptySubsequences: false).joined(
                separator: "<redacted>"
            )
        }
        let characters = text.unicodeScalars.prefix(longest * 4).map { scalar -> Character in
            switch scalar.value {
            case ..<0x20, 0x7F: " "
            case 0x22, 0x5C: "'"
            case 0x20..<0x7F: Character(scalar)
            default: "?"
            }
        }
        let words = String(characters).split(separator: " ").joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(longest))
    }
}
