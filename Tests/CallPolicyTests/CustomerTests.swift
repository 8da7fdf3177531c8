// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import SessionDescription
import Testing

@Suite("customer.* rules")
struct CustomerTests {
    private let number = "+14165550123"

    @Test("fail closed: an endpoint or customer that is not in the snapshot is refused")
    func unknownCaller() throws {
        var deployment = try Deployment()
        let stranger = deployment.dial(number) { $0.caller = .endpoint(.zero) }
        #expect(stranger.rejection?.rule == .customerActive)
        #expect(stranger.rejection?.status == 403)
        #expect(stranger.findings.map(\.outcome) == [.rejected])
        #expect(deployment.dial(number) { $0.caller = .customer(.zero) }.rejection?.status == 403)
        #expect(deployment.dial("112") { $0.caller = .endpoint(.zero) }.rejection?.status == 403)
        deployment.endpoint.customer = .zero
        let orphan = deployment.dial(number)
        #expect(orphan.rejection?.detail == .unknownCustomer(.zero))
    }

    @Test("§4 rule 3 only an active customer may call", arguments: CustomerStatus.allCases)
    func status(status: CustomerStatus) throws {
        var deployment = try Deployment()
        deployment.customer.status = status
        for dialled in [number, "1002"] {
            let decision = deployment.dial(dialled)
            #expect((decision.approved != nil) == (status == .active))
            if status != .active { #expect(decision.rejection?.apiReason == "CUSTOMER_NOT_ACTIVE") }
        }
    }

    @Test("§4 rule 3 a disabled endpoint may not call")
    func disabled() throws {
        var deployment = try Deployment()
        deployment.endpoint.isEnabled = false
        #expect(deployment.dial(number).rejection?.detail == .endpointDisabled(Deployment.endpointID))
    }

    @Test(
        "§4 rule 4 telephone calls need a verified identity where it is demanded",
        arguments: IdentityVerificationStatus.allCases
    )
    func verification(status: IdentityVerificationStatus) throws {
        var deployment = try Deployment()
        deployment.customer.identityVerification = status
        #expect(deployment.dial(number).outcome(.customerIdentityVerified) == .skipped)
        deployment.rules.requiresVerifiedIdentity = true
        let decision = deployment.dial(number)
        #expect((decision.approved != nil) == (status == .verified))
        if status != .verified { #expect(decision.rejection?.apiReason == "IDENTITY_VERIFICATION_REQUIRED") }
        #expect(deployment.dial("1002").outcome(.customerIdentityVerified) == .skipped)
    }

    @Test(
        "§4 rule 5 a metered customer must be able to pay",
        arguments: [
            (BillingAccount(creditMicros: 10_000), true), (BillingAccount(creditMicros: 9_999), false),
            (BillingAccount(creditMicros: -5, tokens: 1), true),
            (BillingAccount(creditMicros: -5, isUnlimited: true), true),
            (BillingAccount(creditMicros: 10_000_000, isActive: false), false),
        ]
    )
    func balance(account: BillingAccount, admits: Bool) throws {
        var deployment = try Deployment()
        deployment.customer.billingAccount = account
        let decision = deployment.dial(number)
        #expect((decision.approved != nil) == admits)
        if !admits {
            #expect(decision.rejection?.status == 402)
            #expect(decision.rejection?.apiStatus == 402)
        }
        #expect(deployment.dial("1002").outcome(.customerBalance) == .skipped)
    }

    @Test("the first rule that refuses wins, and no later rule runs")
    func order() throws {
        var deployment = try Deployment()
        deployment.customer.outbound = nil
        deployment.trunks = []
        deployment.customer.billingAccount = BillingAccount(creditMicros: 0)
        #expect(deployment.dial(number).rejection?.rule == .customerBalance)
        deployment.customer.status = .frozen
        let decision = deployment.dial(number)
        #expect(decision.findings.map(\.rule) == [.destinationClassify, .emergencyExempt, .customerActive])
        #expect(decision.findings.map(\.outcome) == [.passed, .skipped, .rejected])
    }

    @Test("an approval has one finding per rule, in the order of the table")
    func findings() throws {
        for dialled in [number, "1002", "112"] {
            #expect(try Deployment().dial(dialled).findings.map(\.rule) == RuleIdentifier.allCases)
        }
    }
}
