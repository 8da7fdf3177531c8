// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file or standard input, opened for reading.
final class InputFile {
    let path: String
    /// How long the file is; nil for a pipe.
    let totalBytes: Int64?
    private let stream: UnsafeMutablePointer<FILE>
    private var isOwned = true
    private var pipedBytes: Int64 = 0

    /// Opens the file at a path; `-` is standard input.
    init(path: String) throws(CaptureError) {
        self.path = path
        guard !path.utf8.contains(0), let opened = path == "-" ? fdopen(dup(STDIN_FILENO), "rb") : fopen(path, "rb")
        else { throw CaptureError(file: path, reason: "cannot be opened: \(Self.systemError)") }
        var status = stat()
        guard fstat(fileno(opened), &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            fclose(opened)
            throw CaptureError(file: path, reason: "is a folder: give one file")
        }
        stream = opened
        if status.st_mode & S_IFMT == S_IFREG {
            totalBytes = Int64(status.st_size)
            // From here on the position is known without asking the system.
            _ = fseeko(opened, ftello(opened), SEEK_SET)
        } else {
            totalBytes = nil
        }
    }

    deinit {
        if isOwned { fclose(stream) }
    }

    private static var systemError: String { String(cString: strerror(errno)) }

    /// The position in the file; for a pipe, how much `read` took from it.
    var position: Int64 { totalBytes == nil ? pipedBytes : Int64(ftello(stream)) }

    /// The next octets, which stay to be read.
    func peek(_ count: Int) -> [UInt8] {
        var octets: [UInt8] = []
        while octets.count < count {
            let octet = getc(stream)
            guard octet != EOF else { break }
            octets.append(UInt8(truncatingIfNeeded: octet))
        }
        // glibc takes back as many octets as it gave.
        for octet in octets.reversed() { ungetc(Int32(octet), stream) }
        return octets
    }

    /// The next octets, at most `count`; empty at the end.
    func read(_ count: Int) throws(CaptureError) -> [UInt8] {
        let stream = stream
        let octets = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
            used = fread(buffer.baseAddress, 1, count, stream)
        }
        guard !octets.isEmpty || ferror(stream) == 0 else {
            throw CaptureError(file: path, offset: position, reason: "cannot be read on: \(Self.systemError)")
        }
        pipedBytes += Int64(octets.count)
        return octets
    }

    /// Lets another use the stream, and with `owning` close it; this object stays to tell the position.
    func lend<Result>(_ open: (UnsafeMutablePointer<FILE>) -> Result?) -> Result? {
        let result = open(stream)
        if result != nil { isOwned = false }
        return result
    }
}
