// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import ControlAPI

/// What a control API answered, or something else at its address.
struct APIResponse: Sendable {
    /// The HTTP status.
    var status: Int
    /// The seconds of the header field Retry-After.
    var retryAfter: Int?
    /// The body.
    var body: [UInt8]

    /// The body of a success.
    func read(of address: APIAddress) throws(CommandFailure) -> JSONValue {
        guard let value = JSONValue(parsing: body) else {
            throw CommandFailure("what answers at \(address.text) is no control API; check --url", status: .unavailable)
        }
        return value
    }

    /// What a refusal says: the API's words with the field they are about, and what to do about missing rights.
    func failure(of address: APIAddress) -> CommandFailure {
        let error = JSONValue(parsing: body)?.members
        guard let error, let reason = error["error"]?.text, let message = error["message"]?.text else {
            let words = "what answers at \(address.text) is no control API (HTTP status \(status)); check --url"
            return CommandFailure(words, status: .unavailable)
        }
        var words = PlainText.harmless(message)
        let fields = (error["details"]?.elements ?? []).compactMap { $0.members?["field"]?.text }
        if let field = fields.first, !words.contains("`\(field)`") { words += " (`\(PlainText.harmless(field))`)" }
        switch status {
        case 401: words += "\nLog in with `tollgate login`, or give TOLLGATE_TOKEN or TOLLGATE_ACCESSKEY."
        case 429: words += retryAfter.map { "; in \(PlainText.count($0, "second"))" } ?? ""
        case 500...599:
            if let id = error["request_id"]?.text { words += "\nThe request's id is \(PlainText.harmless(id))." }
        default: break
        }
        let isMissing = status == 404 && reason != "ROUTE_NOT_FOUND"
        if reason == "ROUTE_NOT_FOUND" { words += "; the gateway at \(address.text) is of another version" }
        return CommandFailure(words, status: isMissing ? .unanswerable : .rejected)
    }
}
