// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The right to write a database, held by at most one process at a time: an advisory lock on a file beside it.
///
/// SQLite itself would let two processes share the file, but two gateways on one store would answer for each
/// other's calls.
final class ProcessLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of the database at `path`, without waiting.
    init(databasePath path: String) throws(CallStoreError) {
        let lockPath = path + ".lock"
        descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: Self.words(errno), remedy: CallStoreError.remedy)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { throw .lockedByAnotherProcess(path: path) }
            throw .cannotOpen(path: path, reason: Self.words(code), remedy: CallStoreError.remedy)
        }
    }

    deinit {
        close(descriptor)
    }

    /// Gives the right back; a second call does nothing.
    func release() {
        _ = flock(descriptor, LOCK_UN)
    }

    private static func words(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
