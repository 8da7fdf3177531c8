// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import HTTPTypes

/// One operation of the API: what it takes, what it answers, and what does it.
///
/// The same description routes requests, checks bodies and makes the OpenAPI document, so that these cannot differ.
package struct Operation: Sendable {
    /// Who may ask.
    package enum Access: Hashable, Sendable {
        /// Anybody.
        case open
        /// Whoever is known.
        case known
        /// Agents and keys of a customer that have one of these rights; a super admin always.
        case customer(Permission)
        /// Who runs the deployment.
        case superAdmin
    }

    /// The method.
    package var method: HTTPRequest.Method
    /// The path with its parameters in braces: `/v1.0/numbers/{id}`.
    package var path: String
    /// Its name in the OpenAPI document, unique.
    package var name: String
    /// The group it is shown in.
    package var tag: String
    /// What it does, in one line.
    package var summary: String
    /// Who may ask.
    package var access: Access
    /// The parameters of the query, in order; unknown ones are ignored.
    package var query: [QueryParameter]
    /// The body; nil when it takes none.
    package var body: Schema?
    /// The body of an answer with status 200; nil when it is empty.
    package var answer: Schema?
    /// The statuses of errors it may answer beside 401, 403, 429, 500 and 503.
    package var errors: [Int]
    /// The statuses among its errors that it answers without a body.
    package var bareErrors: [Int]
    /// Does it.
    package var handler: @Sendable (APICall) async throws -> APIAnswer

    /// Makes an operation.
    package init(
        _ method: HTTPRequest.Method,
        _ path: String,
        name: String,
        tag: String,
        summary: String,
        access: Access,
        query: [QueryParameter] = [],
        body: Schema? = nil,
        answer: Schema? = nil,
        errors: [Int] = [],
        bareErrors: [Int] = [],
        handler: @escaping @Sendable (APICall) async throws -> APIAnswer
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.tag = tag
        self.summary = summary
        self.access = access
        self.query = query
        self.body = body
        self.answer = answer
        self.errors = errors
        self.bareErrors = bareErrors
        self.handler = handler
    }
}

/// A parameter of the query.
package struct QueryParameter: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its form.
    package var schema: Schema
    /// What it is for.
    package var summary: String

    /// Makes a parameter.
    package init(_ name: String, _ schema: Schema, _ summary: String) {
        self.name = name
        self.schema = schema
        self.summary = summary
    }
}

/// What an operation answers.
package struct APIAnswer: Sendable {
    /// The HTTP status; the reference service's clients take 200 only for success.
    package var status: Int = 200
    /// The body; nil for none.
    package var body: JSONValue?
    /// Header fields beside Content-Type and the request's id.
    package var headers: [(String, String)] = []

    /// Makes an answer of status 200.
    package init(_ body: JSONValue? = nil) {
        self.body = body
    }
}

/// A resource of the API: some operations that belong together.
package protocol APIResource: Sendable {
    /// Its operations.
    static var operations: [Operation] { get }
    /// The schemas that its operations refer to by name, for the OpenAPI document's components.
    static var schemas: [(name: String, schema: Schema)] { get }
}
