// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import MonotonicTime

extension GatewayConfiguration {
    /// Reads a file; throws everything that is wrong with it.
    package static func load(path: String) throws(ConfigurationProblems) -> GatewayConfiguration {
        try decode(ConfigurationFile(path: path))
    }

    /// Decodes a file that is already in memory; throws everything that is wrong with it.
    package static func decode(_ file: ConfigurationFile) throws(ConfigurationProblems) -> GatewayConfiguration {
        let log = ProblemLog(file: file.name)
        var configuration = GatewayConfiguration()
        if let document = YAMLDocument(file, log: log) {
            _ = Fields.decode(document.root, name: "the file", log: log) { fields in
                configuration.decode(fields)
                configuration.checkDemoTrunk(fields)
                configuration.checkControlAPI(fields)
            }
        }
        try log.check()
        configuration.provisioning = configuration.provisioning.map(file.resolve)
        configuration.callAPI.resolveFiles(file.resolve)
        configuration.security.resolve(file.resolve)
        for index in configuration.sip.listeners.indices {
            configuration.sip.listeners[index].security?.resolve(file.resolve)
        }
        return configuration
    }

    private mutating func decode(_ fields: Fields) {
        sip = fields.section("sip", SIPSettings.init) ?? sip
        security = fields.section("tls", SecuritySettings.init) ?? security
        shards = fields.value("shards", .shards) ?? shards
        timers = fields.section("timers", TimerSettings.init) ?? timers
        dns = fields.section("dns", NameServerSettings.init) ?? dns
        limits = fields.section("limits", LimitSettings.init) ?? limits
        digest = fields.section("digest", DigestSettings.init) ?? digest
        registrar = fields.section("registrar", RegistrarSettings.init) ?? registrar
        store = fields.section("store", StoreSettings.init) ?? store
        logging = fields.section("logging", LoggingSettings.init) ?? logging
        policy = fields.section("policy", PolicySettings.init) ?? policy
        callAPI = fields.section("call_api", CallAPISettings.init) ?? callAPI
        demoTrunk = fields.section("demo_trunk", DemoTrunkSettings.init) ?? demoTrunk
        controlAPI = fields.section("control_api", ControlAPIConfiguration.init)
        provisioning = fields.value("provisioning", .text(1...4096))
        greeting = fields.value("greeting", .lines(1...4096))
        drain = fields.value("drain_seconds", .seconds(0...3600)) ?? drain
    }

    private func checkControlAPI(_ fields: Fields) {
        guard let api = controlAPI, api.isEnabled else { return }
        let taken = sip.listeners.contains { listener in
            listener.transport != .udp && listener.port == api.port && listener.address == api.address
        }
        guard taken else { return }
        let place = "\(api.address) port \(api.port)"
        fields.fault(
            "control_api",
            "the control API and a listener both want \(place)",
            "give it another port, as 8080"
        )
    }

    private func checkDemoTrunk(_ fields: Fields) {
        let taken = sip.listeners.contains { listener in
            listener.transport == .udp && listener.port == demoTrunk.port && listener.address == demoTrunk.address
        }
        guard demoTrunk.isEnabled, taken else { return }
        let place = "\(demoTrunk.address) port \(demoTrunk.port)"
        fields.fault("demo_trunk", "the demo trunk and a listener both want \(place)", "give it another port, as 5070")
    }
}

extension ScalarType where Value == ShardCount {
    fileprivate static var shards: ScalarType {
        let integer = ScalarType<Int>.integer(1...256)
        return ScalarType("`auto` or a whole number") { text throws(ScalarFault) in
            if text == "auto" { return .automatic }
            do throws(ScalarFault) {
                return .exactly(try integer.convert(text))
            } catch {
                throw ScalarFault(error.message, "write `auto`, or " + error.remedy)
            }
        }
    }
}
