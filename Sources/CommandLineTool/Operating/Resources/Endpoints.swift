// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import ControlAPI

/// `tollgate endpoint`: the telephones and switches that place calls.
package struct EndpointCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "endpoint",
        abstract: "List, make, change and delete the SIP endpoints that place calls, over the control API.",
        discussion: """
            The API calls them extensions. Passwords are asked for, or read from a file or standard input; they are \
            never shown again.

            EXAMPLES
              tollgate endpoint create --username alice --number +15551234567
              tollgate endpoint update alice --new-password
              tollgate endpoint disable alice
            """,
        subcommands: [
            ListCommand<Endpoints>.self, ShowCommand<Endpoints>.self, CreateCommand<Endpoints>.self,
            UpdateCommand<Endpoints>.self, ActionCommand<Enable<Endpoints>>.self,
            ActionCommand<Disable<Endpoints>>.self, DeleteCommand<Endpoints>.self,
        ]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Endpoints as the control API has them.
enum Endpoints: OperatedResource {
    typealias Filter = CustomerFilter
    typealias Creation = EndpointCreation
    typealias Changes = EndpointChanges

    static let kind = ResourceKind(
        command: "endpoint",
        noun: "endpoint",
        path: "/v1.0/extensions",
        nameKeys: ["username", "extension"],
        columns: [
            .init("USERNAME", "username"), .init("EXTENSION", "extension"), .init("NUMBER", "number"),
            .init("DISPLAY NAME", "display_name", least: 8), .init("REGISTERS", "require_registration"),
            .init("ENABLED", "enabled"), .customer,
        ]
    )
    static let exampleName = "alice"
    static let creationExample = "--username alice --extension 1001 \\\n      --number +15551234567 --customer acme"
    static let changeExample = "alice --number +15551234568 --display-name Alice"
    static let creationNote = "The password is asked for, twice and without echo, unless --password-file names it."
}

/// What may be said of any endpoint.
struct EndpointFacts: ParsableArguments {
    @Option(name: .customLong("extension"), help: "What others of the customer dial; else the user name.")
    var mainExtension: String?
    @Option(help: ArgumentHelp("All that others dial, with commas between, or `none`.", valueName: "list"))
    var extensions: String?
    @Option(help: "A number of the customer, shown when a call asks for none; empty for none.") var number: String?
    @Option(help: "The name shown with the number.") var displayName: String?
    @Flag(inversion: .prefixedNo, help: "Whether calls need a registration.") var requireRegistration: Bool?
    @Option(
        help: ArgumentHelp(
            "Address blocks that stand for the password where no registration is needed, or `none`.",
            valueName: "list"
        )
    )
    var sourceAddresses: String?
    @Option(help: ArgumentHelp("A number of the customer, shown to emergency services.", valueName: "number"))
    var emergencyCallerId: String?
    @Flag(inversion: .prefixedNo, help: "Whether it may place calls.") var enabled: Bool?
    @Option(help: "What it is, in short.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    var fields: [BodyField?] {
        [
            .text("extension", mainExtension), .list("extensions", extensions), .text("number", number),
            .text("display_name", displayName), .boolean("require_registration", requireRegistration),
            .list("source_addresses", sourceAddresses), .text("emergency_caller_id", emergencyCallerId),
            .boolean("enabled", enabled), .text("name", name), .text("detail", detail),
        ]
    }
}

/// What a new endpoint is made of.
struct EndpointCreation: BodyArguments {
    @Option(help: "The SIP user name, unique in the deployment.") var username: String
    @Option(help: ArgumentHelp("The file whose first line is the password.", valueName: "file"))
    var passwordFile: String?
    @Option(help: "Whose it becomes, by name or id; for a super admin.") var customer: String?
    @OptionGroup var facts: EndpointFacts

    func fields() throws -> [BodyField?] {
        let password = try PasswordPrompt.password(file: passwordFile, for: username)
        return [
            .text("username", username), .text("password", password), .reference("customer_id", customer, .customer),
        ] + facts.fields
    }
}

/// What may change of an endpoint.
struct EndpointChanges: BodyArguments {
    @Option(help: "Another SIP user name, which needs a new password.") var username: String?
    @OptionGroup var password: NewPassword
    @OptionGroup var facts: EndpointFacts

    func fields() throws -> [BodyField?] {
        [.text("username", username), .text("password", try password.text(for: username ?? "the endpoint"))]
            + facts.fields
    }
}

/// A new password, when one is wanted.
struct NewPassword: ParsableArguments {
    @Flag(help: "Ask for a new password.") var newPassword = false
    @Option(help: ArgumentHelp("The file whose first line is the new password.", valueName: "file"))
    var passwordFile: String?

    /// The password; nil when none is wanted.
    func text(for username: String) throws -> String? {
        guard newPassword || passwordFile != nil else { return nil }
        return try PasswordPrompt.password(file: passwordFile, for: username)
    }
}
