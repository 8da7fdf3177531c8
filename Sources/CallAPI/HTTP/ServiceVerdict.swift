// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import CallPolicy
package import MonotonicTime

/// What one exchange with the outside service means for its call, its repetition and the breaker.
package struct ServiceVerdict: Hashable, Sendable {
    /// What becomes of the call.
    package enum Outcome: Hashable, Sendable {
        /// The service has created it.
        case created(CallAPIIdentifier)
        /// The service has taken note of something else.
        case heard
        /// It does not go out.
        case refused(CallRefusal)
    }

    /// What the service was asked for.
    package enum Question: Hashable, Sendable {
        /// To create a call, which its answer must name.
        case creation
        /// To end a call; one that is not there any more has ended.
        case ending
    }

    /// What becomes of the call, if the request is not repeated.
    package let outcome: Outcome
    /// Whether the service has failed, as the breaker counts it; a refusal is an answer like any other.
    package let isFailure: Bool
    /// Whether the same request may succeed when it is repeated with the same idempotency key.
    package let mayRepeat: Bool
    /// How long the service asks to be left alone; nil when it does not say.
    package let pause: Interval?
    /// The service's own words or those of its failure, fit for the log.
    package let detail: String?

    private init(
        _ outcome: Outcome,
        isFailure: Bool = false,
        mayRepeat: Bool = false,
        pause: Interval? = nil,
        detail: String? = nil
    ) {
        self.outcome = outcome
        self.isFailure = isFailure
        self.mayRepeat = mayRepeat
        self.pause = pause
        self.detail = detail
    }

    /// Judges an exchange.
    ///
    /// - Parameters:
    ///   - exchange: What came of the request.
    ///   - question: What the service was asked for.
    ///   - secret: What the service was shown, which no text may repeat.
    ///   - passesMessage: Whether the service's own words join the gateway's in Warning.
    package init(
        _ exchange: ServiceExchange,
        of question: Question = .creation,
        hiding secret: Secret?,
        passesMessage: Bool
    ) {
        switch exchange {
        case .failed(let fault, let words):
            self.init(
                .refused(CallRefusal(status: 503, text: Self.words(for: fault), retryAfter: Self.usualPause)),
                isFailure: fault != .request,
                mayRepeat: fault == .connection,
                detail: ServiceMessage.cleaned(words, without: secret)
            )
        case .answered(let status, let retryAfter, let body):
            if let outcome = Self.success(status, body, question) {
                self.init(outcome)
                return
            }
            let detail = CreatedCall.message(in: body).flatMap { ServiceMessage.cleaned($0, without: secret) }
            let seconds = retryAfter.flatMap(Self.seconds)
            let refusal = Self.refusal(status, seconds, message: passesMessage ? detail : nil)
            self.init(
                .refused(refusal),
                isFailure: (200..<400).contains(status) || status >= 500 || status < 200,
                mayRepeat: [502, 503, 504].contains(status) || (status == 429 && seconds != nil),
                pause: seconds.map { .seconds(Int64($0)) },
                detail: detail
            )
        }
    }

    private static func success(_ status: Int, _ body: [UInt8], _ question: Question) -> Outcome? {
        switch (question, status) {
        case (.creation, 200..<300): CreatedCall.identifier(in: body).map { .created($0) }
        case (.ending, 200..<300), (.ending, 404), (.ending, 409), (.ending, 410): .heard
        default: nil
        }
    }

    /// The verdict on a call that the service is not asked about, because it has failed too often.
    package static func leftAlone(for time: Interval) -> ServiceVerdict {
        let seconds = Int(clamping: (time.milliseconds + 999) / 1000)
        let text = "the call API has failed too often and is left alone for now"
        return ServiceVerdict(
            .refused(CallRefusal(status: 503, text: text, retryAfter: min(max(seconds, 1), longestPause)))
        )
    }

    /// The verdict on a call that comes while too many others wait.
    package static let crowded = ServiceVerdict(
        .refused(CallRefusal(status: 503, text: "too many calls wait for the call API", retryAfter: usualPause))
    )

    private static let usualPause = 5
    private static let longestPause = 3600

    /// The seconds of a Retry-After (RFC 9110 §10.2.3), held between 1 and 3600; a date is not read.
    private static func seconds(_ text: String) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) else {
            return nil
        }
        return Int(text).map { min(max($0, 1), longestPause) }
    }

    private static func refusal(_ status: Int, _ seconds: Int?, message: String?) -> CallRefusal {
        let words = Self.words(for: status)
        let text = message.map { "\(words): \($0)" } ?? words
        switch status {
        case 400, 401, 403, 409, 422: return CallRefusal(status: 403, text: text)
        case 402: return CallRefusal(status: 402, text: text)
        case 404: return CallRefusal(status: 404, text: text)
        default: return CallRefusal(status: 503, text: text, retryAfter: seconds ?? usualPause)
        }
    }

    private static func words(for status: Int) -> String {
        switch status {
        case 200..<300: "the answer of the call API names no call (HTTP \(status))"
        case 300..<400: "the call API answers with a redirection, which is not followed (HTTP \(status))"
        case 400, 409, 422: "the call API does not accept the call (HTTP \(status))"
        case 401: "the call API does not accept the credentials of the gateway (HTTP 401)"
        case 402: "the call API reports an insufficient balance (HTTP 402)"
        case 403: "the call API does not permit the call (HTTP 403)"
        case 404: "the call API does not find what the call needs (HTTP 404)"
        case 429: "the call API takes no more calls for now (HTTP 429)"
        case 400..<500: "the call API does not understand the gateway (HTTP \(status))"
        default: "the call API has failed (HTTP \(status))"
        }
    }

    private static func words(for fault: ServiceFault) -> String {
        switch fault {
        case .connection: "the call API cannot be reached"
        case .timeout: "the call API did not answer in time"
        case .tooLong: "the answer of the call API is too long"
        case .request: "the call API cannot be asked"
        }
    }
}
