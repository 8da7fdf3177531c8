// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import ArgumentParser
import CallLifecycle
import CallPolicy
import CallStore
import TollgateConfiguration

/// `tollgate calls`: the record of every call, approved or rejected.
package struct CallsCommand: ParsableCommand {
    /// The name and the help text.
    package static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "List the calls on record, show one with the reasons for its decision, place and end calls.",
        discussion: """
            Every call that an endpoint tried is on record, rejected ones too, with the source it asked for, the \
            source that policy resolved, where it went and how it ended. A gateway may be running meanwhile; `place` and \
            `hangup` ask it over its control API, after `tollgate login`.

            EXAMPLES
              tollgate calls --config gateway.yaml
              tollgate calls --config gateway.yaml --endpoint alice --limit 5
              tollgate calls --config gateway.yaml --rejected --json-lines \\
                  | jq -r .rejecting_rule | sort | uniq -c
              tollgate calls show 01890a5d-ac96-774b-bcce-b302099a8057 \\
                  --config gateway.yaml
              tollgate calls place --to +442071838750 --from +15551234567
              tollgate calls hangup 01890a5d-ac96-774b-bcce-b302099a8057

            The exit status is 2 when the call or the endpoint asked for is not there, 66 when there is no store at \
            the path, and 73 or 74 when it cannot be opened or read.
            """,
        subcommands: [List.self, Show.self, PlaceCallCommand.self, HangUpCommand.self],
        defaultSubcommand: List.self
    )

    /// Makes the command; its subcommands have the arguments.
    package init() {}
}

extension CallsCommand {
    /// `tollgate calls list`, which plain `tollgate calls` stands for.
    package struct List: ReportingCommand {
        /// The name and the help text.
        package static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List calls, newest first. Plain `tollgate calls` does the same.",
            discussion: """
                On a terminal the table is fitted to the width: long cells end in `…`, and the call's identity always \
                stands whole in the last column, for `tollgate calls show`. Into a pipe nothing is cut.

                JSON
                  id, customer_id, endpoint_id, caller, source_asked, source,
                  is_anonymous, destination, destination_kind, country,
                  number_class, trunk, status, hangup_by, hangup_reason,
                  final_status, cause, is_approved, rejecting_rule,
                  endpoint_call_id, outbound_call_id, and the times created,
                  updated, ringing, progressing and hangup.
                A key without a value is left out.
                """
        )

        /// Where the store is.
        @OptionGroup var location: StoreArguments

        @Option(name: .shortAndLong, help: "How many calls at most.")
        var limit = 20

        @Option(
            name: .long,
            help: "Only calls in this state: \(CallStatus.allCases.map(\.name).joined(separator: ", "))."
        )
        var status: CallStatus?

        @Option(name: .long, help: ArgumentHelp("Only calls of this endpoint.", valueName: "username"))
        var endpoint: String?

        @Option(name: .long, help: ArgumentHelp("Only calls to exactly this destination.", valueName: "destination"))
        var destination: String?

        @Flag(name: .long, help: "Only calls that policy rejected.")
        var rejected = false

        @Flag(name: .long, help: "Print a JSON array.")
        var json = false

        @Flag(name: .long, help: "Print a JSON object a line.")
        var jsonLines = false

        /// Makes a command whose arguments are not yet read.
        package init() {}

        /// Refuses contradictions.
        package func validate() throws {
            guard limit > 0 else { throw ValidationError("--limit counts from 1.") }
            guard !json || !jsonLines else { throw ValidationError("Give either --json or --json-lines, not both.") }
        }

        /// Reads and prints the calls.
        package func result() throws -> CommandResult {
            let store = try CallStore.openExisting(location.path(location.configuration()))
            defer { try? store.close() }
            let records = try records(store, filter(store))
            if json { return CommandResult(output: try JSONText.pretty(records.map(CallReport.init))) }
            if jsonLines {
                return CommandResult(output: try records.map { try JSONText.line(CallReport($0)) }.joined())
            }
            return CommandResult(output: CallText.table(records, width: Terminal.width))
        }

        private func filter(_ store: CallStore) throws -> CallFilter {
            var filter = CallFilter()
            filter.status = status
            filter.destination = destination
            if rejected { filter.isApproved = false }
            if let endpoint {
                let snapshot = try store.loadSnapshot(rules: DeploymentRules())
                guard let found = snapshot.endpointsByUsername[endpoint] else {
                    let advice = "list calls without --endpoint to see who called"
                    throw CommandFailure("there is no endpoint `\(endpoint)`; \(advice)", status: .unanswerable)
                }
                filter.endpoint = found.id
            }
            return filter
        }

        /// The store gives at most a thousand calls at once.
        private func records(_ store: CallStore, _ filter: CallFilter) throws -> [CallRecord] {
            var records: [CallRecord] = []
            while records.count < limit {
                let wanted = min(limit - records.count, 1000)
                let page = try store.calls(limit: wanted, before: records.last?.id, filter: filter)
                records += page
                if page.count < wanted { break }
            }
            return records
        }
    }

    /// `tollgate calls show ID`.
    package struct Show: ReportingCommand {
        /// The name and the help text.
        package static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show everything about one call, with what each policy rule found.",
            discussion: """
                EXAMPLE
                  tollgate calls show 01890a5d-ac96-774b-bcce-b302099a8057 \\
                      --config gateway.yaml

                With --json the object has the keys of `calls list --json`, `attempts`, each with trunk, started, \
                ended, shown, asserted, privacy, status and cause, `findings`, each with rule, outcome and reason, and \
                `call_api_id` where an outside call API has taken the call.
                """
        )

        /// The call's identity.
        @Argument(help: ArgumentHelp("The call's identity, from the last column of the list.", valueName: "id"))
        var id: String

        /// Where the store is.
        @OptionGroup var location: StoreArguments

        @Flag(name: .long, help: "Print a JSON object.")
        var json = false

        /// Makes a command whose arguments are not yet read.
        package init() {}

        /// Reads and prints the call.
        package func result() throws -> CommandResult {
            guard let identifier = ResourceIdentifier(id) else {
                throw ValidationError("`\(id)` is not a call's identity; those have 36 characters, as `calls` shows.")
            }
            let store = try CallStore.openExisting(location.path(location.configuration()))
            defer { try? store.close() }
            guard let record = try store.call(identifier) else {
                let advice = "`tollgate calls` lists those that are"
                throw CommandFailure("the call \(id) is not on record; \(advice)", status: .unanswerable)
            }
            guard json else { return CommandResult(output: CallText.whole(record)) }
            var report = CallReport(record)
            report.addFindings(of: record)
            return CommandResult(output: try JSONText.pretty(report))
        }
    }
}

extension CallStatus: ExpressibleByArgument {
    /// Reads the state's name.
    package init?(argument: String) {
        self.init(name: argument)
    }

    /// The names, for help and completion.
    package static var allValueStrings: [String] { allCases.map(\.name) }
}
