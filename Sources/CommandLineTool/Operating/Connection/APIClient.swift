// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ControlAPI
import Foundation
import NIOCore
import NIOHTTP1

/// What is done to a thing of the API.
enum APIMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
}

/// Asks a control API.
struct APIClient: Sendable {
    /// The longest answer that is read, in octets.
    private static let longestAnswer = 16 << 20
    /// How long one request may take.
    private static let patience = TimeAmount.seconds(30)
    /// The longest that is waited for when there were too many requests, in seconds.
    private static let longestWait = 10

    private let client: HTTPClient
    private let address: APIAddress
    private let credential: APICredential?

    /// Asks with a client that is closed afterwards.
    static func with<Result: Sendable>(
        _ connection: (address: APIAddress, credential: APICredential?),
        _ work: (APIClient) async throws -> Result
    ) async throws -> Result {
        try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            try await work(APIClient(client: client, address: connection.address, credential: connection.credential))
        }
    }

    private static var configuration: HTTPClient.Configuration {
        var pool = HTTPClient.Configuration.ConnectionPool()
        // A gateway that is not there is told at once.
        pool.retryConnectionEstablishment = false
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5), read: .seconds(30)),
            connectionPool: pool
        )
        configuration.httpVersion = .http1Only
        return configuration
    }

    /// Asks once, and again after the time that the API names when there were too many requests.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - path: The path, beginning with a slash.
    ///   - query: The parameters of the query.
    ///   - body: The body; nil for none.
    ///   - bareRefusal: What a 400 without a body means.
    /// - Returns: The body of the answer.
    /// - Throws: `CommandFailure` with what the API says, or why there is no answer.
    func ask(
        _ method: APIMethod,
        _ path: String,
        query: [(String, String)] = [],
        body: JSONValue? = nil,
        bareRefusal: String? = nil
    ) async throws -> JSONValue {
        var attempts = 5
        while true {
            attempts -= 1
            let answer = try await once(method, path + URLText.query(query), body)
            if (200...299).contains(answer.status) { return try answer.read(of: address) }
            if let bareRefusal, answer.status == 400, answer.body.isEmpty {
                throw CommandFailure(bareRefusal, status: .rejected)
            }
            guard answer.status == 429, attempts > 0, let wait = answer.retryAfter, wait <= Self.longestWait else {
                throw answer.failure(of: address)
            }
            try await Task.sleep(for: .seconds(wait))
        }
    }

    private func once(_ method: APIMethod, _ target: String, _ body: JSONValue?) async throws -> APIResponse {
        var request = HTTPClientRequest(url: address.text + target)
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "tollgate/\(ProductVersion.text)")
        if let credential { request.headers.add(name: credential.header.name, value: credential.header.value) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.serialized))
        }
        do {
            let response = try await client.execute(request, timeout: Self.patience)
            let bytes = try await response.body.collect(upTo: Self.longestAnswer)
            return APIResponse(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "Retry-After").flatMap { Int($0) },
                body: Array(bytes.readableBytesView)
            )
        } catch {
            throw unreachable(error)
        }
    }

    private func unreachable(_ error: any Error) -> CommandFailure {
        let words =
            switch error {
            case let error as HTTPClientError: error.shortDescription
            case let error as IOError: String(cString: strerror(error.errnoCode))
            default: "\(error)"
            }
        return CommandFailure(
            """
            the control API at \(address.text) does not answer (\(PlainText.harmless(words)))
            Start the gateway with `tollgate serve --config FILE`, with a section `control_api: {}` in the file, \
            or say where it is with --url or TOLLGATE_URL.
            """,
            status: .unavailable
        )
    }
}

extension APIClient {
    /// The rows of a list, newest first, page after page until there are `limit`.
    ///
    /// - Returns: The rows, and whether there are more.
    func list(
        _ path: String,
        query: [(String, String)] = [],
        limit: Int
    ) async throws -> (rows: [JSONValue], hasMore: Bool) {
        var rows: [JSONValue] = []
        var token = ""
        while rows.count < limit {
            let size = min(100, limit - rows.count)
            var page = query + [("page_size", "\(size)")]
            if !token.isEmpty { page.append(("page_token", token)) }
            let answer = try await ask(.get, path, query: page)
            let found = answer.members?["result"]?.elements ?? []
            rows += found.prefix(size)
            let next = answer.members?["next_page_token"]?.text ?? ""
            // A token that does not move on would be followed for ever.
            guard !next.isEmpty, !found.isEmpty, next != token else { return (rows, false) }
            token = next
        }
        return (rows, true)
    }
}
