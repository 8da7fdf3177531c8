// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import ControlAPI

/// `tollgate customer`: those whose calls the gateway carries.
package struct CustomerCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "customer",
        abstract: "List, make, change, freeze and delete customers, over the control API.",
        discussion: """
            For a super admin. A new customer may call no country yet: `tollgate config set` opens some.

            EXAMPLES
              tollgate customer create --name acme
              tollgate config set --customer acme --whitelist us,gb
              tollgate customer freeze acme
            """,
        subcommands: [
            ListCommand<Customers>.self, ShowCommand<Customers>.self, CreateCommand<Customers>.self,
            UpdateCommand<Customers>.self, ActionCommand<Customers.Freeze>.self,
            ActionCommand<Customers.Recover>.self, DeleteCommand<Customers>.self,
        ]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Customers as the control API has them.
enum Customers: OperatedResource {
    typealias Filter = NoFilter
    typealias Creation = CustomerCreation
    typealias Changes = CustomerChanges

    static let kind = ResourceKind(
        command: "customer",
        noun: "customer",
        path: "/v1.0/customers",
        nameKeys: ["name"],
        columns: [
            .init("NAME", "name", least: 8), .init("STATUS", "status"),
            .init("IDENTITY", "identity_verification_status"), .init("SIP URIS", "may_call_sip_uris"),
            .init("EMAIL", "email", least: 8), .init("CREATED (UTC)", "tm_create"),
        ]
    )
    static let exampleName = "acme"
    static let creationExample = "--name acme --email noc@acme.example"
    static let changeExample = "acme --default-number +15551234567"
    static let creationNote = "A new customer may call no country yet: `tollgate config set` opens some."

    /// No calls and no requests until recovered.
    enum Freeze: ResourceAction {
        typealias Resource = Customers
        static let command = "freeze"
        static let abstract = "Freeze one customer: no calls, no requests, until `recover`."
        static let done = "frozen"
        static func request(_ id: String) -> (method: APIMethod, path: String, body: JSONValue?) {
            (.post, "\(Customers.kind.path)/\(id)/freeze", nil)
        }
    }

    /// Active again.
    enum Recover: ResourceAction {
        typealias Resource = Customers
        static let command = "recover"
        static let abstract = "Make one frozen customer active again."
        static let done = "active"
        static func request(_ id: String) -> (method: APIMethod, path: String, body: JSONValue?) {
            (.post, "\(Customers.kind.path)/\(id)/recover", nil)
        }
    }
}

/// What may be said of any customer.
struct CustomerFacts: ParsableArguments {
    @Option(help: "Anything worth noting.") var detail: String?
    @Option(help: "The customer's address for mail.") var email: String?
    @Option(help: "The customer's own telephone number.") var phoneNumber: String?
    @Option(help: "The customer's postal address.") var address: String?
    @Option(help: ArgumentHelp("How webhooks are sent: POST, GET, PUT or DELETE.", valueName: "method"))
    var webhookMethod: String?
    @Option(help: ArgumentHelp("Where webhooks are sent; empty for none.", valueName: "uri")) var webhookUri: String?
    @Option(help: ArgumentHelp("The file whose first line signs webhooks.", valueName: "file"))
    var webhookSecretFile: String?
    @Option(help: "initial, active, frozen or expired.") var status: String?
    @Option(help: ArgumentHelp("none, pending, verified or rejected.", valueName: "status"))
    var identityVerification: String?
    @Flag(inversion: .prefixedNo, help: "Whether calls may go to SIP URIs outside.") var sipUris: Bool?

    func fields() throws -> [BodyField?] {
        let secret = try webhookSecretFile.map { file in
            try PasswordPrompt.password(file: file, for: "webhooks", isNew: false)
        }
        return [
            .text("detail", detail), .text("email", email), .text("phone_number", phoneNumber),
            .text("address", address), .text("webhook_method", webhookMethod), .text("webhook_uri", webhookUri),
            .text("webhook_secret", secret), .text("status", status),
            .text("identity_verification_status", identityVerification), .boolean("may_call_sip_uris", sipUris),
        ]
    }
}

/// What a new customer is made of.
struct CustomerCreation: BodyArguments {
    @Option(help: "The name, unique in the deployment.") var name: String
    @OptionGroup var facts: CustomerFacts

    func fields() throws -> [BodyField?] { [.text("name", name)] + (try facts.fields()) }
}

/// What may change of a customer.
struct CustomerChanges: BodyArguments {
    @Option(help: "Another name, unique in the deployment.") var name: String?
    @Option(help: ArgumentHelp("The number shown when a caller's own is not valid, or `none`.", valueName: "number"))
    var defaultNumber: String?
    @OptionGroup var facts: CustomerFacts

    func fields() throws -> [BodyField?] {
        [.text("name", name), .reference("default_outgoing_source_number_id", defaultNumber, .number)]
            + (try facts.fields())
    }
}
