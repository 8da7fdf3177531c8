// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import TraceCapture

/// Which part of a capture is replayed.
package struct ReplayPlanOptions: Sendable {
    /// An address of the capture, with or without its port.
    package struct Endpoint: Hashable, Sendable {
        /// The host as `CaptureAddress` writes it.
        package let host: String
        /// The port; nil means every port.
        package let port: UInt16?

        /// Reads `192.0.2.1`, `192.0.2.1:5060`, `2001:db8::1` or `[2001:db8::1]:5060`; nil for anything else.
        package init?(_ text: String) {
            if text.filter({ $0 == ":" }).count != 1 || text.hasPrefix("[") {
                let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
                if let address = CaptureAddress(bare.contains(":") ? "[\(bare)]:0" : "\(bare):0") {
                    host = address.hostText
                    port = nil
                    return
                }
            }
            guard let address = CaptureAddress(text) else { return nil }
            host = address.hostText
            port = address.port
        }

        func contains(_ address: CaptureAddress?) -> Bool {
            guard let address, address.hostText == host else { return false }
            return port == nil || port == address.port
        }
    }

    /// Replays only what these clients sent; empty means all.
    package var clients: [Endpoint] = []
    /// The captured server; empty finds it.
    package var servers: [Endpoint] = []
    /// Sends everything over this transport; nil keeps that of the capture.
    package var transport: PlannedLine.Transport?
    /// How many dialogs are replayed at most.
    package var limit = Int.max

    /// Makes options that replay everything.
    package init() {}
}
