// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import ControlAPI

/// `tollgate trunk`: the carriers that calls go to.
package struct TrunkCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "trunk",
        abstract: "List, make, change, switch and delete the trunks to carriers, over the control API.",
        discussion: """
            For a super admin. The API calls them providers. A trunk that is disabled takes no new calls; those \
            on it go on.

            EXAMPLES
              tollgate trunk create --name carrier --host sip.carrier.example
              tollgate trunk update carrier --codecs PCMA,PCMU --priority 10
              tollgate trunk disable carrier
            """,
        subcommands: [
            ListCommand<Trunks>.self, ShowCommand<Trunks>.self, CreateCommand<Trunks>.self,
            UpdateCommand<Trunks>.self, ActionCommand<Enable<Trunks>>.self, ActionCommand<Disable<Trunks>>.self,
            DeleteCommand<Trunks>.self,
        ]
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

/// Trunks as the control API has them.
enum Trunks: OperatedResource {
    typealias Filter = NoFilter
    typealias Creation = TrunkCreation
    typealias Changes = TrunkChanges

    static let kind = ResourceKind(
        command: "trunk",
        noun: "trunk",
        path: "/v1.0/providers",
        nameKeys: ["name"],
        columns: [
            .init("NAME", "name", least: 8), .init("HOST", "hostname", least: 12), .init("TRANSPORT", "transport"),
            .init("PRIORITY", "priority"), .init("WEIGHT", "weight"), .init("CODECS", "codecs", least: 6),
            .init("ENABLED", "enabled"), .customer,
        ]
    )
    static let exampleName = "carrier"
    static let creationExample = """
        --name carrier --host sip.carrier.example \\
              --transport tcp --codecs PCMA,PCMU --tech-prefix 77#
        """
    static let changeExample = "carrier --priority 10"
}

/// What may be said of any trunk.
struct TrunkFacts: ParsableArguments {
    @Option(help: "The name, unique; else the host's.") var name: String?
    @Option(help: "udp, tcp or dns, which leaves it to DNS.") var transport: String?
    @Option(help: "What stands before the number in the Request-URI.") var techPrefix: String?
    @Option(help: "What stands after the number in the Request-URI.") var techPostfix: String?
    @Option(
        name: .customLong("header"),
        help: ArgumentHelp(
            "A header field of every INVITE, as 'Name: value'; may be repeated. All replace those there were; `none` "
                + "removes them.",
            valueName: "header"
        )
    )
    var headers: [String] = []
    @Option(help: ArgumentHelp("Encoding names with commas between; `all` for no restriction.", valueName: "list"))
    var codecs: String?
    @Option(help: "Lower is tried first.") var priority: Int?
    @Option(help: "The share among trunks of one priority.") var weight: Int?
    @Option(help: "Whom it is reserved for, by name or id, or `none`.") var customer: String?
    @Flag(inversion: .prefixedNo, help: "Whether it takes calls.") var enabled: Bool?
    @Option(help: "Whether it takes emergency calls: no, also or only.") var emergency: String?
    @Option(
        help: ArgumentHelp("What trust in it rests on, such as private_network; empty for none.", valueName: "word")
    )
    var trustBasis: String?
    @Option(help: ArgumentHelp("What the trust rests on, in words.", valueName: "text")) var trustNote: String?
    @Option(help: "The name that answers the carrier's challenges; empty for none.") var username: String?
    @Option(help: ArgumentHelp("The file whose first line is the password for the carrier.", valueName: "file"))
    var passwordFile: String?
    @Option(help: "Anything worth noting.") var detail: String?

    func fields(host: String?) throws -> [BodyField?] {
        let password = try passwordFile.map { file in
            try PasswordPrompt.password(file: file, for: username ?? "the carrier", isNew: false)
        }
        return [
            .text("name", name), .text("hostname", host), .text("transport", transport),
            .text("tech_prefix", techPrefix), .text("tech_postfix", techPostfix), try headerField(),
            .text("codecs", codecs == "all" ? "" : codecs), .integer("priority", priority),
            .integer("weight", weight), .reference("customer_id", customer, .customer), .boolean("enabled", enabled),
            .text("emergency", emergency), .text("trust_basis", trustBasis), .text("trust_note", trustNote),
            .text("username", username), .text("password", password), .text("detail", detail),
        ]
    }

    private func headerField() throws -> BodyField? {
        guard !headers.isEmpty else { return nil }
        var members: [(String, JSONValue)] = []
        for header in headers where headers != ["none"] {
            guard let colon = header.firstIndex(of: ":"), colon > header.startIndex else {
                throw ValidationError("`\(header)` is no header field: write it like 'X-Account: 4711'.")
            }
            let value = header[header.index(after: colon)...].drop { $0 == " " }
            members.append((String(header[..<colon]), .string(String(value))))
        }
        return BodyField(key: "tech_headers", value: .json(.object(JSONObject(members))))
    }
}

/// What a new trunk is made of.
struct TrunkCreation: BodyArguments {
    @Option(help: "A host name or an address, perhaps with a port; a name without one is located by DNS.")
    var host: String
    @OptionGroup var facts: TrunkFacts

    func fields() throws -> [BodyField?] { try facts.fields(host: host) }
}

/// What may change of a trunk.
struct TrunkChanges: BodyArguments {
    @Option(help: "Another host name or address, perhaps with a port.") var host: String?
    @OptionGroup var facts: TrunkFacts

    func fields() throws -> [BodyField?] { try facts.fields(host: host) }
}
