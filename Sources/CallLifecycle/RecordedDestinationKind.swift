// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// What a call goes to.
package enum RecordedDestinationKind: UInt8, Sendable, CaseIterable {
    /// A telephone number.
    case tel = 0
    /// An endpoint of the same customer.
    case `extension` = 1
    /// A SIP URI elsewhere.
    case sip = 2
    /// An emergency service.
    case emergency = 3
    /// A text that could not be told to be any of these.
    case unknown = 4

    /// The kind's name as the API shows it; empty for `unknown`.
    package var name: String {
        switch self {
        case .tel: "tel"
        case .extension: "extension"
        case .sip: "sip"
        case .emergency: "emergency"
        case .unknown: ""
        }
    }
}
