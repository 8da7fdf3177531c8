// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CallControl
import CallPolicy
import CallStore
import DigestAuthentication
import DryRun
import Foundation
import SIPParser
import TollgateConfiguration

/// A policy to judge a capture by: as decisions are reported, and as the dry run needs it.
struct JudgingWorld {
    var decision: DecisionWorld
    var dryRun: DryRunWorld
    /// What stands in for what was not given, for people.
    var remark: String?
}

/// Where a policy is: a configuration, a provisioning file, a store.
struct PolicyFiles {
    var config: String?
    var provisioning: String?
    var store: String?
    /// Names that mean the gateway besides those of the configuration.
    var domains: [String] = []

    /// Loads the policy.
    ///
    /// - Throws: `CommandFailure`, `ConfigurationProblems`, `CallStoreError`, or `ValidationError` when nothing names a
    ///   policy.
    func load() throws -> JudgingWorld {
        var world = try loadPolicy()
        world.decision.localNames.formUnion(domains.map { $0.lowercased() })
        world.dryRun.localNames = world.decision.localNames
        return world
    }

    private func loadPolicy() throws -> JudgingWorld {
        var configuration: GatewayConfiguration?
        if let config {
            try InputFile.require(config)
            configuration = try GatewayConfiguration.load(path: config)
        }
        if let provisioning { return try load(provisioning, configuration) }
        guard let path = store ?? configuration?.store.path else {
            throw ValidationError("Say what to judge by: --config FILE, --provisioning FILE or --store PATH.")
        }
        // Before the gateway's first start there is no store, but there is what it will be filled with.
        if store == nil, let file = configuration?.provisioning, !FileManager.default.fileExists(atPath: path) {
            var world = try load(file, configuration)
            world.remark = "there is no store at `\(path)` yet; judged by \(file)"
            return world
        }
        let opened = try CallStore.openExisting(path)
        defer { try? opened.close() }
        let rules = rules(configuration)
        let decision = DecisionWorld(configuration, try opened.loadSnapshot(rules: rules))
        let credentials = try opened.loadCredentials().mapValues(HA1Set.init)
        let dryRun = DryRunWorld(decision, configuration, realm: configuration?.sip.realm, credentials)
        return JudgingWorld(decision: decision, dryRun: dryRun)
    }

    private func rules(_ configuration: GatewayConfiguration?) -> DeploymentRules {
        var rules = configuration?.rules ?? DeploymentRules()
        rules.localNames.formUnion(domains.map { $0.lowercased() })
        return rules
    }

    private func load(_ path: String, _ configuration: GatewayConfiguration?) throws -> JudgingWorld {
        try InputFile.require(path)
        let context = configuration.map { ProvisioningFile.Context($0) }
        let file = try ProvisioningFile.load(path: path, in: context)
        let rules = rules(configuration)
        let decision = DecisionWorld(configuration, realm: file.realm, file.plan.snapshot(rules: rules))
        var credentials: [String: HA1Set] = [:]
        for endpoint in file.plan.customers.flatMap(\.endpoints) {
            guard case .replace(let stored) = endpoint.credentials else { continue }
            credentials[endpoint.username] = HA1Set(stored)
        }
        let dryRun = DryRunWorld(decision, configuration, realm: file.realm, credentials)
        return JudgingWorld(decision: decision, dryRun: dryRun)
    }
}

extension DryRunWorld {
    /// The gateway that a configuration describes, or the one of the defaults.
    fileprivate init(
        _ decision: DecisionWorld,
        _ configuration: GatewayConfiguration?,
        realm: String?,
        _ credentials: [String: HA1Set]
    ) {
        let gateway = configuration ?? GatewayConfiguration()
        var addresses: [SIPTransportProtocol: LocalAddress] = [:]
        for listener in gateway.sip.listeners where addresses[listener.transport] == nil {
            let host = listener.advertisedAddress ?? listener.address
            addresses[listener.transport] = LocalAddress(host: host, port: UInt16(clamping: listener.port))
        }
        self.init(
            snapshot: decision.snapshot,
            credentials: credentials,
            realm: realm,
            localNames: decision.localNames,
            settings: CallSettings(
                dialTimeout: gateway.timers.dialTimeout,
                maximumDuration: gateway.timers.maximumCallDuration,
                sessionInterval: gateway.timers.sessionInterval,
                gatewayHost: decision.gatewayHost,
                userAgent: gateway.sip.userAgent,
                passedHeaders: Set(gateway.policy.passHeaders.map { $0.lowercased() })
            ),
            reader: MessageReader(limits: ScannerLimits(gateway.limits)),
            localAddresses: addresses
        )
    }
}

extension ScannerLimits {
    fileprivate init(_ limits: LimitSettings) {
        self.init(
            headerLines: limits.maximumHeaderLines,
            listElements: limits.maximumListElements,
            parameters: limits.maximumParameters,
            headerBytes: limits.maximumHeaderBytes,
            messageBytes: limits.maximumMessageBytes
        )
    }
}
