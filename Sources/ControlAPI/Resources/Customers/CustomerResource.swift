// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The customer of whoever asks.
enum CustomerResource: APIResource {
    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/customer",
                name: "getOwnCustomer",
                tag: "customer",
                summary: "The own customer.",
                access: .customer([.customerAdmin, .customerManager]),
                answer: .reference("Customer"),
                errors: [404]
            ) { call in
                try await CustomerHandlers.get(call, try call.customer)
            },
            Operation(
                .put,
                "/v1.0/customer",
                name: "updateOwnCustomer",
                tag: "customer",
                summary: "Changes the own customer: the keys that are there, and not null.",
                access: .customer(.customerAdmin),
                body: .object(CustomerDraft.ownProperties),
                answer: .reference("Customer"),
                errors: [404, 409]
            ) { call in
                try await CustomerHandlers.update(call, try call.customer, byOperator: false)
            },
            Operation(
                .put,
                "/v1.0/customer/default_outgoing_source_number_id",
                name: "updateOwnDefaultNumber",
                tag: "customer",
                summary: "Changes the number shown when a caller's own is not valid.",
                access: .customer(.customerAdmin),
                body: .object([.init("default_outgoing_source_number_id", .uuid, required: true)]),
                answer: .reference("Customer"),
                errors: [404, 409],
                handler: CustomerHandlers.updateDefaultNumber
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [("Customer", CustomerAnswer.schema)] }
}
