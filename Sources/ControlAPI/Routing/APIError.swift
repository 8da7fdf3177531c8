// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// An answer that is an error: `{"error","message","status","request_id","details"}` with its HTTP status.
package struct APIError: Error, Hashable, Sendable {
    /// The HTTP status, 400 to 599.
    package var httpStatus: Int
    /// The class of error, such as `INVALID_ARGUMENT`.
    package var status: String
    /// The error itself, such as `INVALID_ID`; the body's `error`.
    package var reason: String
    /// What is wrong and what to do, for a person.
    package var message: String
    /// Facts for a program.
    package var details: [JSONValue] = []
    /// Seconds after which to try again; nil leaves the header out.
    package var retryAfter: Int?

    /// Makes an error.
    package init(_ httpStatus: Int, _ status: String, _ reason: String, _ message: String) {
        self.httpStatus = httpStatus
        self.status = status
        self.reason = reason
        self.message = message
    }
}

extension APIError {
    /// 400: a field of the body or of the query is wrong; the details name it.
    package static func invalid(
        _ field: String,
        _ message: String,
        reason: String = "INVALID_ARGUMENT"
    ) -> APIError {
        var error = APIError(400, "INVALID_ARGUMENT", reason, message)
        error.details = [["field": .string(field)]]
        return error
    }

    /// 400: the body is no JSON object.
    package static let invalidJSON = APIError(
        400,
        "INVALID_ARGUMENT",
        "INVALID_JSON_BODY",
        "the body must be a JSON object"
    )

    /// 400: an identity in the path is no UUID.
    package static func invalidIdentifier(_ text: String) -> APIError {
        APIError(400, "INVALID_ARGUMENT", "INVALID_ID", "`\(text.prefix(64))` is not a UUID")
    }

    /// 401: nothing says who asks.
    package static let authenticationRequired = APIError(
        401,
        "UNAUTHENTICATED",
        "AUTHENTICATION_REQUIRED",
        "a token or an access key is needed: get a token by POST /auth/login"
    )

    /// 401: what was given is wrong, expired or taken back.
    package static let invalidCredentials = APIError(
        401,
        "UNAUTHENTICATED",
        "INVALID_CREDENTIALS",
        "the token or access key is not valid, or no longer"
    )

    /// 403: known, but not allowed.
    package static func forbidden(_ message: String, reason: String = "PERMISSION_DENIED") -> APIError {
        APIError(403, "PERMISSION_DENIED", reason, message)
    }

    /// 404: there is no such thing for whoever asks; `reason` such as `NUMBER_NOT_FOUND`.
    package static func notFound(_ reason: String, _ message: String) -> APIError {
        APIError(404, "NOT_FOUND", reason, message)
    }

    /// 404: no operation has this method and path.
    package static let routeNotFound = APIError(404, "NOT_FOUND", "ROUTE_NOT_FOUND", "there is no such operation")

    /// 409: the state of things does not allow it.
    package static func conflict(_ message: String, reason: String = "STATE_INVALID") -> APIError {
        APIError(409, reason == "STATE_INVALID" ? "FAILED_PRECONDITION" : "ALREADY_EXISTS", reason, message)
    }

    /// 429: too many requests; `limitedBy` is `ip` or `customer`.
    package static func rateLimited(by limitedBy: String, retryAfter: Int) -> APIError {
        var error = APIError(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", "too many requests; wait and try again")
        error.details = [["limited_by": .string(limitedBy)]]
        error.retryAfter = retryAfter
        return error
    }

    /// 503: it cannot be done at the moment.
    package static func unavailable(_ message: String) -> APIError {
        APIError(503, "UNAVAILABLE", "SERVICE_UNAVAILABLE", message)
    }

    /// 500: a fault of the gateway; its words are in the log under the request's id.
    package static let fault = APIError(500, "INTERNAL", "INTERNAL", "the gateway could not do it; see its log")

    /// The body, under the id of the request.
    package func body(requestID: String) -> JSONValue {
        [
            "error": .string(reason), "message": .string(message), "status": .string(status),
            "request_id": .string(requestID), "details": .array(details),
        ]
    }
}
