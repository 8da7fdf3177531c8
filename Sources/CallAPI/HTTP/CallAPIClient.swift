// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CallPolicy
import Foundation
import MonotonicTime
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The connections to the outside service: one request at a time is put on one of them, and its answer read within
/// bounds.
struct CallAPIClient: Sendable {
    /// The longest answer that is read, in octets.
    static let longestAnswer = 64 << 10

    private let client: HTTPClient
    private let options: HTTPCallAPIOptions
    private let headers: HTTPHeaders
    private let query: String

    init(_ options: HTTPCallAPIOptions) {
        self.options = options
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: Self.configuration(options)
        )
        var headers = HTTPHeaders([("Content-Type", "application/json"), ("Accept", "application/json")])
        if !options.userAgent.isEmpty { headers.add(name: "User-Agent", value: options.userAgent) }
        switch options.credential {
        case .bearer(let secret)?:
            headers.add(name: "Authorization", value: "Bearer \(secret.revealed)")
            query = ""
        case .accessKey(let secret)?:
            query = "?accesskey=\(Self.escaped(secret.revealed))"
        case nil:
            query = ""
        }
        self.headers = headers
    }

    private static func configuration(_ options: HTTPCallAPIOptions) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = options.authorityFile { tls.trustRoots = .file(file) }
        var pool = HTTPClient.Configuration.ConnectionPool(
            idleTimeout: .seconds(30),
            // A slow answer must not keep another call waiting for a connection.
            concurrentHTTP1ConnectionsPerHostSoftLimit: max(1, options.inFlight) * 2
        )
        // The retry plan repeats, within the hand-off's time.
        pool.retryConnectionEstablishment = false
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: .milliseconds(options.connectTimeout.milliseconds),
                read: .milliseconds(options.readTimeout.milliseconds)
            ),
            connectionPool: pool
        )
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// Everything but RFC 3986's unreserved characters is escaped.
    private static func escaped(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    /// Sends one POST and waits for its answer.
    ///
    /// - Parameters:
    ///   - path: The path behind the base URL, beginning with a slash.
    ///   - body: The JSON body; empty for none.
    ///   - key: The idempotency key.
    ///   - time: How long it may take as a whole.
    /// - Returns: What came of it.
    func post(_ path: String, _ body: [UInt8], key: String, within time: Interval) async -> ServiceExchange {
        var headers = headers
        headers.add(name: "Idempotency-Key", value: key)
        do {
            let request = try HTTPClient.Request(
                url: options.baseURL + path + query,
                method: .POST,
                headers: headers,
                body: .byteBuffer(ByteBuffer(bytes: body))
            )
            let response = try await client.execute(
                request: request,
                delegate: ResponseAccumulator(request: request, maxBodySize: Self.longestAnswer),
                deadline: .now() + .milliseconds(max(1, time.milliseconds))
            ).get()
            return .answered(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "Retry-After"),
                body: response.body.map { Array($0.readableBytesView) } ?? []
            )
        } catch {
            return .failed(Self.fault(error), Self.words(error))
        }
    }

    private static func fault(_ error: any Error) -> ServiceFault {
        switch error {
        case is ResponseAccumulator.ResponseTooBigError: .tooLong
        case let error as HTTPClientError: fault(error)
        default: .connection
        }
    }

    private static func fault(_ error: HTTPClientError) -> ServiceFault {
        let timeouts: [HTTPClientError] = [
            .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout,
        ]
        if timeouts.contains(error) { return .timeout }
        let mistakes: [HTTPClientError] = [.invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown, .cancelled]
        return mistakes.contains(error) ? .request : .connection
    }

    private static func words(_ error: any Error) -> String {
        (error as? HTTPClientError)?.shortDescription ?? "\(error)"
    }

    /// Closes every connection; what is under way fails.
    func shutdown() async {
        try? await client.shutdown()
    }
}
