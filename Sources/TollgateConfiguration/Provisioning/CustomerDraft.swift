// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan
import SessionDescription

extension ProvisioningDraft.CustomerDraft {
    init?(_ fields: Fields) {
        let name = fields.required("name", .text(1...128), example: "acme")
        var customer = ProvisionedCustomer(name: name?.value ?? "")
        customer.status = fields.value("status", ScalarType<CustomerStatus>.word()) ?? customer.status
        customer.identityVerification =
            fields.value("identity_verification", ScalarType<IdentityVerificationStatus>.word())
            ?? customer.identityVerification
        customer.billingAccount = fields.section("billing", BillingAccount.init(_:))
        customer.limits = fields.section("limits", CallLimits.init(_:)) ?? customer.limits
        let dialPlan = fields.section("dial_plan", DialPlanDraft.init(_:))
        customer.dialPlan = dialPlan?.plan
        customer.mayCallSIPURIs = fields.value("may_call_sip_uris", .boolean) ?? customer.mayCallSIPURIs
        var defaultNumber: Located<E164Number>?
        customer.outbound = fields.section("outbound") { ProvisionedOutbound($0, defaultNumber: &defaultNumber) }
        guard let name else { return nil }
        self.init(name: name, customer: customer, dialPlan: dialPlan, defaultNumber: defaultNumber)
    }
}

extension BillingAccount {
    fileprivate init(_ fields: Fields) {
        self.init(creditMicros: 0)
        creditMicros = fields.value("credit_usd", .dollars) ?? creditMicros
        tokens = Int64(fields.value("tokens", .integer(0...1_000_000_000_000)) ?? 0)
        isUnlimited = fields.value("unlimited", .boolean) ?? isUnlimited
        isActive = fields.value("active", .boolean) ?? isActive
    }
}

extension ProvisionedOutbound {
    fileprivate init(_ fields: Fields, defaultNumber: inout Located<E164Number>?) {
        self.init()
        name = fields.value("name", .text(0...128)) ?? name
        destinationWhitelist = Set(fields.list("destination_whitelist", .country)?.map(\.value) ?? [])
        codecs = fields.codecs("codecs") ?? codecs
        defaultNumber = fields.located("default_outgoing_source_number", .number)
        defaultOutgoingSourceNumber = defaultNumber?.value
        whenNoValidSource =
            fields.value("when_no_valid_source", ScalarType<SourceFallback>.word()) ?? whenNoValidSource
        whenAnonymityDisallowed =
            fields.value("when_anonymity_disallowed", ScalarType<AnonymityFallback>.word()) ?? whenAnonymityDisallowed
        allowedSpecial = Set(fields.list("allowed_special", .specialDestinations)?.flatMap(\.value) ?? [])
    }
}

extension ProvisioningDraft.NumberDraft {
    init?(_ fields: Fields) {
        let number = fields.required("number", .number, example: "\"+15551234567\"")
        let customer = fields.required("customer", .text(1...128), example: "acme")
        let type = fields.value("type", ScalarType<OwnedNumberType>.word()) ?? .normal
        let status = fields.value("status", ScalarType<OwnedNumberStatus>.word()) ?? .active
        guard let number, let customer else { return nil }
        self.init(
            customer: customer,
            position: number.position,
            number: ProvisionedNumber(number: number.value, type: type, status: status)
        )
    }
}
