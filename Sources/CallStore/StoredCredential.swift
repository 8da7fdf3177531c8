// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// One way in which an endpoint can prove who it is: a digest of its user name, realm and password (RFC 7616 §3.4.2).
///
/// The password itself is never stored.
package struct StoredCredential: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The algorithm's token as it stands on the wire: `MD5`, `SHA-256`, `SHA-512-256`.
    package var algorithm: String
    /// `H(username:realm:password)` in lower-case hexadecimal.
    package var ha1: String

    /// Makes a credential.
    package init(algorithm: String, ha1: String) {
        self.algorithm = algorithm
        self.ha1 = ha1
    }

    /// The algorithm alone: the digest is as good as the password to whoever holds it.
    package var description: String { "\(algorithm):<redacted>" }
    /// Nothing: reflection sees no children.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
