// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore
import Foundation

/// What a request says of a customer, checked; nothing is written yet.
struct CustomerDraft: Sendable {
    private var name: String?
    private var detail: Field<String> = .absent
    private var email: Field<String> = .absent
    private var phoneNumber: Field<String> = .absent
    private var address: Field<String> = .absent
    private var webhookMethod: Field<String> = .absent
    private var webhookURI: Field<String> = .absent
    private var webhookSecret: Field<String> = .absent
    private var status: CustomerStatus?
    private var identityVerification: IdentityVerificationStatus?
    private var mayCallSIPURIs: Bool?
    private var isEmailVerified: Bool?
    /// The number to show when a caller's own is not valid; zero for none, nil to leave it.
    private(set) var defaultNumber: ResourceIdentifier?

    /// Reads a body; what only the operator may set is read for the operator only.
    init(_ body: BodyReader, byOperator: Bool) throws(APIError) {
        name = try Self.name(body)
        detail = try body.string("detail", maximum: 1024)
        email = try body.string("email")
        phoneNumber = try body.string("phone_number")
        address = try body.string("address", maximum: 1024)
        webhookMethod = try Self.webhookMethod(body)
        webhookURI = try Self.webhookURI(body)
        webhookSecret = try body.string("webhook_secret")
        defaultNumber = try body.identifier("default_outgoing_source_number_id").value
        guard byOperator else { return }
        status = try body.word("status", CustomerStatus.self).value
        identityVerification =
            try body.word("identity_verification_status", IdentityVerificationStatus.self).value
        mayCallSIPURIs = try body.boolean("may_call_sip_uris").value
        isEmailVerified = try body.boolean("email_verified").value
        if status == .deleted {
            throw .invalid("status", "`status` cannot be set to `deleted`; use DELETE")
        }
    }

    /// The keys that a customer's own administrator may set.
    static let ownProperties: [Schema.Property] = [
        .optional("name", .string(maximumLength: 128), "Unique in the deployment."),
        .optional("detail", .string(maximumLength: 1024)), .optional("email", .string(maximumLength: 255)),
        .optional("phone_number", .string(maximumLength: 255)), .optional("address", .string(maximumLength: 1024)),
        .optional("webhook_method", .string(values: CustomerAnswer.webhookMethods)),
        .optional("webhook_uri", .string(maximumLength: 2048), "http or https; empty for no webhooks."),
        .optional("webhook_secret", .string(maximumLength: 255), "Signs webhooks; never answered."),
        .optional(
            "default_outgoing_source_number_id",
            .string(maximumLength: 36),
            "A normal, active number of the customer; the zero UUID for none."
        ),
    ]

    /// The keys that the operator may set besides.
    static let operatorProperties: [Schema.Property] = [
        .optional("status", .string(values: ["initial", "active", "frozen", "expired"])),
        .optional(
            "identity_verification_status",
            .string(values: IdentityVerificationStatus.allCases.map(\.rawValue))
        ),
        .optional("may_call_sip_uris", .boolean), .optional("email_verified", .boolean),
    ]

    /// Changes a customer as the request says.
    func apply(to customer: inout StoredCustomer) {
        if let name { customer.name = name }
        customer.detail.take(detail)
        customer.email.take(email)
        customer.phoneNumber.take(phoneNumber)
        customer.address.take(address)
        customer.webhookMethod.take(webhookMethod)
        customer.webhookURI.take(webhookURI)
        if let secret = webhookSecret.value { customer.webhookSecret = Secret(secret) }
        if let status { customer.status = status }
        if customer.status != .frozen { customer.deletionScheduled = nil }
        customer.identityVerification = identityVerification ?? customer.identityVerification
        customer.mayCallSIPURIs = mayCallSIPURIs ?? customer.mayCallSIPURIs
        customer.isEmailVerified = isEmailVerified ?? customer.isEmailVerified
    }

    private static func name(_ body: BodyReader) throws(APIError) -> String? {
        guard let name = try body.string("name", maximum: 128).value else { return nil }
        guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 32 }) else {
            throw .invalid("name", "`name` is empty, or has a line end or a tab in it")
        }
        return name
    }

    private static func webhookMethod(_ body: BodyReader) throws(APIError) -> Field<String> {
        try body.string("webhook_method").map { (method) throws(APIError) in
            guard CustomerAnswer.webhookMethods.contains(method) else {
                throw .invalid("webhook_method", "`webhook_method` must be POST, GET, PUT, DELETE or empty")
            }
            return method
        }
    }

    private static func webhookURI(_ body: BodyReader) throws(APIError) -> Field<String> {
        try body.string("webhook_uri", maximum: 2048).map { (text) throws(APIError) in
            guard !text.isEmpty else { return text }
            let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isPlain, let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
                scheme == "http" || scheme == "https", parts.host?.isEmpty == false, parts.user == nil,
                parts.password == nil, (1...65_535).contains(parts.port ?? 443)
            else {
                throw .invalid(
                    "webhook_uri",
                    "`webhook_uri` must be an http or https URI with a host, and without user name and password"
                )
            }
            return text
        }
    }
}
