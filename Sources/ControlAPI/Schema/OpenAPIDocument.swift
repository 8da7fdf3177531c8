// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The OpenAPI 3.1 document of the API, made out of the operations themselves.
enum OpenAPIDocument {
    /// Makes the document.
    static func make(_ operations: [Operation], _ schemas: [(name: String, schema: Schema)]) -> JSONValue {
        var paths = JSONObject()
        for operation in operations {
            var path = paths[operation.path]?.members ?? JSONObject()
            path[operation.method.rawValue.lowercased()] = describe(operation)
            paths[operation.path] = .object(path)
        }
        var components = JSONObject()
        for (name, schema) in schemas + [("Error", error)] { components[name] = schema.document }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Tollgate control API", "version": "1.0.0",
                "description":
                    "Customers, numbers, endpoints, trunks, outbound policy and calls of a Tollgate gateway.",
            ],
            "paths": .object(paths),
            "components": ["schemas": .object(components), "securitySchemes": securitySchemes],
        ]
    }

    static let error = Schema.answer([
        ("error", .text), ("message", .text), ("status", .text), ("request_id", .text), ("details", .array(.any)),
    ])

    private static let securitySchemes: JSONValue = [
        "bearer": ["type": "http", "scheme": "bearer", "bearerFormat": "JWT"],
        "token": ["type": "apiKey", "in": "query", "name": "token"],
        "tokenCookie": ["type": "apiKey", "in": "cookie", "name": "token"],
        "accesskey": ["type": "apiKey", "in": "query", "name": "accesskey"],
    ]

    private static func describe(_ operation: Operation) -> JSONValue {
        var document = JSONObject([
            ("operationId", .string(operation.name)), ("summary", .string(operation.summary)),
            ("tags", [.string(operation.tag)]),
        ])
        let parameters = pathParameters(operation.path) + operation.query.map(parameter)
        if !parameters.isEmpty { document["parameters"] = .array(parameters) }
        if let body = operation.body {
            document["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": body.document]],
            ]
        }
        document["responses"] = responses(operation)
        document["security"] =
            operation.access == .open
            ? [] : [["bearer": []], ["token": []], ["tokenCookie": []], ["accesskey": []]]
        return .object(document)
    }

    private static func responses(_ operation: Operation) -> JSONValue {
        var success = JSONObject([("description", "Done.")])
        if let answer = operation.answer {
            success["content"] = ["application/json": ["schema": answer.document]]
        }
        var responses = JSONObject([("200", .object(success))])
        for status in operation.errorStatuses {
            guard !operation.bareErrors.contains(status) else {
                responses["\(status)"] = ["description": "Refused, without a body."]
                continue
            }
            responses["\(status)"] = [
                "description": "Refused; the body says why.",
                "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
            ]
        }
        return .object(responses)
    }

    private static func parameter(_ parameter: QueryParameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": "query", "required": false,
            "description": .string(parameter.summary), "schema": parameter.schema.document,
        ]
    }

    private static func pathParameters(_ path: String) -> [JSONValue] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            [
                "name": .string(String(part.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": ["type": "string", "format": "uuid"],
            ]
        }
    }
}

extension Operation {
    /// Every status of an error that the operation may answer, in order.
    var errorStatuses: [Int] {
        let usual = access == .open ? [429, 500] : [401, 403, 429, 500, 503]
        return Set(usual + errors + (body == nil ? [] : [400, 413])).sorted()
    }
}
