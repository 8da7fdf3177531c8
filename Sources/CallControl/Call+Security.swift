// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

internal import CallPolicy
package import SIPMessage

extension Call {
    /// Whether an in-dialog request belongs to a dialog whose other end is only ever reached inside TLS: its requests
    /// must come that way too, since nothing else proves whose they are.
    package func isSecured(_ message: SIPMessage) -> Bool {
        let bytes = message.bytes
        guard let tag = bytes.span.hexadecimal(message.mandatory.toTag.indices) else { return false }
        return pairs.contains { pair in
            pair.outbound.localTag == tag && pair.outbound.hop.transport == .tls
                || pair.endpoint.localTag == tag && isSecureURI(pair.endpoint.target)
        }
    }
}
