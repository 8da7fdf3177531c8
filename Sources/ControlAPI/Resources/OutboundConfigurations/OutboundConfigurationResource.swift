// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The outbound configuration of whoever asks.
enum OutboundConfigurationResource: APIResource {
    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/v1.0/outbound_config",
                name: "getOwnOutboundConfig",
                tag: "outbound_config",
                summary: "The own outbound configuration.",
                access: .customer(.customerAdmin),
                answer: .reference("OutboundConfig"),
                errors: [404],
                handler: OutboundConfigurationHandlers.getOwn
            ),
            Operation(
                .put,
                "/v1.0/outbound_config",
                name: "updateOwnOutboundConfig",
                tag: "outbound_config",
                summary: "Changes the own outbound configuration: the keys that are there, and not null.",
                access: .customer(.customerAdmin),
                body: .object(OutboundConfigurationDraft.properties),
                answer: .reference("OutboundConfig"),
                errors: [404],
                handler: OutboundConfigurationHandlers.updateOwn
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        [("OutboundConfig", OutboundConfigurationAnswer.schema)]
    }
}

/// The outbound configurations of all customers, for whoever runs the deployment.
enum OutboundConfigurationsResource: APIResource {
    private typealias Handlers = OutboundConfigurationHandlers

    static var operations: [Operation] {
        [
            operation(
                .get,
                "",
                "listOutboundConfigs",
                "Outbound configurations of all customers, newest first.",
                query: listParameters,
                of: Handlers.list
            ).answering(.page(of: "OutboundConfig")),
            operation(
                .post,
                "",
                "createOutboundConfig",
                "An outbound configuration for a customer that has none.",
                body: creation,
                of: Handlers.create
            ),
            operation(.get, "/{id}", "getOutboundConfig", "An outbound configuration.", of: Handlers.get),
            operation(
                .put,
                "/{id}",
                "updateOutboundConfig",
                "Changes an outbound configuration: the keys that are there, and not null.",
                body: .object(OutboundConfigurationDraft.properties),
                of: Handlers.update
            ),
            operation(
                .delete,
                "/{id}",
                "deleteOutboundConfig",
                "Deletes an outbound configuration: the customer may not call telephones from now on.",
                of: Handlers.delete
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [] }

    private static let listParameters =
        PageRequest.parameters + [QueryParameter("customer_id", .uuid, "This customer's only.")]

    private static let creation = Schema.object(
        [.init("customer_id", .uuid, required: true)] + OutboundConfigurationDraft.properties
    )

    private static func operation(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ name: String,
        _ summary: String,
        query: [QueryParameter] = [],
        body: Schema? = nil,
        of handler: @escaping @Sendable (APICall) async throws -> APIAnswer
    ) -> Operation {
        Operation(
            method,
            "/v1.0/outbound_configs" + path,
            name: name,
            tag: "outbound_configs",
            summary: summary,
            access: .superAdmin,
            query: query,
            body: body,
            answer: .reference("OutboundConfig"),
            errors: [400, 404, 409],
            handler: handler
        )
    }
}
