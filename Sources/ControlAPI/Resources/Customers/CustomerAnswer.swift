// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import CallStore

/// Customers as they are answered; the webhooks' secret never is.
enum CustomerAnswer {
    static var schema: Schema {
        .answer([
            ("id", .uuid), ("name", .text), ("detail", .text), ("email", .text), ("phone_number", .text),
            ("address", .text), ("webhook_method", .string(values: webhookMethods)), ("webhook_uri", .text),
            ("billing_account_id", .uuid), ("metadata", .answer([("rtp_debug", .boolean)])),
            ("email_verified", .boolean), ("status", .string(values: CustomerStatus.allCases.map(\.rawValue))),
            (
                "identity_verification_status",
                .string(values: IdentityVerificationStatus.allCases.map(\.rawValue))
            ),
            ("default_outgoing_source_number_id", .uuid), ("may_call_sip_uris", .boolean),
            ("tm_deletion_scheduled", .nullable(.time)), ("tm_create", .nullable(.time)),
            ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
        ])
    }

    /// How webhooks may be sent; empty is POST.
    static let webhookMethods = ["", "POST", "GET", "PUT", "DELETE"]

    static func json(_ customer: StoredCustomer) -> JSONValue {
        [
            "id": .string(customer.id.description), "name": .string(customer.name),
            "detail": .string(customer.detail), "email": .string(customer.email),
            "phone_number": .string(customer.phoneNumber), "address": .string(customer.address),
            "webhook_method": .string(customer.webhookMethod), "webhook_uri": .string(customer.webhookURI),
            "billing_account_id": .string((customer.billingAccount ?? .zero).description),
            "metadata": ["rtp_debug": .boolean(customer.isRTPDebugged)],
            "email_verified": .boolean(customer.isEmailVerified), "status": .string(customer.status.rawValue),
            "identity_verification_status": .string(customer.identityVerification.rawValue),
            "default_outgoing_source_number_id": .string((customer.defaultNumber ?? .zero).description),
            "may_call_sip_uris": .boolean(customer.mayCallSIPURIs),
            "tm_deletion_scheduled": Timestamp.json(customer.deletionScheduled),
            "tm_create": Timestamp.json(customer.created), "tm_update": Timestamp.json(customer.updated),
            "tm_delete": Timestamp.json(customer.deleted),
        ]
    }
}
