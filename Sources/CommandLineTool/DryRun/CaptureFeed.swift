// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import TraceCapture

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads captures one after the other and tells how far it has come.
struct CaptureFeed {
    let captures: [String]
    let filter: String?
    /// Shows the progress, given what was read and how much there is; nil shows nothing.
    var progress: ProgressBar?
    /// Packets that were read.
    private(set) var packets = 0
    /// Captures that could not be read, or not to their end, in words.
    private(set) var errors: [String] = []

    init(captures: [String], filter: String?, progress: ProgressBar? = nil) {
        self.captures = captures
        self.filter = filter
        self.progress = progress
    }

    /// Hands on every event of every capture; a capture that cannot be read does not keep the others from it.
    mutating func read(_ take: (CaptureEvent) throws -> Void) throws {
        for path in captures {
            do {
                try read(path, take)
            } catch let error as CaptureError {
                errors.append(error.description)
            }
        }
        progress?.clear()
    }

    private mutating func read(_ path: String, _ take: (CaptureEvent) throws -> Void) throws {
        var reader = try CaptureReader(path: path, filter: filter)
        var events = 0
        defer { packets += reader.counts.packets }
        while let event = try reader.next() {
            try take(event)
            events += 1
            if events & 1_023 == 0 { progress?.show(path, reader.progress.bytesRead, of: reader.progress.totalBytes) }
        }
    }
}

/// A bar on standard error that shows how far reading has come.
struct ProgressBar {
    private static let width = 30
    private var last = -1

    /// A bar when standard error is a terminal; nil when nobody watches.
    static var ifWatched: ProgressBar? { isatty(STDERR_FILENO) == 1 ? ProgressBar() : nil }

    init() {}

    /// Draws the bar, if it has grown.
    mutating func show(_ path: String, _ read: Int64, of total: Int64?) {
        guard let total, total > 0 else { return }
        let percent = Int(min(100, read / max(1, total / 100)))
        guard percent != last else { return }
        last = percent
        let filled = Self.width * percent / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        let name = PlainText.harmless(String(path.suffix(40)))
        Console.note("\r[\(bar)] \(percent) % \(name)\u{1B}[K")
    }

    /// Takes the bar away.
    mutating func clear() {
        guard last >= 0 else { return }
        last = -1
        Console.note("\r\u{1B}[K")
    }
}
