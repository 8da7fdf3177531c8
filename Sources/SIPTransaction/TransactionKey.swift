// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What matches a message to its transaction: RFC 3261 §17.1.3 for responses, §17.2.3 for requests.
///
/// The key holds the compared bytes themselves, each field with its length, so that two keys are equal only if every
/// field is; peers choose branches, so no digest stands in for them. One allocation per key. Hashing is seeded.
package struct TransactionKey: Hashable, Sendable {
    private enum Kind: UInt8 {
        case client
        case server
        case serverWithoutBranch
    }

    private var bytes: [UInt8]

    /// Equal when every field is byte for byte.
    package static func == (left: TransactionKey, right: TransactionKey) -> Bool {
        left.bytes == right.bytes
    }

    /// Feeds all bytes at once.
    package func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// Whether a branch identifies a transaction by itself: it begins with the magic cookie and goes on after it.
    ///
    /// RFC 3261 §8.1.1.7; a parameter value is compared without case. The cookie alone is of no use (RFC 4475 §3.2.1).
    package static func isUnique(branch: Span<UInt8>) -> Bool {
        // The cookie "z9hG4bK" in lower case.
        let cookie: StaticString = "z9hg4bk"
        guard branch.count > cookie.utf8CodeUnitCount else { return false }
        return cookie.withUTF8Buffer { expected in
            for index in expected.indices where lowercased(branch[index]) != expected[index] { return false }
            return true
        }
    }

    /// The key of a client transaction: the branch of the topmost Via and the method of CSeq. RFC 3261 §17.1.3.
    package static func client(branch: Span<UInt8>, method: Span<UInt8>) -> TransactionKey {
        var key = TransactionKey(.client, capacity: branch.count &+ method.count)
        key.append(method)
        key.append(branch)
        return key
    }

    /// The key of a server transaction whose request has a unique branch. RFC 3261 §17.2.3.
    ///
    /// An ACK gets the key of the INVITE it acknowledges. The sent-by host is compared without case; where the Via names
    /// no port, pass the transport's default.
    package static func server(
        branch: Span<UInt8>,
        sentByHost: Span<UInt8>,
        sentByPort: UInt16,
        method: Span<UInt8>
    ) -> TransactionKey {
        var key = TransactionKey(.server, capacity: branch.count &+ sentByHost.count &+ method.count)
        key.append(method: method)
        key.append(number: UInt32(sentByPort))
        key.append(branch)
        key.appendLowercased(sentByHost)
        return key
    }

    /// The key of the INVITE transaction that a CANCEL with a unique branch is meant for. RFC 3261 §9.2.
    package static func cancelledINVITE(
        branch: Span<UInt8>,
        sentByHost: Span<UInt8>,
        sentByPort: UInt16
    ) -> TransactionKey {
        var key = TransactionKey(.server, capacity: branch.count &+ sentByHost.count)
        key.appendINVITE()
        key.append(number: UInt32(sentByPort))
        key.append(branch)
        key.appendLowercased(sentByHost)
        return key
    }

    /// The key of a server transaction whose request comes from an RFC 2543 client, without a unique branch.
    ///
    /// RFC 3261 §17.2.3. The topmost Via is compared as it was written. For INVITE and ACK the To tag is left out, since
    /// an ACK carries the one that the response gave: whoever finds an INVITE transaction for an ACK compares that tag.
    /// Give the method INVITE to find what a CANCEL is meant for.
    package static func server(
        requestURI: Span<UInt8>,
        toTag: Span<UInt8>,
        fromTag: Span<UInt8>,
        callID: Span<UInt8>,
        sequenceNumber: UInt32,
        method: Span<UInt8>,
        topmostVia: Span<UInt8>
    ) -> TransactionKey {
        let length = requestURI.count &+ toTag.count &+ fromTag.count &+ callID.count &+ topmostVia.count
        var key = TransactionKey(.serverWithoutBranch, capacity: length &+ method.count)
        let isINVITE = key.append(method: method)
        key.append(number: sequenceNumber)
        key.append(requestURI)
        key.append(fromTag)
        key.append(callID)
        key.append(topmostVia)
        if !isINVITE { key.append(toTag) }
        return key
    }

    private init(_ kind: Kind, capacity: Int) {
        bytes = []
        // At most six lengths or numbers of four bytes, the kind, and what ACK grows by when it becomes INVITE.
        bytes.reserveCapacity(capacity &+ 32)
        bytes.append(kind.rawValue)
    }

    private mutating func append(number: UInt32) {
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(truncatingIfNeeded: number >> 8))
        bytes.append(UInt8(truncatingIfNeeded: number >> 16))
        bytes.append(UInt8(truncatingIfNeeded: number >> 24))
    }

    private mutating func append(_ field: Span<UInt8>) {
        append(number: UInt32(truncatingIfNeeded: field.count))
        field.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    private mutating func appendLowercased(_ field: Span<UInt8>) {
        append(number: UInt32(truncatingIfNeeded: field.count))
        for index in field.indices { bytes.append(Self.lowercased(field[index])) }
    }

    /// Appends a method as a tag of its own for INVITE and ACK, else by its name; answers whether it is one of the two.
    @discardableResult
    private mutating func append(method: Span<UInt8>) -> Bool {
        let isINVITE = Self.isEqual(method, "INVITE") || Self.isEqual(method, "ACK")
        if isINVITE {
            appendINVITE()
        } else {
            bytes.append(0)
            append(method)
        }
        return isINVITE
    }

    private mutating func appendINVITE() {
        bytes.append(1)
    }

    private static func isEqual(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in expected.indices where bytes[index] != expected[index] { return false }
            return true
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
