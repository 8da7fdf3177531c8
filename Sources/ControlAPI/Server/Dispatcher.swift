// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallStore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Leads requests to operations: who asks, may they, what do they ask; and answers in the documented form.
struct Dispatcher: Sendable {
    let services: APIServices
    let gate: RequestGate

    /// The router of all operations.
    func router(_ operations: [Operation]) -> Router<APIRequestContext> {
        let router = Router(context: APIRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.addMiddleware {
            CORSMiddleware(
                allowOrigin: .all,
                allowHeaders: [.origin, .init("X-Requested-With") ?? .accept, .contentType, .accept, .authorization],
                allowMethods: [.post, .get, .put, .delete, .patch, .head, .options],
                allowCredentials: false,
                maxAge: .hours(12)
            )
            UnroutedMiddleware(dispatcher: self)
        }
        for operation in operations {
            router.on(RouterPath(operation.path), method: operation.method) { request, context in
                await respond(to: request, context, operation)
            }
        }
        return router
    }

    private func respond(to request: Request, _ context: APIRequestContext, _ operation: Operation) async -> Response {
        let requestID = RequestIdentifier.choose(request.headers[.xRequestID])
        do {
            let caller = try await gate.admit(request, context, operation, services)
            let call = APICall(
                services: services,
                caller: caller,
                requestID: requestID,
                parameters: Dictionary(
                    context.parameters.map { (String($0.key), String($0.value)) },
                    uniquingKeysWith: { first, _ in first }
                ),
                query: Dictionary(
                    request.uri.queryParameters.map { (String($0.key), String($0.value)) },
                    uniquingKeysWith: { first, _ in first }
                ),
                headers: request.headers,
                body: try await body(of: request, operation),
                remoteHost: context.remoteHost
            )
            return Self.response(try await operation.handler(call), requestID)
        } catch {
            return failure(error, requestID, operation)
        }
    }

    private func body(of request: Request, _ operation: Operation) async throws -> BodyReader {
        guard operation.body != nil else { return BodyReader(JSONObject()) }
        var request = request
        // Whoever is not known yet has no long body to send.
        let most = min(services.settings.maximumBodyBytes, operation.access == .open ? 16_384 : .max)
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(upTo: most)
        } catch {
            throw APIError(
                413,
                "INVALID_ARGUMENT",
                "BODY_TOO_LARGE",
                "the body may have \(most) octets at most"
            )
        }
        guard buffer.readableBytes > 0 else { return BodyReader(JSONObject()) }
        guard case .object(let object)? = JSONValue(parsing: Array(buffer.readableBytesView)) else {
            throw APIError.invalidJSON
        }
        return BodyReader(object)
    }

    /// The answer to an error; one that is no `APIError` is logged, and its words stay inside.
    func failure(_ error: any Error, _ requestID: String, _ operation: Operation? = nil) -> Response {
        let known = error as? APIError ?? inside(error, requestID, operation)
        let isBare = operation?.bareErrors.contains(known.httpStatus) == true
        var answer = APIAnswer()
        if !isBare { answer.body = known.body(requestID: requestID) }
        answer.status = known.httpStatus
        if let seconds = known.retryAfter { answer.headers.append(("Retry-After", "\(seconds)")) }
        return Self.response(answer, requestID)
    }

    private func inside(_ error: any Error, _ requestID: String, _ operation: Operation?) -> APIError {
        services.logger.error(
            "control API",
            metadata: ["operation": "\(operation?.name ?? "none")", "request": "\(requestID)", "reason": "\(error)"]
        )
        switch error as? CallStoreError {
        case .diskFull, .notWritable, .lockedByAnotherProcess, .closed:
            return .unavailable("the store cannot be used at the moment; try again later")
        default:
            return .fault
        }
    }

    private static func response(_ answer: APIAnswer, _ requestID: String) -> Response {
        var headers = HTTPFields()
        headers[.xRequestID] = requestID
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        let status = HTTPResponse.Status(code: answer.status)
        guard let body = answer.body else { return Response(status: status, headers: headers) }
        headers[.contentType] = "application/json; charset=utf-8"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: body.serialized))
        )
    }
}

/// Answers what no operation is for in the API's own form.
private struct UnroutedMiddleware: RouterMiddleware {
    let dispatcher: Dispatcher

    func handle(
        _ request: Request,
        context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return dispatcher.failure(
                APIError.routeNotFound,
                RequestIdentifier.choose(request.headers[.xRequestID])
            )
        }
    }
}

extension HTTPField.Name {
    /// The request's id, both ways.
    static var xRequestID: HTTPField.Name { .init("X-Request-Id") ?? .via }
}
