// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

@testable import ControlAPI

/// Holds answers against what the operations say of themselves.
enum DescribedAnswers {
    private static let operations = ControlAPI.operations
    private static let components = Dictionary(
        ControlAPI.resources.flatMap { $0.schemas }.map { ($0.name, $0.schema) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The operation that a request reaches; nil for none.
    private static func operation(_ method: HTTPRequest.Method, _ path: String) -> ControlAPIOperation? {
        let parts = path.split(separator: "?", maxSplits: 1)[0].split(separator: "/")
        let candidates = operations.filter { operation in
            let template = operation.path.split(separator: "/")
            return operation.method == method && template.count == parts.count
                && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        return candidates.min { $0.path.count(where: { $0 == "{" }) < $1.path.count(where: { $0 == "{" }) }
    }

    /// What of an answer is not as described.
    static func problems(of answer: APIHarness.Answer, to method: HTTPRequest.Method, _ path: String) -> [String] {
        guard let operation = operation(method, path) else { return [] }
        if answer.status == 200 {
            guard let schema = operation.answer else { return answer.text.isEmpty ? [] : ["a body where none is"] }
            return schema.problems(of: answer.body, components: components)
        }
        guard operation.errorStatuses.contains(answer.status) else {
            return ["the status \(answer.status) is not described"]
        }
        if operation.bareErrors.contains(answer.status) { return answer.text.isEmpty ? [] : ["a body where none is"] }
        return OpenAPIDocument.error.problems(of: answer.body, components: components)
    }
}

// Foundation has an `Operation`, too.
typealias ControlAPIOperation = Operation
