// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl

extension CallTimer {
    /// The timer as the second half of a wheel's token.
    var purpose: UInt32 {
        switch self {
        case .dial(let branch): 0 << 24 | UInt32(truncatingIfNeeded: branch & 0xFF_FFFF)
        case .timerC(let branch): 1 << 24 | UInt32(truncatingIfNeeded: branch & 0xFF_FFFF)
        case .successRetransmission(let exchange): 2 << 24 | UInt32(truncatingIfNeeded: exchange & 0xFF_FFFF)
        case .maximumDuration: 3 << 24
        case .durationWarning: 4 << 24
        case .sessionRefresh: 5 << 24
        case .target(let branch): 6 << 24 | UInt32(truncatingIfNeeded: branch & 0xFF_FFFF)
        }
    }

    /// Reads the second half of a wheel's token back.
    init?(purpose: UInt32) {
        let place = Int(purpose & 0xFF_FFFF)
        switch purpose >> 24 {
        case 0: self = .dial(branch: place)
        case 1: self = .timerC(branch: place)
        case 2: self = .successRetransmission(exchange: place)
        case 3: self = .maximumDuration
        case 4: self = .durationWarning
        case 5: self = .sessionRefresh
        case 6: self = .target(branch: place)
        default: return nil
        }
    }
}
