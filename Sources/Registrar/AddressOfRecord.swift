// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// The user part of the To URI, the address of record, with its escapes decoded (RFC 3261 §10.3 step 5).
///
/// - Parameter request: A REGISTER, or any request whose To names the address of record.
/// - Returns: The user as text; nil when To is no `sip:` or `sips:` URI, has no user, or the decoded bytes are not
///   UTF-8, since replacing such bytes would make two users one.
package func addressOfRecordUser(of request: SIPMessage) -> String? {
    let uri = request.mandatory.to.uri
    guard uri.scheme == .sip || uri.scheme == .sips, !uri.user.isEmpty else { return nil }
    let message = request.bytes
    let bytes = message.span
    var decoded: [UInt8] = []
    decoded.reserveCapacity(Int(uri.user.length))
    var cursor = EscapeCursor(uri.user.indices)
    while let unit = cursor.next(bytes) { decoded.append(unit.byte) }
    return String(validating: decoded, as: UTF8.self)
}
