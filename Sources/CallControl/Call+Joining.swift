// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Calls whose caller is the gateway itself.
extension Call {
    /// Whether the gateway placed the call itself, so that its caller's side never leaves the process.
    package var isPlaced: Bool { endpointDialog.hop.isInside }

    /// Makes the callers' sides of two answered calls one dialog, so that what either has for its caller is for the
    /// other; both keep their numbers going up.
    package static func join(_ one: inout Call, _ other: inout Call) {
        guard let first = one.exchanges[0].pair, let second = other.exchanges[0].pair else { return }
        let left = one.pairs[first].endpoint
        let right = other.pairs[second].endpoint
        other.pairs[second].endpoint.callID = left.callID
        one.pairs[first].endpoint.remoteTag = tagBytes(right.localTag)
        one.pairs[first].endpoint.remote = right.local
        other.pairs[second].endpoint.remoteTag = tagBytes(left.localTag)
        other.pairs[second].endpoint.remote = left.local
        one.pairs[first].endpoint.localSequence = max(left.localSequence, right.remoteSequence ?? 0)
        other.pairs[second].endpoint.localSequence = max(right.localSequence, left.remoteSequence ?? 0)
    }

    /// Whether the caller's side of this call and of another are one dialog.
    package func isJoined(with other: Call) -> Bool {
        guard let first = exchanges[0].pair, let second = other.exchanges[0].pair else { return false }
        let left = pairs[first].endpoint
        let right = other.pairs[second].endpoint
        return left.callID == right.callID && left.remoteTag == tagBytes(right.localTag)
            && right.remoteTag == tagBytes(left.localTag)
    }
}
