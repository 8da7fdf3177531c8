// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `tollgate accesskey`: what programs use the control API with.
package struct AccessKeyCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "accesskey",
        abstract: "List, make, rename and delete the keys by which programs use the control API.",
        discussion: """
            For a customer's admin: a key may do what such an admin may. Its token is shown once, when it is made; \
            give it to programs in TOLLGATE_ACCESSKEY.

            EXAMPLES
              tollgate accesskey create --name ci --days 30
              tollgate accesskey list
              tollgate accesskey delete ci
            """,
        subcommands: [
            ListCommand<AccessKeys>.self, ShowCommand<AccessKeys>.self, CreateCommand<AccessKeys>.self,
            UpdateCommand<AccessKeys>.self, DeleteCommand<AccessKeys>.self,
        ]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Access keys as the control API has them.
enum AccessKeys: OperatedResource {
    typealias Filter = NoFilter
    typealias Creation = AccessKeyCreation
    typealias Changes = AccessKeyChanges

    static let kind = ResourceKind(
        command: "accesskey",
        noun: "access key",
        path: "/v1.0/accesskeys",
        nameKeys: ["name", "token_prefix"],
        columns: [
            .init("NAME", "name", least: 6), .init("BEGINS WITH", "token_prefix"),
            .init("EXPIRES (UTC)", "tm_expire"), .init("CREATED (UTC)", "tm_create"),
        ]
    )
    static let exampleName = "ci"
    static let creationExample = "--name ci --days 30"
    static let changeExample = "ci --detail 'the nightly build'"
    static let creationNote = "Its token is shown this once: only its hash is stored."
}

/// What a new access key is made of.
struct AccessKeyCreation: BodyArguments {
    @Option(help: "What it is called.") var name: String
    @Option(help: "How many days it holds.") var days = 365
    @Option(help: "Anything worth noting.") var detail: String?

    func validate() throws {
        guard (1...36_500).contains(days) else { throw ValidationError("--days takes 1 to 36500.") }
    }

    func fields() -> [BodyField?] {
        [.text("name", name), .integer("expire", days * 86_400), .text("detail", detail)]
    }
}

/// What may change of an access key.
struct AccessKeyChanges: BodyArguments {
    @Option(help: "What it is called.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields() -> [BodyField?] { [.text("name", name), .text("detail", detail)] }
}
