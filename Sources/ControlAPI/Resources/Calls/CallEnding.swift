// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallAPI
import CallLifecycle
import CallStore
import HTTPTypes

/// Ends and deletes calls.
enum CallEnding {
    /// `POST /calls/{id}/hangup`: a call that ends or has ended is answered as it is.
    static func hangUp(_ call: APICall) async throws -> APIAnswer {
        let found = try await CallReading.find(call)
        return APIAnswer(CallObject.json(try await ended(found, call.services)))
    }

    /// `DELETE /calls/{id}`: ends the call if need be, and hides it from then on.
    static func delete(_ call: APICall) async throws -> APIAnswer {
        let found = try await CallReading.find(call)
        var ended = try await ended(found, call.services)
        let now = call.services.now()
        try await call.services.store.deleteCall(ended.record.id, at: now)
        ended.deleted = now
        return APIAnswer(CallObject.json(ended))
    }

    private static func ended(_ call: StoredCall, _ services: APIServices) async throws -> StoredCall {
        switch call.record.status {
        case .terminating, .canceling, .hangup: return call
        case .dialing, .ringing, .progressing: break
        }
        let taken: CallStatus? =
            switch await services.commands.hangUp(call.record.id) {
            case .canceling: .canceling
            case .terminating: .terminating
            case .alreadyEnding, nil: nil
            }
        // The change is on its way to the store; what is there may be older or, by now, newer.
        var present = try await services.store.storedCall(call.record.id) ?? call
        if let taken, present.record.status.mayBecome(taken) {
            present.record.status = taken
            present.record.updated = max(present.record.updated, services.now())
        }
        return present
    }
}

/// What the reference service does with the media of a call, which do not pass here.
enum CallMedia {
    private static let paths = ["hold", "mute", "moh", "silence"]

    /// The operations; each answers 404 for an unknown call and else 400 `MEDIA_NOT_AVAILABLE`.
    static var operations: [Operation] {
        paths.flatMap { path in
            [
                refusing(.post, path, name: "\(path)Call"),
                refusing(.delete, path, name: "un\(path)Call"),
            ]
        } + [
            refusing(.post, "talk", name: "talkToCall"),
            refusing(.post, "recording_start", name: "startRecordingOfCall"),
            refusing(.post, "recording_stop", name: "stopRecordingOfCall"),
            refusing(.get, "media_stream", name: "streamMediaOfCall"),
        ]
    }

    private static func refusing(_ method: HTTPRequest.Method, _ path: String, name: String) -> Operation {
        Operation(
            method,
            "/v1.0/calls/{id}/\(path)",
            name: name,
            tag: "calls",
            summary: "Not available: media go from end to end, not through this gateway.",
            access: CallsResource.access,
            errors: [400, 404]
        ) { call in
            _ = try await CallReading.find(call)
            throw APIError(
                400,
                "INVALID_ARGUMENT",
                "MEDIA_NOT_AVAILABLE",
                "`\(path)` needs the media of the call, and this gateway carries signalling only"
            )
        }
    }
}
