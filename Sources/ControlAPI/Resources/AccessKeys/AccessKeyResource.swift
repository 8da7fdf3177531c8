// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Keys by which programs use the API as an administrator of their customer.
enum AccessKeyResource: APIResource {
    static var operations: [Operation] {
        [
            operation(.get, "", "listAccessKeys", "Access keys, newest first.", of: AccessKeyHandlers.list)
                .answering(.page(of: "AccessKey")),
            operation(
                .post,
                "",
                "createAccessKey",
                "A new access key. Its token is shown this once.",
                body: creation,
                of: AccessKeyHandlers.create
            ).answering(.reference("NewAccessKey")),
            operation(.get, "/{id}", "getAccessKey", "An access key.", of: AccessKeyHandlers.get),
            operation(
                .put,
                "/{id}",
                "updateAccessKey",
                "Changes name and detail.",
                body: .object(words),
                of: AccessKeyHandlers.update
            ),
            operation(
                .delete,
                "/{id}",
                "deleteAccessKey",
                "Deletes an access key; it is refused from now on.",
                of: AccessKeyHandlers.delete
            ),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] {
        let properties: [(String, Schema)] = [
            ("id", .uuid), ("customer_id", .uuid), ("name", .text), ("detail", .text),
        ]
        let others: [(String, Schema)] = [
            ("token_prefix", .text), ("tm_expire", .nullable(.time)), ("tm_create", .nullable(.time)),
            ("tm_update", .nullable(.time)), ("tm_delete", .nullable(.time)),
        ]
        return [
            ("AccessKey", .answer(properties + others)),
            ("NewAccessKey", .answer(properties + [("token", .text)] + others)),
        ]
    }

    private static let words: [Schema.Property] = [
        .optional("name", .string(maximumLength: 255)), .optional("detail", .string(maximumLength: 1024)),
    ]

    private static let creation = Schema.object(
        words + [
            .init(
                "expire",
                .integer(AccessKeyHandlers.lifetimes),
                required: true,
                "How long the key is valid, in seconds."
            )
        ]
    )

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
            "/v1.0/accesskeys" + path,
            name: name,
            tag: "accesskeys",
            summary: summary,
            access: .customer(.customerAdmin),
            query: method == .get && path.isEmpty ? PageRequest.parameters : [],
            body: body,
            answer: .reference("AccessKey"),
            errors: [400, 404],
            handler: handler
        )
    }
}
