// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import Glibc
import Synchronization

/// A program that a test runs beside itself.
///
/// Foundation has one thread for all of a process's children, and takes a child that closes the descriptors it was
/// given, as daemons do, for one that ended: it then waits for that child, and nobody hears of any other one.
package final class SpawnedProgram: Sendable {
    /// The program could not be started.
    package struct Failure: Error, CustomStringConvertible {
        /// What the system said.
        package let description: String
    }

    /// Its process id.
    package let identifier: pid_t
    private let status = Mutex<Int32?>(nil)

    /// Starts a program with no signals blocked, its input and output nowhere.
    ///
    /// - Parameters:
    ///   - path: The program.
    ///   - arguments: What stands behind its name.
    ///   - errors: A file that takes what it says on standard error; nowhere without one.
    /// - Throws: `Failure` when the program cannot be started.
    package init(_ path: String, _ arguments: [String], errors: String? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, errors ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var started = pid_t()
        let code = posix_spawn(&started, path, &actions, &attributes, &words, environ)
        guard code == 0 else { throw Failure(description: "\(path): \(String(cString: strerror(code)))") }
        identifier = started
    }

    /// Whether it still runs.
    package var isRunning: Bool { ended(WNOHANG) == nil }

    /// Waits until it has ended, and tells its exit status; 128 and the signal's number when a signal ended it.
    package func wait() -> Int32 { ended(0) ?? -1 }

    /// Ends it at once and waits until it is gone.
    package func end() {
        guard isRunning else { return }
        kill(identifier, SIGKILL)
        _ = wait()
    }

    private func ended(_ options: Int32) -> Int32? {
        status.withLock { known in
            if let known { return known }
            var word: Int32 = 0
            guard waitpid(identifier, &word, options) == identifier else { return nil }
            let signal = word & 0x7F
            known = signal == 0 ? (word >> 8) & 0xFF : 128 + signal
            return known
        }
    }
}
