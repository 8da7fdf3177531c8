// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("Billing accounts")
struct BillingTests {
    @Test("§6.3: the own account shows its credit in micros and in dollars")
    func own() async throws {
        let world = try ResourceWorld()
        let account = try await world.ask(.get, "/v1.0/billing_account")
        #expect(account["balance_credit"] == 5_000_000 && account["balance"] == .number(5))
        #expect(account["status"] == "active")
        let renamed = try await world.ask(.put, "/v1.0/billing_account", ["name": "main"])
        #expect(renamed["name"] == "main" && renamed["tm_update"] != .null)
    }

    @Test("a customer that is not metered has no account, and is told so")
    func unmetered() async throws {
        let world = try ResourceWorld()
        let error = await failure { try await world.ask(as: world.other, .get, "/v1.0/billing_account") }
        #expect(error?.httpStatus == 404)
        #expect(error?.message.contains("not metered") == true)
    }

    @Test("S4, §6.3: the list under both spellings: one's own, or all for who runs the deployment")
    func lists() async throws {
        let world = try ResourceWorld()
        for path in ["/v1.0/billing-accounts", "/v1.0/billing_accounts"] {
            #expect(try await world.ask(.get, path)["result"].elements?.count == 1)
            #expect(try await world.ask(as: world.other, .get, path)["result"].elements?.count == 0)
            #expect(try await world.ask(as: world.operatorIdentity, .get, path)["result"].elements?.count == 1)
        }
    }

    @Test("§6.3: bookings in dollars change the credit, and what is no amount is refused")
    func books() async throws {
        let world = try ResourceWorld()
        let id = try await world.ask(.get, "/v1.0/billing_account")["id"].text ?? ""
        let path = "/v1.0/billing_accounts/\(id)"
        let added = try await world.ask(.post, path + "/balance_add_force", ["balance": .number(1.25)])
        #expect(added["balance_credit"] == 6_250_000)
        let taken = try await world.ask(.post, path + "/balance_subtract_force", ["balance": 6])
        #expect(taken["balance_credit"] == 250_000)
        for wrong in [0, -1, 2_000_000, "5"] as [JSONValue] {
            let error = await failure { try await world.ask(.post, path + "/balance_add_force", ["balance": wrong]) }
            #expect(error?.httpStatus == 400)
        }
    }
}
