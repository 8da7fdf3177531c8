// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// Written by Scripts/numbering-table/generate.py; not to be edited.

/// The numbering table: base64 of little-endian 16-bit words.
enum GeneratedTable {
    static let metadataVersion = "libphonenumber 9.0.43"
    static let callingCodeCount = 215
    static let wordCount = 57580
    static var parts: [StaticString] { [part1, part2, part3] }
}
