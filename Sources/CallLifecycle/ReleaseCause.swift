// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a leg was released: an ITU-T Q.850 cause value, or one of the gateway's own above 199.
package struct ReleaseCause: Hashable, Sendable {
    /// The value: 0 to 127 as in Q.850, 200 and above the gateway's own.
    package let value: Int

    /// Wraps a cause value.
    package init(_ value: Int) {
        self.value = value
    }

    /// No cause: the gateway's own dial timer ran out.
    package static let dialTimeout = ReleaseCause(0)
    /// Unallocated number.
    package static let unallocatedNumber = ReleaseCause(1)
    /// No route to destination.
    package static let noRouteToDestination = ReleaseCause(3)
    /// Normal call clearing.
    package static let normalClearing = ReleaseCause(16)
    /// User busy.
    package static let userBusy = ReleaseCause(17)
    /// No user responding.
    package static let noUserResponding = ReleaseCause(18)
    /// No answer from the user.
    package static let noAnswer = ReleaseCause(19)
    /// Call rejected.
    package static let callRejected = ReleaseCause(21)
    /// Number changed.
    package static let numberChanged = ReleaseCause(22)
    /// Non-selected user clearing: another device answered.
    package static let answeredElsewhere = ReleaseCause(26)
    /// Destination out of order.
    package static let destinationOutOfOrder = ReleaseCause(27)
    /// Invalid number format.
    package static let invalidNumberFormat = ReleaseCause(28)
    /// Facility rejected.
    package static let facilityRejected = ReleaseCause(29)
    /// No circuit available.
    package static let noCircuitAvailable = ReleaseCause(34)
    /// Network out of order.
    package static let networkOutOfOrder = ReleaseCause(38)
    /// Temporary failure.
    package static let temporaryFailure = ReleaseCause(41)
    /// Bearer capability not available.
    package static let bearerCapabilityNotAvailable = ReleaseCause(58)
    /// Recovery on timer expiry.
    package static let recoveryOnTimerExpiry = ReleaseCause(102)
    /// Interworking, unspecified.
    package static let interworking = ReleaseCause(127)
    /// The gateway's own: the call reached its longest duration.
    package static let durationLimit = ReleaseCause(200)
    /// The gateway's own: an answering machine was detected.
    package static let answeringMachine = ReleaseCause(201)

    /// The cause that a final SIP response stands for; a 2xx is normal clearing.
    ///
    /// The caller passes 408 or 503 for a request that no one answered or that could not be sent
    /// (RFC 3261 §8.1.3.1).
    package static func of(sipStatus: Int) -> ReleaseCause {
        switch sipStatus {
        case ..<300: .normalClearing
        case 400..<500: ofRequestFailure(sipStatus)
        case 500..<600: ofServerFailure(sipStatus)
        case 600: .userBusy
        case 603: .callRejected
        case 604: .unallocatedNumber
        case 606: .bearerCapabilityNotAvailable
        default: .interworking
        }
    }

    private static func ofRequestFailure(_ status: Int) -> ReleaseCause {
        switch status {
        case 401, 403, 407: .callRejected
        case 404, 485: .unallocatedNumber
        case 408: .noUserResponding
        case 409: .temporaryFailure
        case 410: .numberChanged
        case 420: .noRouteToDestination
        case 480, 483: .noAnswer
        case 484: .invalidNumberFormat
        case 486: .userBusy
        case 488: .bearerCapabilityNotAvailable
        default: .interworking
        }
    }

    private static func ofServerFailure(_ status: Int) -> ReleaseCause {
        switch status {
        case 500: .networkOutOfOrder
        case 501: .facilityRejected
        case 502: .destinationOutOfOrder
        case 504: .recoveryOnTimerExpiry
        case 505: .interworking
        default: .noCircuitAvailable
        }
    }

    /// Whether an unanswered telephone call that ended with this cause is worth another route.
    package var permitsNextRoute: Bool {
        switch self {
        case .normalClearing, .userBusy, .noAnswer, .callRejected, .answeredElsewhere, .durationLimit,
            .answeringMachine:
            false
        default: true
        }
    }
}

extension CallStatus {
    /// Whether a failed attempt in this state goes on to the next route, if there is one.
    package func advancesRoute(after cause: ReleaseCause) -> Bool {
        isUnanswered && cause.permitsNextRoute
    }
}
