// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

// Written by Scripts/numbering-table/generate.py; not to be edited.

/// How numbers are dialled inside each region: base64 of little-endian 16-bit words.
enum GeneratedRegions {
    static let regionCount = 245
    static let readingCount = 145
    static let wordCount = 26165
    static var parts: [StaticString] { [part1, part2] }
}
