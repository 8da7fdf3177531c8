// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallPolicy
import CallStore
import Foundation
import TollgateConfiguration

/// `tollgate decide`: what the policy makes of one call, without placing it.
package struct DecideCommand: ReportingCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Judge one call by the policy, without placing it.",
        discussion: DecideHelp.discussion
    )

    /// Where the store is.
    @OptionGroup var location: StoreArguments

    /// A provisioning file in place of the store.
    @Option(name: .long, help: ArgumentHelp("Judge by this file in memory, without a store.", valueName: "file"))
    var provisioning: String?

    /// The call.
    @OptionGroup(title: "The call") var call: CallArguments

    /// JSON instead of text.
    @Flag(name: .long, help: "Print a JSON object.")
    var json = false

    /// Makes a command whose arguments are not yet read.
    package init() {}

    /// Judges the call.
    package func result() throws -> CommandResult {
        var diagnostics = ""
        let question = try call.question()
        let world = try world(&diagnostics)
        let attempt = try question.attempt(in: world)
        var usage = world.usage(of: attempt.caller)
        call.count(&usage, attempt.caller, in: world)
        let decision = PolicyEngine.decide(attempt, under: world.snapshot, counting: &usage, at: DecisionWorld.now)
        let report = DecisionReport(decision, on: attempt, in: world)
        return CommandResult(
            output: json ? try JSONText.pretty(report) : report.text,
            diagnostics: diagnostics,
            status: decision.approved == nil ? .rejected : .success
        )
    }

    private func world(_ diagnostics: inout String) throws -> DecisionWorld {
        let configuration = try location.configuration()
        if let provisioning { return try world(of: provisioning, configuration) }
        let path: String
        do { path = try location.path(configuration) } catch {
            throw ValidationError("Say what to judge by: --config FILE, --store PATH or --provisioning FILE.")
        }
        // Before the gateway's first start there is no store, but there is what it will be filled with.
        if let file = configuration?.provisioning, !FileManager.default.fileExists(atPath: path) {
            diagnostics = "tollgate: there is no store at `\(path)` yet; judged by \(file)\n"
            return try world(of: file, configuration)
        }
        let store = try CallStore.openExisting(path)
        defer { try? store.close() }
        let rules = configuration?.rules ?? DeploymentRules()
        var world = DecisionWorld(configuration, try store.loadSnapshot(rules: rules))
        try world.readUsage(store)
        return world
    }

    private func world(of path: String, _ configuration: GatewayConfiguration?) throws -> DecisionWorld {
        try InputFile.require(path)
        let context = configuration.map { ProvisioningFile.Context($0) }
        let file = try ProvisioningFile.load(path: path, in: context)
        let rules = configuration?.rules ?? DeploymentRules()
        return DecisionWorld(configuration, realm: file.realm, file.plan.snapshot(rules: rules))
    }
}

/// The call that `tollgate decide` judges.
struct CallArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The calling endpoint's user name.", valueName: "username"))
    var endpoint: String?

    @Option(name: .long, help: ArgumentHelp("The customer that calls through the control API.", valueName: "name"))
    var customer: String?

    @Option(
        name: .long,
        help: ArgumentHelp("What is called: a number, an extension or a URI.", valueName: "destination")
    )
    var to: String

    @Option(name: .long, help: ArgumentHelp("The number or name in From. (default: the endpoint)", valueName: "caller"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("The number in P-Preferred-Identity.", valueName: "number"))
    var preferredIdentity: String?

    @Option(name: .long, help: ArgumentHelp("The display name in From.", valueName: "name"))
    var displayName: String?

    @Option(name: .long, help: ArgumentHelp("The Privacy header field, as 'id;critical'.", valueName: "tokens"))
    var privacy: String?

    @Option(name: .long, help: "Hide the caller: auto, yes or no; yes and no only with --customer.")
    var anonymous = AnonymousSetting.auto

    @Option(name: .long, help: ArgumentHelp("A file with the session description offered.", valueName: "file"))
    var sdp: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Calls the caller has in progress, besides those in the store.", valueName: "count")
    )
    var callsInProgress = 0

    @Option(
        name: .long,
        help: ArgumentHelp("Calls the caller began this second, besides those in the store.", valueName: "count")
    )
    var callsThisSecond = 0

    @Option(name: .long, help: ArgumentHelp("A trunk to take as down; may be given several times.", valueName: "trunk"))
    var down: [String] = []

    /// Makes arguments that are not yet read.
    init() {}

    /// Refuses a call without a caller, and what an endpoint cannot ask for.
    func validate() throws {
        guard (endpoint == nil) != (customer == nil) else {
            throw ValidationError("Say who calls: --endpoint USERNAME, or --customer NAME for the control API.")
        }
        guard endpoint == nil || anonymous == .auto else {
            throw ValidationError("An endpoint asks to be hidden with --privacy id; --anonymous is for --customer.")
        }
        guard callsInProgress >= 0, callsThisSecond >= 0 else {
            throw ValidationError("--calls-in-progress and --calls-this-second count from 0.")
        }
    }

    /// Counts the calls that the command line tells of.
    func count(_ usage: inout CustomerUsage, _ caller: Caller, in world: DecisionWorld) {
        guard let (customer, endpoint) = world.limits(of: caller) else { return }
        var id: ResourceIdentifier?
        if case .endpoint(let calling) = caller { id = calling }
        for _ in 0..<min(callsThisSecond, 100_000) {
            _ = usage.admitCall(by: id, customer: customer, endpoint: endpoint, at: DecisionWorld.now)
        }
        for _ in 0..<min(callsInProgress, 1_000_000) { usage.callBegan(by: id) }
    }

    /// The question asked.
    func question() throws -> DecisionQuestion {
        let caller = endpoint.map { DecisionQuestion.Caller.endpoint($0) } ?? .customer(customer ?? "")
        var question = DecisionQuestion(caller: caller, destination: to)
        question.from = from
        question.preferredIdentity = preferredIdentity
        question.displayName = displayName
        question.privacy = privacy
        question.anonymous = anonymous
        question.offer = try sdp.map { try InputFile.read($0, limit: 65_535) }
        question.downTrunks = down
        return question
    }
}

extension AnonymousSetting: ExpressibleByArgument {}
