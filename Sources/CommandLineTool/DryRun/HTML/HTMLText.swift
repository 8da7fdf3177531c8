// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Text on its way into HTML. Whatever a capture holds passes through here and comes out as text, never as markup.
enum HTMLText {
    /// The text as it may stand between tags and between the quotation marks of an attribute.
    static func escaped(_ text: String) -> String {
        let text = PlainText.harmless(text)
        guard text.utf8.contains(where: isSpecial) else { return text }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 32)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "`": escaped += "&#96;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "`"):
            true
        default: false
        }
    }

    /// An element with text in it.
    static func element(_ name: StaticString, _ text: String, class style: StaticString? = nil) -> String {
        let attribute = style.map { " class=\"\($0)\"" } ?? ""
        return "<\(name)\(attribute)>\(escaped(text))</\(name)>"
    }
}
