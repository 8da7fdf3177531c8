// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes
import Hummingbird
import MonotonicTime

/// What stands before every operation: how often may one ask, who is it, and may they.
struct RequestGate: Sendable {
    /// Lets a request in, or throws why not.
    ///
    /// - Returns: Who asks; nil when the operation is open.
    func admit(
        _ request: Request,
        _ context: APIRequestContext,
        _ operation: Operation,
        _ services: APIServices
    ) async throws -> APIIdentity? {
        let now = services.now()
        let settings = services.settings
        try services.limits.admit(address: context.remoteHost, path: operation.path, settings, at: now)
        if operation.access == .open { return nil }
        guard let credentials = RequestCredentials(request) else { throw APIError.authenticationRequired }
        let caller = try await Authenticator(services: services).caller(credentials, at: now)
        try services.limits.admit(caller.identity, settings, at: now)
        if let customer = caller.customer, customer.status == .frozen, !caller.identity.isSuperAdmin {
            throw APIError.frozen(customer)
        }
        try Self.check(caller.identity, operation.access)
        return caller.identity
    }

    private static func check(_ identity: APIIdentity, _ access: Operation.Access) throws(APIError) {
        guard !identity.isSuperAdmin else { return }
        switch access {
        case .open, .known:
            return
        case .customer(let rights):
            guard identity.customer != nil, !identity.permission.isDisjoint(with: rights) else {
                throw .forbidden("you lack the permission for this operation; ask an administrator of your customer")
            }
        case .superAdmin:
            throw .forbidden("this operation is for whoever runs the deployment")
        }
    }
}

extension APIError {
    /// 403: the customer is frozen; the details say since when, and who can recover it.
    static func frozen(_ customer: StoredCustomer) -> APIError {
        var error = APIError.forbidden(
            "the account is frozen; ask the operator to recover it",
            reason: "ACCOUNT_FROZEN"
        )
        let scheduled = customer.deletionScheduled
        let effective = scheduled.map { WallTime(milliseconds: $0.milliseconds + 30 * 86_400_000) }
        error.details = [
            [
                "deletion_scheduled_at": Timestamp.json(scheduled), "deletion_effective_at": Timestamp.json(effective),
                "recovery_endpoint": .string("/v1.0/customers/\(customer.id)/recover"),
            ]
        ]
        return error
    }
}
