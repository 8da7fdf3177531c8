// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import HTTPTypes

/// Billing accounts: what a customer's calls are measured against.
enum BillingResource: APIResource {
    /// The largest amount of one booking, in US dollars.
    private static let largestAmount = 1_000_000.0

    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/billing_account",
                name: "getOwnBillingAccount",
                tag: "billing",
                summary: "The customer's account.",
                access: .customer(.customerAdmin),
                answer: .reference("BillingAccount"),
                errors: [404]
            ) { call in APIAnswer(json(try await own(call))) },
            Operation(
                .put,
                "/v1.0/billing_account",
                name: "updateOwnBillingAccount",
                tag: "billing",
                summary: "Changes the account's name and detail.",
                access: .customer(.customerAdmin),
                body: body,
                answer: .reference("BillingAccount"),
                errors: [404]
            ) { call in try await rename(try await own(call), call) },
        ] + ["billing_accounts", "billing-accounts"].flatMap(accounts)
    }

    /// The documents write the list with a hyphen, the reference's clients with an underscore.
    private static func accounts(_ word: String) -> [Operation] {
        let suffix = word == "billing_accounts" ? "" : "ByHyphen"
        let path = "/v1.0/" + word
        return [
            Operation(
                .get,
                path,
                name: "listBillingAccounts" + suffix,
                tag: "billing",
                summary: "Every account for who runs the deployment, else the customer's own.",
                access: .customer([.customerAdmin]),
                query: PageRequest.parameters,
                answer: .page(of: "BillingAccount"),
                errors: [400],
                handler: list
            ),
            Operation(
                .get,
                path + "/{id}",
                name: "getBillingAccount" + suffix,
                tag: "billing",
                summary: "One account.",
                access: .customer(.customerAdmin),
                answer: .reference("BillingAccount"),
                errors: [400, 404]
            ) { call in APIAnswer(json(try await find(call))) },
            Operation(
                .put,
                path + "/{id}",
                name: "updateBillingAccount" + suffix,
                tag: "billing",
                summary: "Changes an account's name and detail.",
                access: .superAdmin,
                body: body,
                answer: .reference("BillingAccount"),
                errors: [404]
            ) { call in try await rename(try await find(call), call) },
            booking(path, "add", suffix, sign: 1), booking(path, "subtract", suffix, sign: -1),
        ]
    }

    private static func booking(_ path: String, _ word: String, _ suffix: String, sign: Double) -> Operation {
        Operation(
            .post,
            path + "/{id}/balance_\(word)_force",
            name: "\(word)Balance\(suffix)",
            tag: "billing",
            summary: "Books an amount in US dollars.",
            access: .superAdmin,
            body: .object([.init("balance", .number, required: true, "US dollars, more than 0.")]),
            answer: .reference("BillingAccount"),
            errors: [404]
        ) { call in try await book(call, sign: sign) }
    }

    static var schemas: [(name: String, schema: Schema)] {
        [
            (
                "BillingAccount",
                .answer([
                    ("id", .uuid), ("customer_id", .uuid), ("name", .text), ("detail", .text),
                    ("plan_type", .string(values: ["free", "basic", "professional", "unlimited"])),
                    ("plan_status", .string(values: ["active", "canceling"])), ("balance_credit", .integer()),
                    ("balance_token", .integer()), ("balance", .number), ("payment_type", .text),
                    ("payment_method", .text), ("status", .string(values: ["active", "frozen", "deleted"])),
                    ("tm_last_topup", .nullable(.time)), ("tm_next_topup", .nullable(.time)), ("tm_create", .time),
                    ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
                ])
            )
        ]
    }

    private static let body = Schema.object([
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 4096)),
    ])

    static func json(_ account: StoredBillingAccount) -> JSONValue {
        [
            "id": .string(account.id.description), "customer_id": .string(account.customer.description),
            "name": .string(account.name), "detail": .string(account.detail),
            "plan_type": account.balance.isUnlimited ? "unlimited" : "free", "plan_status": "active",
            "balance_credit": .integer(account.balance.creditMicros),
            "balance_token": .integer(account.balance.tokens),
            "balance": .number(Double(account.balance.creditMicros) / 1_000_000), "payment_type": "",
            "payment_method": "", "status": account.balance.isActive ? "active" : "frozen", "tm_last_topup": nil,
            "tm_next_topup": nil, "tm_create": Timestamp.json(account.created),
            "tm_update": Timestamp.json(account.updated), "tm_delete": nil,
        ]
    }

    private static func list(_ call: APICall) async throws -> APIAnswer {
        let page = try call.page
        let customer = try call.identity.isSuperAdmin ? nil : call.customer
        let rows = try await call.services.store.read {
            try StoredBillingAccount.list($0, of: customer, page.position)
        }
        return PageAnswer.make(rows, page, token: { PageToken(time: $0.created, identifier: $0.id) }, json: json)
    }

    private static func rename(_ account: StoredBillingAccount, _ call: APICall) async throws -> APIAnswer {
        var account = account
        account.name = try call.body.string("name").value ?? account.name
        account.detail = try call.body.string("detail", maximum: 4096).value ?? account.detail
        account.updated = call.services.now()
        let changed = account
        try await call.services.store.write { try changed.update($0) }
        return APIAnswer(json(changed))
    }

    private static func book(_ call: APICall, sign: Double) async throws -> APIAnswer {
        let id = try call.identifier()
        let micros = Int64((try amount(call.body) * 1_000_000 * sign).rounded())
        let now = call.services.now()
        // Read and written in one transaction: two bookings at once must both count.
        let changed = try await call.services.store.write { database -> StoredBillingAccount? in
            guard var account = try StoredBillingAccount.find(database, id) else { return nil }
            let (sum, overflow) = account.balance.creditMicros.addingReportingOverflow(micros)
            guard !overflow else {
                throw APIError.invalid("balance", "the account cannot hold so much")
            }
            account.balance.creditMicros = sum
            account.updated = now
            try account.update(database)
            return account
        }
        guard let changed else { throw unknown(id) }
        await call.services.policyChanged()
        return APIAnswer(json(changed))
    }

    private static func amount(_ body: BodyReader) throws(APIError) -> Double {
        let amount: Double? =
            switch body.raw("balance").value {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        guard let amount, amount > 0, amount <= largestAmount else {
            throw .invalid("balance", "`balance` must be an amount in US dollars, more than 0 and at most 1000000")
        }
        return amount
    }

    private static func own(_ call: APICall) async throws -> StoredBillingAccount {
        let customer = try call.customer
        let found = try await call.services.store.read { try StoredBillingAccount.find($0, of: customer) }
        guard let found else {
            throw APIError.notFound(
                "BILLING_ACCOUNT_NOT_FOUND",
                "the customer has no billing account: its calls are not metered"
            )
        }
        return found
    }

    private static func find(_ call: APICall) async throws -> StoredBillingAccount {
        let id = try call.identifier()
        let found = try await call.services.store.read { try StoredBillingAccount.find($0, id) }
        guard let found, try call.identity.reaches(found.customer) else { throw unknown(id) }
        return found
    }

    private static func unknown(_ id: ResourceIdentifier) -> APIError {
        .notFound("BILLING_ACCOUNT_NOT_FOUND", "there is no billing account \(id)")
    }
}
