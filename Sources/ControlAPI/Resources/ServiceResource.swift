// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The API itself: whether it lives, and what it can do.
enum ServiceResource: APIResource {
    static var operations: [Operation] {
        [
            Operation(
                .get,
                "/ping",
                name: "ping",
                tag: "service",
                summary: "Whether the API lives.",
                access: .open,
                answer: .answer([("message", .text)])
            ) { _ in APIAnswer(["message": "pong"]) },
            Operation(
                .get,
                "/openapi.json",
                name: "getOpenAPIDocument",
                tag: "service",
                summary: "This API as an OpenAPI 3.1 document.",
                access: .open,
                answer: .anyObject
            ) { _ in APIAnswer(ControlAPI.document) },
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [] }
}
