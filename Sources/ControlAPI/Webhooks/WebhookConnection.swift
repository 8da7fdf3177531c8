// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CallPolicy
import CallStore
import Foundation
import MonotonicTime
import NIOCore
import NIOHTTP1

/// What became of an attempt to deliver an event.
enum WebhookOutcome: Hashable, Sendable {
    /// The customer's server took it.
    case delivered
    /// It will never be taken: why.
    case refused(String)
    /// It was not taken now: why.
    case failed(String)
}

/// A way to a customer's server: the name is resolved once, and only an address that was looked at is connected to.
struct WebhookConnection: Sendable {
    private let client: HTTPClient
    private let target: WebhookTarget
    private let timeout: Interval

    /// How to make connections.
    struct Options: Sendable {
        /// Where the client's sockets live.
        var group: any EventLoopGroup
        /// Whether addresses outside the public internet are allowed.
        var allowsPrivate: Bool
        /// How long one attempt may take.
        var timeout: Interval
        /// Finds a host's addresses.
        var resolve: @Sendable (String) async -> [ResolvedAddress] = HostResolver.addresses
    }

    /// Why there is no connection.
    struct Failure: Error {
        /// What an attempt over it would have come to.
        var outcome: WebhookOutcome
    }

    /// Prepares a connection; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - target: Where events go.
    ///   - attempt: How many attempts failed before: a host's addresses take turns.
    ///   - options: How.
    /// - Returns: The connection; whoever opened it closes it.
    /// - Throws: What an attempt would have come to, when no address may be connected to.
    static func open(
        _ target: WebhookTarget,
        attempt: Int,
        _ options: Options
    ) async throws(Failure) -> WebhookConnection {
        guard let url = URL(string: target.uri), let scheme = url.scheme?.lowercased(), var host = url.host,
            scheme == "http" || scheme == "https", !host.isEmpty
        else { throw Failure(outcome: .refused("the URI is not one of http or https")) }
        // The client knows an IPv6 address without its brackets.
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let addresses = await options.resolve(host)
        guard !addresses.isEmpty else { throw Failure(outcome: .failed("`\(host)` has no address")) }
        let allowed = addresses.filter { options.allowsPrivate || ReservedAddresses.arePublic($0.bits) }
        guard !allowed.isEmpty else {
            throw Failure(outcome: .refused("`\(host)` is at a private or reserved address, which is not allowed"))
        }
        let address = allowed[max(attempt, 0) % allowed.count]
        var configuration = HTTPClient.Configuration()
        // The client must not ask the resolver again: the next answer may be another. TLS still checks the name.
        configuration.dnsOverride = [host: address.text]
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .milliseconds(min(options.timeout.milliseconds, 10_000))
        return WebhookConnection(
            client: HTTPClient(eventLoopGroupProvider: .shared(options.group), configuration: configuration),
            target: target,
            timeout: options.timeout
        )
    }

    /// Sends one event.
    func send(_ message: WebhookMessage) async -> WebhookOutcome {
        var request = HTTPClientRequest(url: target.uri)
        request.method = HTTPMethod(rawValue: target.method)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "Tollgate")
        if let signature = message.signature {
            request.headers.add(name: "X-VoIPBIN-Signature", value: signature)
            request.headers.add(name: "X-Tollgate-Signature", value: signature)
        }
        request.body = .bytes(ByteBuffer(string: message.body))
        do {
            return Self.outcome(ofStatus: try await status(of: request))
        } catch {
            return .failed("\(error)")
        }
    }

    private func status(of request: HTTPClientRequest) async throws -> UInt {
        let (client, timeout) = (client, timeout)
        return try await withThrowingTaskGroup(of: UInt.self) { group in
            group.addTask {
                let response = try await client.execute(request, timeout: .milliseconds(timeout.milliseconds))
                // The connection serves the next event only when this answer has been read.
                _ = try? await response.body.collect(upTo: 65_536)
                return response.status.code
            }
            group.addTask {
                try await Task.sleep(for: .milliseconds(timeout.milliseconds))
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let status = try await group.next() else { throw CancellationError() }
            return status
        }
    }

    /// What a server's answer means: only its own trouble is worth another attempt.
    static func outcome(ofStatus status: UInt) -> WebhookOutcome {
        switch status {
        case 200..<300: .delivered
        case 500...: .failed("the server answered \(status)")
        default: .refused("the server answered \(status)")
        }
    }

    /// Gives the sockets back.
    func close() async {
        try? await client.shutdown()
    }
}
