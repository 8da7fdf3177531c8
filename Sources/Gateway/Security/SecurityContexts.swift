// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import Logging
import TollgateConfiguration
import TransportLayerSecurity

/// The certificates and rules of TLS in force, shared by all shards and replaced whole.
struct SecurityContexts: Sendable {
    /// By the listener's place in the configuration.
    private(set) var listeners: [Int: Stamped<TLSServerContext>] = [:]
    /// For connections to addresses that are no trunk's.
    private(set) var general: Stamped<TLSClientContext>?
    private(set) var trunks: [ResourceIdentifier: Stamped<TLSClientContext>] = [:]

    /// A context with the state of its files when they were read.
    struct Stamped<Context: Sendable>: Sendable {
        let context: Context
        let stamps: [FileStamp]
    }

    /// What listeners begin with.
    var servers: [Int: TLSServerContext] { listeners.mapValues(\.context) }

    /// Makes no contexts.
    init() {}

    /// Reads all files. What has not changed since `previous` stays the very same context, so that connections and
    /// sessions made with it go on being used.
    ///
    /// - Parameters:
    ///   - configuration: Names listeners and defaults.
    ///   - trunks: The trunks of the policy.
    ///   - previous: The contexts in force; each of them stays where its successor cannot be made, with a line in the
    ///     log that says why. Nil at the start.
    ///   - logger: Told about trunks that cannot be reached by TLS, and about what stays.
    /// - Throws: `GatewayStartError` at the start, for a listener's certificate or the defaults.
    init(
        _ configuration: GatewayConfiguration,
        trunks: [Trunk],
        previous: SecurityContexts?,
        _ logger: Logger
    ) throws {
        let defaults = configuration.security
        for (place, listener) in configuration.sip.listeners.enumerated() {
            guard let security = listener.security else { continue }
            let settings = TLSServerSettings(security, defaults)
            let what = "listener \(listener.address):\(listener.port)"
            listeners[place] = try Self.renew(previous?.listeners[place], settings.files, what, logger, previous) {
                $0.settings == settings
            } make: { () throws(TLSSettingsError) in
                try TLSServerContext(settings)
            }
        }
        let settings = TLSClientSettings(defaults)
        general = try Self.renew(previous?.general, settings.files, "section `tls`", logger, previous) {
            $0.settings == settings
        } make: { () throws(TLSSettingsError) in
            try TLSClientContext(settings)
        }
        for trunk in trunks where trunk.transport == .tls {
            self.trunks[trunk.id] = Self.context(of: trunk, defaults, previous, logger)
        }
    }

    private static func context(
        of trunk: Trunk,
        _ defaults: SecuritySettings,
        _ previous: SecurityContexts?,
        _ logger: Logger
    ) -> Stamped<TLSClientContext>? {
        let settings = TLSClientSettings(trunk.security, defaults)
        // A trunk's fault must not keep the gateway from starting: the trunk alone cannot be reached then.
        let old = previous?.trunks[trunk.id]
        return try? renew(old, settings.files, "trunk \(trunk.name)", logger, previous ?? SecurityContexts()) {
            $0.settings == settings
        } make: { () throws(TLSSettingsError) in
            try TLSClientContext(settings)
        }
    }

    private static func renew<Context: Sendable>(
        _ old: Stamped<Context>?,
        _ files: [String],
        _ what: String,
        _ logger: Logger,
        _ previous: SecurityContexts?,
        isSame: (Context) -> Bool,
        make: () throws(TLSSettingsError) -> Context
    ) throws -> Stamped<Context>? {
        let stamps = files.map(FileStamp.init)
        if let old, old.stamps == stamps, isSame(old.context) { return old }
        do throws(TLSSettingsError) {
            return Stamped(context: try make(), stamps: stamps)
        } catch {
            guard previous != nil else { throw GatewayStartError("\(what): \(error)", exitCode: 78) }
            logger.error(
                old == nil ? "TLS cannot be used" : "certificates not reloaded, the former ones stay",
                metadata: ["for": "\(what)", "reason": "\(error)"]
            )
            return old
        }
    }
}

extension TLSServerSettings {
    /// A listener's settings, with the defaults where it has none.
    fileprivate init(_ listener: ListenerSecurity, _ defaults: SecuritySettings) {
        self.init(
            identity: TLSIdentity(listener.identity),
            domains: listener.domains.mapValues { TLSIdentity($0) },
            clientCertificates: ClientCertificates(listener.clientCertificates),
            common: TLSCommonSettings(
                defaults,
                authorities: listener.authorities,
                version: listener.minimumVersion
            )
        )
    }

    fileprivate var files: [String] {
        let identities = [identity] + domains.sorted { $0.key < $1.key }.map(\.value)
        return identities.flatMap { [$0.certificate, $0.key] } + common.files
    }
}

extension TLSClientSettings {
    /// The settings of connections to addresses that are no trunk's.
    fileprivate init(_ defaults: SecuritySettings) {
        self.init(
            identity: defaults.identity.map { TLSIdentity($0) },
            verifies: defaults.verifies,
            allowsWildcards: defaults.allowsWildcards,
            common: TLSCommonSettings(defaults)
        )
    }

    /// A trunk's settings, with the defaults where it has none.
    fileprivate init(_ trunk: TrunkSecurity, _ defaults: SecuritySettings) {
        self.init(defaults)
        if let certificate = trunk.certificate, let key = trunk.key {
            identity = TLSIdentity(certificate: certificate, key: key)
        }
        verifies = trunk.verifies
        if let authorities = trunk.authorities { common.authorities = authorities }
    }

    fileprivate var files: [String] {
        (identity.map { [$0.certificate, $0.key] } ?? []) + common.files
    }
}

extension TLSCommonSettings {
    fileprivate init(_ defaults: SecuritySettings, authorities own: String? = nil, version: MinimumTLSVersion? = nil) {
        self.init()
        authorities = own ?? defaults.authorities
        revocationLists = defaults.revocationLists
        if let list = defaults.ciphers { ciphers = list }
        switch version ?? defaults.minimumVersion {
        case .version12: minimumVersion = .version12
        case .version13: minimumVersion = .version13
        }
    }

    fileprivate var files: [String] { [authorities, revocationLists].compactMap { $0 } }
}

extension TLSIdentity {
    fileprivate init(_ files: CertificateFiles) {
        self.init(certificate: files.certificate, key: files.key)
    }
}

extension ClientCertificates {
    fileprivate init(_ demand: ClientCertificateDemand) {
        self =
            switch demand {
            case .none: .none
            case .request: .request
            case .require: .require
            }
    }
}
