// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallPolicy
import CallStore
import Foundation
import Logging
import TollgateConfiguration

extension GatewayServer {
    /// Makes the call API that the configuration asks for.
    ///
    /// - Throws: `GatewayStartError` when its secret or its authorities cannot be read; the writer is closed then.
    static func makeCallAPI(
        _ configuration: GatewayConfiguration,
        _ writer: StoreWriter,
        _ commits: HandOffCommits,
        _ relay: CompletionRelay,
        _ logger: Logger
    ) throws -> any CallAPI {
        guard configuration.callAPI.mode == .http else { return EmbeddedCallAPI(writer: writer) }
        do {
            let options = try HTTPCallAPIOptions(configuration)
            if options.credential != nil, options.isExposed {
                logger.warning(
                    "the credentials for the call API cross the network in clear text; use https in call_api.base_url"
                )
            }
            return HTTPCallAPI(
                options,
                writer: writer,
                commits: commits,
                sinks: (0..<configuration.shardCount).map { relay.admissions(of: $0) },
                logger: logger
            )
        } catch {
            writer.close()
            throw error
        }
    }
}

extension HTTPCallAPIOptions {
    /// Whether requests leave the machine unencrypted.
    fileprivate var isExposed: Bool {
        guard let parts = URLComponents(string: baseURL), parts.scheme?.lowercased() == "http" else { return false }
        let host = parts.host ?? ""
        return host != "localhost" && !host.hasPrefix("127.") && host != "::1" && host != "[::1]"
    }

    /// The options of the configuration, the secret read.
    init(_ configuration: GatewayConfiguration) throws {
        let settings = configuration.callAPI
        self.init(baseURL: settings.baseURL)
        credential = try settings.credential.map(CallAPICredential.init)
        userAgent = configuration.sip.userAgent
        if let file = settings.authorityFile {
            guard FileManager.default.isReadableFile(atPath: file) else {
                throw GatewayStartError(
                    "the authorities for the call API cannot be read from \(file); check call_api.ca_file",
                    exitCode: 78
                )
            }
            authorityFile = file
        }
        connectTimeout = settings.connectTimeout
        readTimeout = settings.readTimeout
        deadline = settings.deadline
        retries = settings.retries
        inFlight = settings.inFlight
        breaker.consecutiveFailures = settings.breaker.consecutiveFailures
        breaker.failurePercent = settings.breaker.failurePercent
        breaker.minimumRequests = settings.breaker.minimumRequests
        breaker.window = settings.breaker.window
        breaker.openTime = settings.breaker.openTime
        breaker.probes = settings.breaker.probes
        passesMessage = settings.passesMessage
        reportsEveryEnd = settings.ingressTrunk == nil
    }
}

extension CallAPICredential {
    /// Reads the secret from where the configuration says it is.
    init(_ source: CallAPICredentialSource) throws {
        let text: String?
        switch source.place {
        case .file(let path): text = try? String(contentsOfFile: path, encoding: .utf8)
        case .environment(let name): text = ProcessInfo.processInfo.environment[name]
        }
        let secret = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        let isPlain = secret.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, (1...4096).contains(secret.utf8.count) else {
            throw GatewayStartError(
                "the secret for the call API cannot be read from \(source.place); "
                    + "it must be there, on one line, without blanks, in at most 4096 printable ASCII characters",
                exitCode: 78
            )
        }
        self = source.isBearer ? .bearer(Secret(secret)) : .accessKey(Secret(secret))
    }
}

extension CallAPISettings {
    /// The trunks of the deployment: where an ingress takes all telephone calls, the others keep emergency calls.
    func trunks(_ stored: [Trunk]) -> [Trunk] {
        guard let ingressTrunk else { return stored }
        let kept = stored.map { trunk in
            var trunk = trunk
            trunk.emergency = .only
            return trunk
        }
        return kept + [ingressTrunk]
    }
}
