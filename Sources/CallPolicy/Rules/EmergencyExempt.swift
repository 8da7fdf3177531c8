// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 2, `emergency.exempt`: lets emergency calls of telephones by, under a number of the caller that services can
/// call back.
enum EmergencyExempt {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        guard case .emergency(let service) = evaluation.destination else { return .skipped(.notEmergency) }
        guard evaluation.caller.endpointID != nil else {
            return .rejected(.emergencyNotPlaced(service), .emergencyNotPlaced)
        }
        if case .service = service { evaluation.serviceNumber = EmergencyNumbers.numberForServices(evaluation) }
        let exempted = FindingDetail.emergencyExempted(service, standIn: evaluation.serviceNumber)
        let candidates: [(E164Number?, SourceOrigin)] = [
            (evaluation.caller.endpoint?.emergencyCallerID, .emergencyCallerID),
            (evaluation.caller.endpointNumber, .endpointNumber),
            (evaluation.caller.customer.outbound?.defaultOutgoingSourceNumber, .defaultNumber),
        ]
        for (number, origin) in candidates {
            guard let number, take(number, origin, &evaluation) else { continue }
            return .adjusted(exempted)
        }
        // A configured number that is no longer owned still serves whoever has to call back; what the caller typed never.
        for (number, origin) in candidates {
            guard let number else { continue }
            evaluation.source.resolved = number
            evaluation.source.resolvedBy = origin
            break
        }
        return .adjusted(exempted)
    }

    private static func take(_ number: E164Number, _ origin: SourceOrigin, _ evaluation: inout Evaluation) -> Bool {
        guard case .success(let usable) = evaluation.snapshot.usableNumber(number, by: evaluation.caller.customer.id)
        else {
            return false
        }
        evaluation.usable = usable
        evaluation.source.resolved = number
        evaluation.source.resolvedBy = origin
        return true
    }
}
