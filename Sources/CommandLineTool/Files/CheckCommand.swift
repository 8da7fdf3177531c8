// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallStore
import TollgateConfiguration

/// `tollgate check`: everything that is wrong with configuration and provisioning files.
package struct CheckCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check configuration and provisioning files without starting anything.",
        discussion: """
            Every problem is printed with its file, line and column, and with what to write instead; all problems of \
            all files at once. Files in order are answered with an `ok:` line. A provisioning file that the \
            configuration names is checked with it.

            EXAMPLES
              tollgate check --config gateway.yaml
              tollgate check --config gateway.yaml --provisioning customers.yaml
              tollgate check --provisioning customers.yaml

            A provisioning file with passwords needs a realm: its own `realm:`, or that of --config.
            The exit status is 0 when all files are in order and 78 otherwise.
            """
    )

    /// The gateway's configuration.
    @Option(name: .long, help: ArgumentHelp("The configuration that `tollgate serve` reads.", valueName: "file"))
    var config: String?

    /// Provisioning files.
    @Option(name: .long, help: ArgumentHelp("A provisioning file; may be given several times.", valueName: "file"))
    var provisioning: [String] = []

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Refuses to check nothing.
    package func validate() throws {
        guard config != nil || !provisioning.isEmpty else {
            throw ValidationError("Name what to check: --config FILE, --provisioning FILE, or both.")
        }
    }

    /// Checks all files.
    package func result() throws -> CommandResult {
        var check = FileCheck()
        if let config { check.configuration(config) }
        for file in provisioning { check.provisioning(file) }
        return check.result
    }
}

/// Checks files one after the other and gathers what there is to say.
struct FileCheck {
    private(set) var result = CommandResult()
    private var checked: Set<String> = []
    private var context: ProvisioningFile.Context?
    private var isRealmUnknown = false

    /// Checks a configuration, and the provisioning file it names.
    mutating func configuration(_ path: String) {
        do {
            let configuration = try GatewayConfiguration.load(path: path)
            context = ProvisioningFile.Context(configuration)
            pass(path, Self.words(for: configuration))
            if let file = configuration.provisioning { provisioning(file) }
        } catch {
            isRealmUnknown = true
            fail(error)
        }
    }

    /// Checks a provisioning file, once.
    mutating func provisioning(_ path: String) {
        guard checked.insert(path).inserted else { return }
        do {
            pass(path, Self.words(for: try load(path)))
        } catch {
            fail(error)
        }
    }

    /// With a broken configuration the gateway's realm is not known, and a file that counts on it is not to blame.
    private func load(_ path: String) throws(ConfigurationProblems) -> ProvisioningFile {
        do {
            return try ProvisioningFile.load(path: path, in: context)
        } catch {
            guard isRealmUnknown else { throw error }
            let assumed = ProvisioningFile.Context(GatewayConfiguration())
            do {
                return try ProvisioningFile.load(path: path, in: assumed)
            } catch let other {
                throw error.problems.count <= other.problems.count ? error : other
            }
        }
    }

    private mutating func pass(_ path: String, _ words: String) {
        result.output += "ok: \(path): \(words)\n"
    }

    private mutating func fail(_ problems: ConfigurationProblems) {
        result.diagnostics += problems.description + "\n"
        result.status = .configuration
    }

    private static func words(for configuration: GatewayConfiguration) -> String {
        let listeners = PlainText.count(configuration.sip.listeners.count, "listener")
        return "\(listeners), realm \(configuration.sip.realm), store \(configuration.store.path)"
    }

    private static func words(for file: ProvisioningFile) -> String {
        let customers = file.plan.customers
        let parts = [
            PlainText.count(customers.count, "customer"),
            PlainText.count(customers.reduce(0) { $0 + $1.endpoints.count }, "endpoint"),
            PlainText.count(customers.reduce(0) { $0 + $1.numbers.count }, "number"),
            PlainText.count(file.plan.trunks.count, "trunk"),
        ]
        return parts.joined(separator: ", ")
    }
}
