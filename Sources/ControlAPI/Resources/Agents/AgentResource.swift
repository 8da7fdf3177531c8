// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The people who may use the API, for whoever runs the deployment.
enum AgentResource: APIResource {
    static var operations: [Operation] {
        [
            operation(.get, "", "listAgents", "Agents, newest first.", query: listParameters, of: list)
                .answering(.page(of: "Agent")),
            operation(.post, "", "createAgent", "A new agent.", body: creation, of: AgentChanges.create),
            operation(.get, "/{id}", "getAgent", "An agent.", of: get),
            operation(
                .put,
                "/{id}",
                "updateAgent",
                "Changes an agent.",
                body: .object(changes),
                of: AgentChanges.update
            ),
            operation(.delete, "/{id}", "deleteAgent", "Deletes an agent; its tokens end.", of: AgentChanges.delete),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [("Agent", AgentAnswer.schema)] }

    private static let listParameters =
        PageRequest.parameters + [QueryParameter("customer_id", .uuid, "Agents of this customer only.")]

    private static let changes: [Schema.Property] = [
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 1024)),
        .optional("password", .string(maximumLength: 255), "8 characters or more."),
        .optional("permission", .integer(1...113), "The sum of 1 super admin, 16 agent, 32 admin, 64 manager."),
    ]

    private static let creation = Schema.object(
        [
            .init("username", .string(maximumLength: 255), required: true),
            .init("password", .string(maximumLength: 255), required: true, "8 characters or more."),
            .init(
                "permission",
                .integer(1...113),
                required: true,
                "The sum of 1 super admin, 16 agent, 32 admin, 64 manager."
            ),
            .optional("customer_id", .string(maximumLength: 36), "Needed but for super admins."),
            .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 1024)),
        ]
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
            "/v1.0/agents" + path,
            name: name,
            tag: "agents",
            summary: summary,
            access: .superAdmin,
            query: query,
            body: body,
            answer: .reference("Agent"),
            errors: [400, 404, 409],
            handler: handler
        )
    }
}

extension Operation {
    /// The same operation with another answer.
    func answering(_ schema: Schema?) -> Operation {
        var operation = self
        operation.answer = schema
        return operation
    }
}
