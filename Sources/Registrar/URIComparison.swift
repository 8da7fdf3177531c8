// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// The equality of URIs that decides whether two contacts are one binding (RFC 3261 §19.1.4, RFC 5954 §4.2).
///
/// It is not transitive: a parameter that only one side has is mostly ignored.
package enum URIComparison {
    /// Whether two `sip:` or `sips:` URIs are equivalent. URIs of other schemes are equal when their bytes are.
    ///
    /// - Parameters:
    ///   - left: The bytes that hold the first URI.
    ///   - leftURI: The first URI.
    ///   - right: The bytes that hold the second URI.
    ///   - rightURI: The second URI.
    /// - Returns: Whether they are equal, in whichever order they are given.
    package static func areEqual(
        _ left: Span<UInt8>,
        _ leftURI: URIReference,
        _ right: Span<UInt8>,
        _ rightURI: URIReference
    ) -> Bool {
        if isSameBytes(left, leftURI.whole.indices, right, rightURI.whole.indices) { return true }
        guard leftURI.scheme == rightURI.scheme, leftURI.scheme == .sip || leftURI.scheme == .sips,
            leftURI.port == rightURI.port, leftURI.user.isEmpty == rightURI.user.isEmpty
        else { return false }
        // The colon before a password is never equal to an escaped one, so user and password compare as one text.
        return isSameText(left, userinfo(leftURI), right, userinfo(rightURI), ignoringCase: false)
            && areHostsEqual(left, leftURI, right, rightURI)
            && URIParameterComparison.areEqual(left, leftURI.parameters, right, rightURI.parameters)
            && URIHeaderComparison.areEqual(left, leftURI.headers, right, rightURI.headers)
    }

    /// The user and its password, without the at sign.
    private static func userinfo(_ uri: URIReference) -> Range<Int> {
        guard !uri.user.isEmpty else { return 0..<0 }
        let start = uri.user.indices.lowerBound
        let end = uri.host.indices.lowerBound - (uri.isIPv6 ? 2 : 1)
        return start..<max(start, end)
    }

    private static func areHostsEqual(
        _ left: Span<UInt8>,
        _ leftURI: URIReference,
        _ right: Span<UInt8>,
        _ rightURI: URIReference
    ) -> Bool {
        guard leftURI.isIPv6 == rightURI.isIPv6 else { return false }
        let leftHost = leftURI.host.indices
        let rightHost = rightURI.host.indices
        if leftURI.isIPv6, let one = IPv6Groups(left, leftHost), let other = IPv6Groups(right, rightHost) {
            return one == other
        }
        return isSameText(left, leftHost, right, rightHost, ignoringCase: true)
    }
}

/// Whether two ranges hold the same bytes.
func isSameBytes(
    _ left: Span<UInt8>,
    _ leftRange: Range<Int>,
    _ right: Span<UInt8>,
    _ rightRange: Range<Int>
) -> Bool {
    guard leftRange.count == rightRange.count else { return false }
    for position in 0..<leftRange.count
    where left[leftRange.lowerBound + position] != right[rightRange.lowerBound + position] {
        return false
    }
    return true
}
