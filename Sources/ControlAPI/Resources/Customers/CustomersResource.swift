// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// All customers, for whoever runs the deployment.
enum CustomersResource: APIResource {
    static var operations: [Operation] {
        [
            operation(.get, "", "listCustomers", "Customers, newest first.", of: CustomerHandlers.list)
                .answering(.page(of: "Customer")),
            operation(
                .post,
                "",
                "createCustomer",
                "A new customer, with an outbound configuration that allows no country yet.",
                body: .object(creation),
                of: CustomerHandlers.create
            ),
            operation(.get, "/{id}", "getCustomer", "A customer.") {
                try await CustomerHandlers.get($0, try $0.identifier())
            },
            operation(
                .put,
                "/{id}",
                "updateCustomer",
                "Changes a customer: the keys that are there, and not null.",
                body: .object(CustomerDraft.ownProperties + CustomerDraft.operatorProperties)
            ) {
                try await CustomerHandlers.update($0, try $0.identifier(), byOperator: true)
            },
            operation(
                .delete,
                "/{id}",
                "deleteCustomer",
                "Deletes a customer: its endpoints, agents and keys are refused from now on.",
                of: CustomerHandlers.delete
            ),
            operation(
                .post,
                "/{id}/freeze",
                "freezeCustomer",
                "Freezes a customer: no calls, no requests.",
                of: CustomerHandlers.freeze
            ),
            operation(
                .post,
                "/{id}/recover",
                "recoverCustomer",
                "Makes a frozen customer active again.",
                of: CustomerHandlers.recover
            ),
            operation(
                .put,
                "/{id}/metadata",
                "updateCustomerMetadata",
                "Changes what is noted for support.",
                body: .object([.optional("rtp_debug", .boolean)]),
                of: CustomerHandlers.updateMetadata
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [] }

    private static let creation: [Schema.Property] =
        [.init("name", .string(maximumLength: 128), required: true, "Unique in the deployment.")]
        + CustomerDraft.ownProperties.dropFirst().filter { $0.key != "default_outgoing_source_number_id" }
        + CustomerDraft.operatorProperties

    private static func operation(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ name: String,
        _ summary: String,
        body: Schema? = nil,
        of handler: @escaping @Sendable (APICall) async throws -> APIAnswer
    ) -> Operation {
        Operation(
            method,
            "/v1.0/customers" + path,
            name: name,
            tag: "customers",
            summary: summary,
            access: .superAdmin,
            query: method == .get && path.isEmpty ? PageRequest.parameters : [],
            body: body,
            answer: .reference("Customer"),
            errors: [400, 404, 409],
            handler: handler
        )
    }
}
