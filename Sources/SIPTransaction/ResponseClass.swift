// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The three classes of status code that transaction machines tell apart.
enum ResponseClass {
    case provisional
    case success
    case failure

    /// The class of a status code, or nil when it lies outside 100–699 (RFC 3261 §7.2).
    init?(status: Int) {
        switch status {
        case 100...199: self = .provisional
        case 200...299: self = .success
        case 300...699: self = .failure
        default: return nil
        }
    }
}
