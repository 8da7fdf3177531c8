// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A host or service name as DNS is asked for it: in lower case, without a final dot, of labels that a host may have.
package struct DomainName: Hashable, Sendable, CustomStringConvertible {
    /// The name's text.
    package let text: String

    /// Takes a name; nil for one that no host or service can have.
    ///
    /// Labels are 1 to 63 letters, digits, hyphens and underscores (RFC 1123 §2.1, RFC 2782), together at most 253
    /// bytes. The last one is not a number, so that nothing which looks like an IPv4 address passes for a name.
    ///
    /// - Parameter text: The name; one final dot is dropped.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard (1...253).contains(bytes.count) else { return nil }
        for index in bytes.indices where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) {
            bytes[index] |= 0x20
        }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy(Self.isLabel), let last = labels.last, !last.allSatisfy(Self.isDigit) else {
            return nil
        }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        (1...63).contains(label.count)
            && label.allSatisfy { byte in
                isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// The name of a service at this domain, as `_sip._udp.example.com` (RFC 2782); nil when it would be too long.
    package func service(_ service: String, _ protocolName: String) -> DomainName? {
        DomainName("_\(service)._\(protocolName).\(text)")
    }

    /// The domain that a service name belongs to; the name itself when it is none.
    package var domain: DomainName {
        guard text.utf8.first == UInt8(ascii: "_") else { return self }
        let rest = text.split(separator: ".").drop { $0.utf8.first == UInt8(ascii: "_") }
        return DomainName(rest.joined(separator: ".")) ?? self
    }

    /// Whether it is a single label, which means nothing outside the local network.
    package var isPlain: Bool { !text.utf8.contains(UInt8(ascii: ".")) }

    /// Whether it is the name, or lies under the name.
    ///
    /// - Parameter name: A name in lower case without a final dot.
    /// - Returns: Whether it is, or does.
    package func lies(under name: String) -> Bool {
        text == name || text.hasSuffix("." + name)
    }

    /// The name's text.
    package var description: String { text }
}
