// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Logging
import MonotonicTime
import Synchronization

/// Asks the outside service, repeats where that may help, and leaves the service alone while it fails.
final class HandOffService: Sendable {
    private let client: CallAPIClient
    private let options: HTTPCallAPIOptions
    private let plan: RetryPlan
    private let breaker: Mutex<CircuitBreaker>
    private let logger: Logger

    init(_ options: HTTPCallAPIOptions, logger: Logger) {
        client = CallAPIClient(options)
        self.options = options
        self.logger = logger
        plan = RetryPlan(retries: options.retries)
        breaker = Mutex(CircuitBreaker(options.breaker))
    }

    /// Asks for something, within the time of one hand-off.
    ///
    /// - Parameters:
    ///   - question: What kind of thing.
    ///   - path: The path behind the base URL.
    ///   - body: The JSON body; empty for none.
    ///   - key: The idempotency key, the same in every repetition.
    ///   - isWanted: Whether a repetition makes sense still.
    /// - Returns: What the last answer means, or that the service is not asked at all.
    func ask(
        for question: ServiceVerdict.Question,
        _ path: String,
        _ body: [UInt8],
        key: String,
        while isWanted: @Sendable () -> Bool
    ) async -> ServiceVerdict {
        let begun = Instant.present
        var attempts = 0
        var last: ServiceVerdict?
        while true {
            let admission = breaker.withLock { $0.admit(at: .present) }
            guard case .allowed(let permit) = admission else {
                guard case .refused(let time) = admission else { return .crowded }
                return last ?? .leftAlone(for: time)
            }
            let left = options.deadline.milliseconds - (Instant.present - begun).milliseconds
            let exchange = await client.post(path, body, key: key, within: .milliseconds(left))
            let verdict = ServiceVerdict(
                exchange,
                of: question,
                hiding: options.credential?.secret,
                passesMessage: options.passesMessage
            )
            note(verdict, permit)
            attempts += 1
            last = verdict
            let remaining = options.deadline.milliseconds - (Instant.present - begun).milliseconds
            guard let pause = plan.pause(after: attempts, verdict, remaining: .milliseconds(remaining)), isWanted()
            else { return verdict }
            try? await Task.sleep(for: .milliseconds(pause.milliseconds))
        }
    }

    private func note(_ verdict: ServiceVerdict, _ permit: CircuitBreaker.Permit) {
        let hasChanged = breaker.withLock { breaker in
            verdict.isFailure
                ? breaker.failed(permit, at: .present) : breaker.succeeded(permit, at: .present)
        }
        guard hasChanged else { return }
        if verdict.isFailure {
            logger.error(
                "the call API fails and is left alone for a while; calls are refused",
                metadata: [
                    "seconds": "\(options.breaker.openTime.milliseconds / 1000)",
                    "last": "\(verdict.refusal?.text ?? "")",
                    "detail": "\(verdict.detail ?? "")",
                ]
            )
        } else {
            logger.notice("the call API answers again")
        }
    }

    /// Closes every connection; what is under way fails.
    func shutdown() async {
        await client.shutdown()
    }
}

extension ServiceVerdict {
    /// What the caller is told; nil when the call was created.
    package var refusal: CallRefusal? {
        if case .refused(let refusal) = outcome { refusal } else { nil }
    }
}
