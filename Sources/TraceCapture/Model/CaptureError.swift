// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a capture cannot be read at all; what is wrong further in is a `CaptureNote`.
package struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file's path, or `-` for standard input.
    package let file: String
    /// The octet at which it is wrong; nil when it is not about the content.
    package let offset: Int64?
    /// What is wrong and what to do, without the file's name.
    package let reason: String

    /// Makes an error.
    package init(file: String, offset: Int64? = nil, reason: String) {
        self.file = file
        self.offset = offset
        self.reason = reason
    }

    /// `calls.pcap is compressed with gzip: unpack it first`.
    package var description: String {
        let name = file == "-" ? "standard input" : file
        guard let offset, offset > 0 else { return "\(name) \(reason)" }
        return "\(name) \(reason) (at byte \(offset))"
    }
}
