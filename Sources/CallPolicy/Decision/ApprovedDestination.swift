// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import NumberingPlan

/// The kinds of destination that rules tell apart.
package enum DestinationKind: String, Hashable, Sendable, CaseIterable {
    /// A telephone number behind a trunk; written `tel`.
    case telephone = "tel"
    /// A registered endpoint of the same customer; written `extension`.
    case extensions = "extension"
    /// A SIP URI elsewhere.
    case sip
    /// An emergency service behind a trunk.
    case emergency
}

/// An emergency service as it was called.
package enum EmergencyDestination: Hashable, Sendable {
    /// A short number, as configured.
    case number(String)
    /// A service URN (RFC 5031), such as `urn:service:sos.fire`.
    case service(String)

    /// The number or the URN.
    package var text: String {
        switch self {
        case .number(let text), .service(let text): text
        }
    }
}

/// What a trunk is asked for on an emergency call.
package enum EmergencyTarget: Hashable, Sendable {
    /// A short number.
    case number(String)
    /// A service URN (RFC 5031).
    case serviceURN(String)

    /// The number that stands for a service where neither a country nor the deployment names one: mobile networks know
    /// it everywhere (3GPP TS 22.101 §10.1).
    static let lastResort = "112"
}

/// Where a call goes, as the policy reads what was dialled.
package enum ApprovedDestination: Hashable, Sendable {
    /// A telephone number, with its country and class.
    case telephone(E164Number, NumberClassification)
    /// Endpoints of the caller's customer, to be tried together; never empty.
    case extensions([ResourceIdentifier])
    /// A SIP URI elsewhere, byte for byte as it was called.
    case sipURI(ReceivedText)
    /// An emergency service.
    case emergency(EmergencyDestination)

    /// The kind of destination.
    package var kind: DestinationKind {
        switch self {
        case .telephone: .telephone
        case .extensions: .extensions
        case .sipURI: .sip
        case .emergency: .emergency
        }
    }
}
