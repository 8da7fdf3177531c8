// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CommandLineTool

/// The command `tollgate`.
@main
struct Tollgate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tollgate",
        abstract: "A SIP gateway for outbound calls that decides who may call where, and what the callee sees.",
        discussion: """
            GETTING STARTED
              tollgate serve --config config/demo.yaml
                  a gateway with two accounts and a trunk that answers
              tollgate check --config gateway.yaml
                  what is wrong with a configuration, line by line
              tollgate decide --config config/demo.yaml --endpoint alice --to 1002
                  what the policy makes of a call, and why
              tollgate dry-run calls.pcap --config config/demo.yaml
                  what the policy makes of every call in a capture
              tollgate replay calls.pcap --to 127.0.0.1 --config config/demo.yaml
                  what a running gateway makes of the same calls, really placed
              tollgate calls --config config/demo.yaml
                  who called whom, and how it ended

            RUNNING A DEPLOYMENT, over the control API
              tollgate login --username ops
                  for all commands below, and `calls place` and `calls hangup`
              tollgate customer create --name acme
                  then `number`, `endpoint`, `trunk`, `route`, `agent`, `accesskey`
              tollgate config set --customer acme --whitelist us,gb
                  which countries a customer may call, by which codecs

            `tollgate help SUBCOMMAND` explains each with examples.

            \(CommandStatus.explanation)
            """,
        version: ProductVersion.text,
        subcommands: [
            ServeCommand.self, CheckCommand.self, ProvisionCommand.self, InitCommand.self, DecideCommand.self,
            DryRunCommand.self, ReplayCommand.self, CallsCommand.self, NumbersCommand.self, LoginCommand.self,
            CustomerCommand.self, ConfigCommand.self, EndpointCommand.self, TrunkCommand.self, RouteCommand.self,
            AgentCommand.self, AccessKeyCommand.self, VersionCommand.self,
        ]
    )
}
