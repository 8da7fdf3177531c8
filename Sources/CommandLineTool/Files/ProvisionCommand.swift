// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallStore
import MonotonicTime
import TollgateConfiguration

/// `tollgate provision`: makes the store hold what a file declares.
package struct ProvisionCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "provision",
        abstract: "Make the store hold what a provisioning file declares.",
        discussion: """
            The file says what should be there: customers, endpoints, numbers and trunks. What differs is changed in \
            one transaction and printed, a change a line; `nothing to change` when all is as declared. Things that \
            the file does not name stay, unless it says `prune: true`. Passwords are stored as hashes for the \
            gateway's realm.

            EXAMPLES
              tollgate provision customers.yaml --config gateway.yaml
                  customer acme: created
                  endpoint alice: created
                  number +15551234567: created
              tollgate provision customers.yaml --store /var/lib/tollgate/tollgate.db
                  the file must then name its `realm:` if it holds passwords
              tollgate provision customers.yaml --config gateway.yaml --dry-run
                  what would change; nothing is

            A gateway may be running; send it SIGHUP afterwards, so that it takes the changes over.
            The exit status is 66 when the file cannot be read, 78 when it is wrong (nothing is changed then), 73 when \
            the store cannot be opened and 74 when it fails.
            """
    )

    /// The provisioning file.
    @Argument(help: ArgumentHelp("The provisioning file.", valueName: "file"))
    var file: String

    /// Where the store is.
    @OptionGroup var location: StoreArguments

    @Flag(name: .long, help: "Tell what would change, and change nothing; the store must be there.")
    var dryRun = false

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Applies the file.
    package func result() throws -> CommandResult {
        let configuration = try location.configuration()
        let path = try location.path(configuration)
        try InputFile.require(file)
        let context = configuration.map { ProvisioningFile.Context($0) }
        let plan = try ProvisioningFile.load(path: file, in: context).plan
        let changes = try dryRun ? preview(plan, path) : apply(plan, path)
        guard !changes.isEmpty else { return CommandResult(output: "nothing to change\n") }
        return CommandResult(output: changes.map { PlainText.harmless($0.description) + "\n" }.joined())
    }
    private func apply(_ plan: ProvisioningPlan, _ path: String) throws -> [ProvisioningChange] {
        StoreDirectory.make(for: path)
        let store = try CallStore.open(path)
        defer { try? store.close() }
        return try store.apply(plan, at: .current)
    }

    private func preview(_ plan: ProvisioningPlan, _ path: String) throws -> [ProvisioningChange] {
        let store = try CallStore.openExisting(path)
        defer { try? store.close() }
        return try store.preview(plan, at: .current)
    }
}
