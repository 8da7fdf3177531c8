// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import SIPMessage

/// Composes what a client answers to the live server.
struct AnswerComposer {
    let requests: RequestComposer
    /// Where requests come from, for `received` and `rport`.
    let source: RequestSource

    /// An answer without anything but what every response repeats, and a body.
    func answer(
        _ status: Int,
        to request: SIPMessage,
        tag: [UInt8]?,
        like captured: SIPMessage? = nil,
        body: SIPMessage? = nil
    ) -> [UInt8] {
        let template = ResponseTemplate(request, source: source)
        let phrase: String? =
            if let captured, case .response(_, let reason) = captured.startLine { captured.text(reason) } else { nil }
        var composer = template.start(status: status, reason: phrase, toTag: tag)
        composer.copyFields(.recordRoute, of: request)
        if let captured {
            for field in captured.fields { append(&composer, field, of: captured) }
        } else if request.method == .invite, status < 300 {
            composer.append("Contact: <sip:\(requests.local.sentBy)")
            composer.append(requests.transport == .tcp ? ";transport=tcp>\r\n" : ">\r\n")
        }
        if let described = captured ?? body, !described.body.isEmpty {
            if captured == nil { composer.copyFields(.contentType, of: described) }
            composer.finish(body: described.bytes, described.body)
        } else {
            composer.finish()
        }
        return composer.bytes
    }

    private func append(_ composer: inout MessageComposer, _ field: HeaderField, of captured: SIPMessage) {
        switch field.name {
        case .via, .from, .to, .callID, .cseq, .recordRoute, .contentLength, .rseq: break
        // Reliable provisional responses are answered for here, not repeated out of the capture.
        case .require where captured.lists("100rel", in: .require): break
        case .contact: requests.appendContact(&composer, field, of: captured)
        default: composer.appendRaw(field, of: captured)
        }
    }
}
