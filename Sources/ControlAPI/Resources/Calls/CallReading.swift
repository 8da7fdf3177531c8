// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
import CallPolicy
import CallStore
import MonotonicTime

/// Shows calls.
enum CallReading {
    /// `GET /calls`: the caller's calls; an operator's are all customers' unless one is named.
    static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let rows = try await call.services.store.storedCalls(
            try filter(call),
            limit: page.size + 1,
            before: page.before?.time,
            orCall: page.before?.identifier
        )
        return PageAnswer.make(
            rows,
            page,
            token: { PageToken(time: $0.record.created, identifier: $0.record.id) },
            json: CallObject.json
        )
    }

    /// `GET /calls/{id}`.
    static func show(_ call: APICall) async throws -> APIAnswer {
        APIAnswer(CallObject.json(try await find(call)))
    }

    /// `GET /calls/{id}/decision`.
    static func decision(_ call: APICall) async throws -> APIAnswer {
        APIAnswer(DecisionObject.json(try await find(call, decision: true)))
    }

    /// The call that the path names.
    ///
    /// - Throws: 404 for one that the store does not hold, that was deleted, or that is another customer's.
    static func find(_ call: APICall, decision: Bool = false) async throws -> StoredCall {
        let id = try call.identifier()
        let identity = try call.identity
        guard let found = try await call.services.store.storedCall(id, decision: decision),
            identity.reaches(found.record.customer)
        else { throw APIError.notFound("CALL_NOT_FOUND", "there is no call \(id); see GET /v1.0/calls") }
        return found
    }

    private static func filter(_ call: APICall) throws(APIError) -> StoredCallFilter {
        let identity = try call.identity
        var filter = StoredCallFilter(customer: identity.customer)
        if identity.isSuperAdmin {
            filter.customer = try call.queryIdentifier("customer_id") ?? identity.customer
        } else {
            filter.customer = try call.customer
        }
        if let word = call.query["status"], !word.isEmpty {
            guard let status = CallStatus(name: word) else {
                let words = CallStatus.allCases.map(\.name).joined(separator: ", ")
                throw wrong("status", "must be one of \(words)")
            }
            filter.status = status
        }
        if let word = call.query["verdict"], !word.isEmpty {
            guard word == "approved" || word == "rejected" else {
                throw wrong("verdict", "must be `approved` or `rejected`")
            }
            filter.isApproved = word == "approved"
        }
        return filter
    }

    private static func wrong(_ name: String, _ words: String) -> APIError {
        .invalid(name, "`\(name)` \(words)", reason: "INVALID_REQUEST_PARAMETER")
    }
}
