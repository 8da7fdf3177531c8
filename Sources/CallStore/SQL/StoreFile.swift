// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The database file as the file system sees it.
enum StoreFile {
    /// Makes an empty file that only its owner may read, where there is none; SQLite gives its log the same rights.
    ///
    /// A file that cannot be made is left for SQLite to report.
    static func makePrivate(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }
}
