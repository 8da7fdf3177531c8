// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What tells one state of a file from another, without reading it.
package struct FileStamp: Hashable, Sendable {
    private let path: String
    private let number: UInt64
    private let size: Int64
    private let seconds: Int64
    private let nanoseconds: Int64
    private let mode: UInt32

    /// Looks at a file; a missing one has a stamp of its own.
    package init(_ path: String) {
        var facts = stat()
        let isThere = stat(path, &facts) == 0
        self.path = path
        number = isThere ? UInt64(facts.st_ino) : 0
        size = isThere ? Int64(facts.st_size) : -1
        seconds = isThere ? Int64(facts.st_mtim.tv_sec) : 0
        nanoseconds = isThere ? Int64(facts.st_mtim.tv_nsec) : 0
        mode = isThere ? UInt32(facts.st_mode) : 0
    }
}
