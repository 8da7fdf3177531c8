// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a cryptographic object could not be made.
package enum CryptographyError: Error, Hashable, Sendable {
    /// The library offers no such algorithm, for instance MD5 under a FIPS provider.
    case algorithmUnavailable(String)
    /// The random generator gave no bytes.
    case randomUnavailable
    /// The library could not allocate or initialise a context.
    case contextUnavailable
}
