// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MonotonicTime

/// Group calls: several telephones rung for one conversation with a flow's media. Flows with media do not run here, so
/// that there are none to show.
enum GroupcallsResource: APIResource {
    static var operations: [Operation] {
        [
            operation(.get, "", name: "listGroupcalls", summary: "Group calls: none.", answer: page) { call in
                let page = try call.page
                return PageAnswer.make([JSONValue](), page, token: { _ in missingToken }, json: { $0 })
            },
            operation(
                .post,
                "",
                name: "placeGroupcall",
                summary: "Not available: a group call plays media, which this gateway does not carry.",
                errors: [400]
            ) { _ in
                throw APIError(
                    400,
                    "INVALID_ARGUMENT",
                    "GROUPCALL_NOT_AVAILABLE",
                    "a group call plays media, and this gateway carries signalling only; place single calls by "
                        + "POST /v1.0/calls, with a `connect` action to ring several destinations at once"
                )
            }, missing(.get, "/{id}", name: "getGroupcall"), missing(.delete, "/{id}", name: "deleteGroupcall"),
            missing(.post, "/{id}/hangup", name: "hangUpGroupcall"),
        ]
    }

    static var schemas: [(name: String, schema: Schema)] { [] }

    private static let page = Schema.answer([("result", .array(.anyObject)), ("next_page_token", .text)])
    private static var missingToken: PageToken { PageToken(time: .init(milliseconds: 0), identifier: nil) }

    private static func missing(_ method: HTTPRequest.Method, _ path: String, name: String) -> Operation {
        operation(method, path, name: name, summary: "One group call: there are none.", errors: [400, 404]) { call in
            let id = try call.identifier()
            throw APIError.notFound("GROUPCALL_NOT_FOUND", "there is no group call \(id)")
        }
    }

    private static func operation(
        _ method: HTTPRequest.Method,
        _ path: String,
        name: String,
        summary: String,
        answer: Schema? = nil,
        errors: [Int] = [400],
        handler: @escaping @Sendable (APICall) async throws -> APIAnswer
    ) -> Operation {
        Operation(
            method,
            "/v1.0/groupcalls\(path)",
            name: name,
            tag: "groupcalls",
            summary: summary,
            access: CallsResource.access,
            query: answer == nil ? [] : PageRequest.parameters,
            answer: answer,
            errors: errors,
            handler: handler
        )
    }
}
