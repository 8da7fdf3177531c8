// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore

/// A refusal by policy as an answer of the API.
enum CallRefusal {
    /// The error; its details carry the finding and the record of the refused call.
    static func error(_ rejection: Rejection, of record: CallRecord) -> APIError {
        var error = APIError(
            rejection.apiStatus,
            statusWord(rejection.apiStatus),
            rejection.apiReason,
            "the call was refused: \(rejection.text)"
        )
        error.details = [
            [
                "rule": .string(rejection.rule.rawValue), "outcome": .string(FindingOutcome.rejected.rawValue),
                "reason": .string(rejection.text), "call_id": .string(record.id.description),
            ]
        ]
        if rejection.apiStatus == 429 { error.retryAfter = rejection.retryAfter ?? 1 }
        if rejection.apiStatus == 503 { error.retryAfter = rejection.retryAfter }
        return error
    }

    private static func statusWord(_ status: Int) -> String {
        switch status {
        case 402: "PAYMENT_REQUIRED"
        case 403: "PERMISSION_DENIED"
        case 404: "NOT_FOUND"
        case 429: "RESOURCE_EXHAUSTED"
        case 503: "UNAVAILABLE"
        case 500...: "INTERNAL"
        default: "INVALID_ARGUMENT"
        }
    }
}
