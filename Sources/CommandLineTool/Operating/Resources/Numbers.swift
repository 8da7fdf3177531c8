// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import ControlAPI

/// `tollgate number`: what numbers are, and which of them customers may show.
package struct NumbersCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "number",
        abstract: "Show how numbers are read; over the control API, list, add and give up customers' numbers.",
        discussion: """
            Plain `tollgate number NUMBER` stands for `tollgate number read NUMBER`, which asks nobody. The others \
            are about the numbers that a customer's calls may be shown to come from.

            EXAMPLES
              tollgate number --region KR 010-1234-5678
              tollgate number list
              tollgate number create +15551234567 --customer acme
            """,
        subcommands: [
            NumberCommand.self, ListCommand<Numbers>.self, ShowCommand<Numbers>.self, CreateCommand<Numbers>.self,
            UpdateCommand<Numbers>.self, DeleteCommand<Numbers>.self,
        ],
        defaultSubcommand: NumberCommand.self
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Numbers as the control API has them.
enum Numbers: OperatedResource {
    typealias Filter = CustomerFilter
    typealias Creation = NumberCreation
    typealias Changes = NumberChanges

    static let kind = ResourceKind(
        command: "number",
        noun: "number",
        path: "/v1.0/numbers",
        nameKeys: ["number"],
        columns: [
            .init("NUMBER", "number"), .init("TYPE", "type"), .init("NAME", "name", least: 6), .customer,
            .init("CREATED (UTC)", "tm_create"),
        ]
    )
    static let exampleName = "+15551234567"
    static let creationExample = "+15551234567 --customer acme"
    static let changeExample = "+15551234567 --name 'front desk'"
}

/// What a new number is made of.
struct NumberCreation: BodyArguments {
    @Argument(help: "The number: `+`, the country code and the rest, digits only.") var number: String
    @Option(help: "normal, or virtual for one that begins with +899.") var type: String?
    @Option(help: "Whose it becomes, by name or id; for a super admin.") var customer: String?
    @Option(help: "What it is for, in short.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields() -> [BodyField?] {
        [
            .text("number", number), .text("type", type), .reference("customer_id", customer, .customer),
            .text("name", name), .text("detail", detail),
        ]
    }
}

/// What may change of a number.
struct NumberChanges: BodyArguments {
    @Option(help: "What it is for, in short.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields() -> [BodyField?] { [.text("name", name), .text("detail", detail)] }
}
