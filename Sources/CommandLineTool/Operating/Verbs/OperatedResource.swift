// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What a kind of thing needs for its commands: what it is, what narrows a list, and what bodies say.
protocol OperatedResource {
    associatedtype Filter: ListFilter
    associatedtype Creation: BodyArguments
    associatedtype Changes: BodyArguments

    /// What it is.
    static var kind: ResourceKind { get }
    /// The arguments of an example of `create`, laid out for 76 columns.
    static var creationExample: String { get }
    /// The arguments of an example of `update`, with the name.
    static var changeExample: String { get }
    /// What stands for one in examples.
    static var exampleName: String { get }
    /// What else a person should know who makes one.
    static var creationNote: String { get }
}

extension OperatedResource {
    static var creationNote: String { "" }

    /// How one is named in an argument.
    static var nameHelp: ArgumentHelp {
        let names = kind.nameKeys.map { $0.replacing("_", with: " ") }.joined(separator: " or ")
        return ArgumentHelp("The \(kind.noun), by id\(names.isEmpty ? "" : " or " + names).", valueName: kind.command)
    }
}

/// Arguments that narrow a list.
protocol ListFilter: ParsableArguments {
    /// The parameters of the query.
    func query(_ lookup: ResourceLookup) async throws -> [(String, String)]
}

/// Lists that are not narrowed.
struct NoFilter: ListFilter {
    func query(_ lookup: ResourceLookup) async throws -> [(String, String)] { [] }
}

/// Lists that may be one customer's.
struct CustomerFilter: ListFilter {
    @Option(
        name: .long,
        help: ArgumentHelp("Only this customer's, by name or id; for a super admin.", valueName: "customer")
    )
    var customer: String?

    func query(_ lookup: ResourceLookup) async throws -> [(String, String)] {
        guard let customer else { return [] }
        return [("customer_id", try await lookup.identifier(customer, of: Customers.kind))]
    }
}
