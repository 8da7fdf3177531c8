// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import NumberingPlan

extension ProvisioningDraft.EndpointDraft {
    init?(_ fields: Fields, credentials: CredentialReader) {
        let username = fields.required("username", .username, example: "alice")
        let customer = fields.required("customer", .text(1...128), example: "acme")
        let extensions = fields.list("extensions", .extensionName) ?? []
        let number = fields.located("number", .number)
        let emergency = fields.located("emergency_caller_id", .number)
        var endpoint = ProvisionedEndpoint(username: username?.value ?? "")
        endpoint.credentials = credentials.read(fields, username: username?.value)
        endpoint.extensions = extensions.map(\.value)
        endpoint.number = number?.value
        endpoint.emergencyCallerID = emergency?.value
        endpoint.displayName = fields.value("display_name", .text(1...128))
        endpoint.requiresRegistration =
            fields.value("require_registration", .boolean) ?? endpoint.requiresRegistration
        endpoint.sourceAddresses = fields.list("source_addresses", .sourceRange)?.map(\.value) ?? []
        endpoint.isEnabled = fields.value("enabled", .boolean) ?? endpoint.isEnabled
        endpoint.limits = fields.section("limits", CallLimits.init(_:)) ?? endpoint.limits
        let dialPlan = fields.section("dial_plan", DialPlanDraft.init(_:))
        endpoint.dialPlan = dialPlan?.plan
        if endpoint.requiresRegistration, !endpoint.sourceAddresses.isEmpty {
            let message = "`source_addresses` has no effect on an endpoint that must register"
            fields.fault("source_addresses", message, "add `require_registration: false`, or remove the addresses")
        }
        guard let username, let customer else { return nil }
        let own = [("number", number), ("emergency_caller_id", emergency)]
        self.init(
            customer: customer,
            username: username,
            extensions: extensions,
            dialPlan: dialPlan,
            ownNumbers: own.compactMap { key, number in number.map { (key: key, number: $0) } },
            endpoint: endpoint
        )
    }
}

extension ScalarType where Value == String {
    /// A digest user name that is the user part of a SIP URI without escapes (RFC 3261 §25.1).
    static var username: ScalarType {
        .token("a user name", marks: "-_.!~*'()&=+$", 1...64)
    }

    /// What another endpoint dials.
    static var extensionName: ScalarType {
        .token("an extension", marks: "-_.*#+", 1...32)
    }
}
