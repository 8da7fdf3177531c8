// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallStore
package import DigestAuthentication

extension HA1Set {
    /// An endpoint's stored hashes; one of an algorithm that is not known, or that does not read, is left out.
    package init(_ stored: [StoredCredential]) {
        self.init(
            stored.compactMap { credential in
                DigestAlgorithm(token: Array(credential.algorithm.utf8).span)
                    .flatMap { HA1(hexadecimal: credential.ha1, algorithm: $0) }
            }
        )
    }
}
