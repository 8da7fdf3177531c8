// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

private import COpenSSL
internal import Glibc

/// Reads private keys, and refuses those that others can read.
enum KeyFile {
    private static let largest = 1 << 16

    /// Reads a PEM key whose file only its owner can read.
    ///
    /// One exception: group may read a file of root's, which is how Debian's `ssl-cert` group gets at its keys (root
    /// chose the group). The file's mode is taken from the open file, so that it cannot be exchanged in between.
    static func read(_ path: String) throws(TLSSettingsError) -> OpaquePointer {
        var bytes = try contents(of: path)
        defer {
            bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        }
        guard let source = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else {
            throw TLSSettingsError("cannot read the key file \(path)", "try again, memory is short")
        }
        defer { BIO_free(source) }
        // Without a callback of ours libssl would ask for a passphrase on the terminal.
        guard let key = PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil) else {
            ERR_clear_error()
            throw TLSSettingsError(
                "\(path) holds no private key that can be read",
                "give a PEM key without a passphrase (openssl pkey -in old.pem -out new.pem)"
            )
        }
        return key
    }

    private static func contents(of path: String) throws(TLSSettingsError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PEMFile.unreadable(path, "key", errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw PEMFile.unreadable(path, "key", errno) }
        try check(facts, path)
        var bytes = [UInt8](repeating: 0, count: largest)
        var count = 0
        while count < largest {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, largest - count)
            }
            guard got >= 0 else { throw PEMFile.unreadable(path, "key", errno) }
            if got == 0 { break }
            count += got
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    private static func check(_ facts: stat, _ path: String) throws(TLSSettingsError) {
        let groupMayRead: mode_t = facts.st_uid == 0 ? 0o040 : 0
        guard facts.st_mode & 0o077 & ~groupMayRead != 0 else { return }
        throw TLSSettingsError(
            "the key file \(path) can be read or written by others (mode \(String(facts.st_mode & 0o777, radix: 8)))",
            "run `chmod 600 \(path)`"
        )
    }
}

/// The words for files that cannot be read.
enum PEMFile {
    /// A file that the system does not let be read.
    static func unreadable(_ path: String, _ what: String, _ code: Int32) -> TLSSettingsError {
        let words = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return TLSSettingsError("cannot read the \(what) file \(path): \(words)", "correct the path or its permissions")
    }

    /// Throws when a file cannot be opened for reading.
    static func checkReadable(_ path: String, _ what: String) throws(TLSSettingsError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, what, errno) }
        close(descriptor)
    }
}
