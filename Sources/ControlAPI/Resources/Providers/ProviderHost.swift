// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// A provider's `hostname`: a host name or an IP address, perhaps with a port.
struct ProviderHost: Hashable, Sendable {
    /// The name in lower case, or the address without brackets.
    let host: String
    /// The port; nil when none is named.
    let port: Int?

    /// Whether it is a name, which DNS can say more of.
    var isName: Bool { InternetAddress.read(host) == nil }

    /// Reads `sip.carrier.example`, `sip.carrier.example:5080`, `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]:5080`; nil for
    /// anything else.
    init?(_ text: String) {
        if let address = InternetAddress.read(text) {
            self.init(host: InternetAddress.text(address), port: nil)
            return
        }
        var host = text[...]
        var port: Int?
        if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            let digits = text[text.index(after: colon)...]
            guard (1...5).contains(digits.utf8.count), digits.allSatisfy(\.isASCIIDigit), let number = Int(digits),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        if let address = InternetAddress.read(host) {
            // Without brackets the last part of an IPv6 address would pass for a port.
            guard address.isIPv4 || host.hasPrefix("[") else { return nil }
            self.init(host: InternetAddress.text(address), port: port)
        } else if Self.isName(host) {
            self.init(host: host.lowercased(), port: port)
        } else {
            return nil
        }
    }

    private init(host: String, port: Int?) {
        self.host = host
        self.port = port
    }

    private static func isName(_ host: Substring) -> Bool {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddressLike = host.allSatisfy { $0.isASCIIDigit || $0 == "." }
        return host.utf8.count <= 253 && !isAddressLike && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// A trunk's place as `hostname` gives it: without a port that it would have anyway.
    static func text(_ trunk: Trunk) -> String {
        let address = InternetAddress.read(trunk.host)
        let standard = address == nil ? 0 : 5060
        guard trunk.port != standard else { return trunk.host }
        let isIPv6 = address.map { !$0.isIPv4 } ?? false
        return (isIPv6 ? "[\(trunk.host)]" : trunk.host) + ":\(trunk.port)"
    }
}
