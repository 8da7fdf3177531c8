// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser

/// `tollgate agent`: the people who may use the control API.
package struct AgentCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "List, make, change and delete the people who may use the control API.",
        discussion: """
            For a super admin. An admin has everything of one customer, a manager its calls, numbers and endpoints. \
            Passwords are asked for, or read from a file or standard input.

            EXAMPLES
              tollgate agent create --username jane --role admin --customer acme
              tollgate agent create --username ops2 --role super-admin
              tollgate agent update jane --new-password
            """,
        subcommands: [
            ListCommand<Agents>.self, ShowCommand<Agents>.self, CreateCommand<Agents>.self,
            UpdateCommand<Agents>.self, DeleteCommand<Agents>.self,
        ]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Agents as the control API has them.
enum Agents: OperatedResource {
    typealias Filter = CustomerFilter
    typealias Creation = NewAgentArguments
    typealias Changes = AgentChangeArguments

    static let kind = ResourceKind(
        command: "agent",
        noun: "agent",
        path: "/v1.0/agents",
        nameKeys: ["username"],
        columns: [
            .init("USERNAME", "username"),
            .init("ROLES", .made { AgentRoleWord.words(of: $0.integer("permission") ?? 0) }),
            .init("NAME", "name", least: 6), .customer, .init("CREATED (UTC)", "tm_create"),
        ]
    )
    static let exampleName = "jane"
    static let creationExample = "--username jane --role admin --customer acme"
    static let changeExample = "jane --role admin --role manager"
    static let creationNote = "The password is asked for, twice and without echo, unless --password-file names it."
}

/// What an agent may do, as an argument names it.
enum AgentRoleWord: String, CaseIterable, ExpressibleByArgument {
    case superAdmin = "super-admin"
    case admin
    case manager
    case agent

    /// The bit of `permission`.
    var permission: Int64 {
        switch self {
        case .superAdmin: 1
        case .agent: 16
        case .admin: 32
        case .manager: 64
        }
    }

    /// The roles that a permission grants, as people read them.
    static func words(of permission: Int64) -> String {
        allCases.filter { permission & $0.permission != 0 }.map(\.rawValue).joined(separator: ", ")
    }

    /// The sum of roles; nil for none.
    static func sum(_ roles: [AgentRoleWord]) -> Int? {
        roles.isEmpty ? nil : Int(roles.reduce(0) { $0 | $1.permission })
    }
}

/// What a new agent is made of.
struct NewAgentArguments: BodyArguments {
    @Option(help: "The name to log in with.") var username: String
    @Option(name: .customLong("role"), help: "What the agent may do; may be repeated.") var roles: [AgentRoleWord]
    @Option(help: "Whose agent, by name or id; not for a super admin.") var customer: String?
    @Option(help: "The agent's own name.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?
    @Option(help: ArgumentHelp("The file whose first line is the password.", valueName: "file"))
    var passwordFile: String?

    func fields() throws -> [BodyField?] {
        let password = try PasswordPrompt.password(file: passwordFile, for: username)
        return [
            .text("username", username), .text("password", password),
            .integer("permission", AgentRoleWord.sum(roles)), .reference("customer_id", customer, .customer),
            .text("name", name), .text("detail", detail),
        ]
    }
}

/// What may change of an agent.
struct AgentChangeArguments: BodyArguments {
    @Option(name: .customLong("role"), help: "What the agent may do from now on; may be repeated.")
    var roles: [AgentRoleWord] = []
    @OptionGroup var password: NewPassword
    @Option(help: "The agent's own name.") var name: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields() throws -> [BodyField?] {
        [
            .integer("permission", AgentRoleWord.sum(roles)),
            .text("password", try password.text(for: "the agent")), .text("name", name), .text("detail", detail),
        ]
    }
}
