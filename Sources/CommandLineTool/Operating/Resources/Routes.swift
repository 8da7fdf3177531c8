// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `tollgate route`: which calls take which trunk.
package struct RouteCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "List, make, change and delete the routes of calls to trunks, over the control API.",
        discussion: """
            For a super admin. Where no route applies, trunks are tried by their own priority and weight.

            EXAMPLES
              tollgate route create --target +44 --trunk carrier --priority 1
              tollgate route create --target all --trunk spare --customer acme
              tollgate route list --customer acme
            """,
        subcommands: [
            ListCommand<Routes>.self, ShowCommand<Routes>.self, CreateCommand<Routes>.self,
            UpdateCommand<Routes>.self, DeleteCommand<Routes>.self,
        ]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Routes as the control API has them.
enum Routes: OperatedResource {
    typealias Filter = CustomerFilter
    typealias Creation = RouteCreation
    typealias Changes = RouteChanges

    static let kind = ResourceKind(
        command: "route",
        noun: "route",
        path: "/v1.0/routes",
        nameKeys: ["name"],
        columns: [
            .init("TARGET", "target"), .init("PRIORITY", "priority"),
            .init("TRUNK", .reference("provider_id", .trunk), least: 8), .init("NAME", "name", least: 6), .customer,
        ]
    )
    static let exampleName = "britain"
    static let creationExample = "--target +44 --trunk carrier --name britain"
    static let changeExample = "britain --trunk spare"
}

/// What a new route is made of.
struct RouteCreation: BodyArguments {
    @Option(help: "`all`, or `+` and the first digits of the numbers, such as a country's calling code.")
    var target: String
    @Option(help: "The trunk that the calls take, by name or id.") var trunk: String
    @Option(help: "Whose calls, by name or id; every customer's when left out.") var customer: String?
    @Option(help: "Lower is tried first.") var priority: Int?
    @Option(help: "What it is called.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields() -> [BodyField?] {
        [
            .text("target", target), .reference("provider_id", trunk, .trunk),
            .reference("customer_id", customer, .customer), .integer("priority", priority), .text("name", name),
            .text("detail", detail),
        ]
    }
}

/// What may change of a route.
struct RouteChanges: BodyArguments {
    @Option(help: "`all`, or `+` and the first digits of the numbers.") var target: String?
    @Option(help: "The trunk that the calls take, by name or id.") var trunk: String?
    @Option(help: "Lower is tried first.") var priority: Int?
    @Option(help: "What it is called.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields() -> [BodyField?] {
        [
            .text("target", target), .reference("provider_id", trunk, .trunk), .integer("priority", priority),
            .text("name", name), .text("detail", detail),
        ]
    }
}
