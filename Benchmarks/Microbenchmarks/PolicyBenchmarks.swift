// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy
import DigestAuthentication
import MonotonicTime
import NumberingPlan
import SIPMessage
import SIPTransaction
import SessionDescription

/// Deciding about calls, and what decides with it.
enum PolicyBenchmarks {
    /// All of them.
    static func all(_ inputs: Inputs) -> [Microbenchmark] {
        [
            lookup(inputs), canonicalise(), dialPlan(), decide(inputs), decideLimited(inputs), filter(inputs),
            verify(.md5), verify(.sha256), timer(),
        ]
    }

    private static func lookup(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("number lookup", figure: 200) { _ in
            let numbers = inputs.numbers
            return { Int(NumberingPlan.classify(numbers[$0 & 15]).callingCode ?? 0) }
        }
    }

    private static func canonicalise() -> Microbenchmark {
        Microbenchmark("canonicalise a number") { _ in
            let spellings = [
                "+15559876543", "+1-555-987-6543", "%2B15559876543", "+15559876543;npdi;rn=+15550001111",
            ].map { Array($0.utf8) }
            return { number in
                switch NumberCanonicaliser.canonicalise(user: spellings[number & 3]) {
                case .number(let canonical): Int(truncatingIfNeeded: canonical.value)
                case .notInternational, .refused: throw BenchmarkError("a spelling is refused")
                }
            }
        }
    }

    private static func decide(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("whole decision", figure: 2000) { _ in
            _ = try inputs.approval()
            let caller = Caller(inputs, inputs.snapshot)
            return { caller.decide(at: Instant(milliseconds: Int64($0))) }
        }
    }

    /// With every limit set, none of them reached: a call each hundred milliseconds, ended at once.
    private static func decideLimited(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("whole decision, all limits set", figure: 2000) { _ in
            let caller = Caller(inputs, try inputs.limited())
            return { caller.decide(at: Instant(milliseconds: Int64($0) * 100)) }
        }
    }

    private static func dialPlan() -> Microbenchmark {
        Microbenchmark("read a number dialled nationally") { _ in
            let digits = ["02079460123", "0012125550100", "07700900123", "442079460123"].compactMap(LocalNumber.init)
            let reader = DialPlanReader(DialPlan(country: Country("gb")))
            return { reader.read(digits[$0 & 3]).number == nil ? 0 : 1 }
        }
    }

    private static func filter(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("codec filter", figure: 3000) { _ in
            let message = inputs.invite
            let type = message.first(.contentType)?.indices
            return { _ in
                let outcome = CodecFilter.filter(
                    message.bytes,
                    body: message.body.indices,
                    contentType: type,
                    by: inputs.codecs
                )
                guard case .filtered(let body, _) = outcome else { throw BenchmarkError("nothing is filtered") }
                return body.count
            }
        }
    }

    /// The credentials are made beforehand, each with a nonce count of its own, for none is taken twice.
    private static func verify(_ algorithm: DigestAlgorithm) -> Microbenchmark {
        Microbenchmark("digest verification, \(algorithm.token)") { count in
            let realm = "edge.example.com"
            let now = Instant(milliseconds: 0)
            let nonces = try NonceAuthority(key: .random(), shard: 0)
            let verifier = try DigestVerifier(
                DigestVerifier.Configuration(realm: realm, algorithms: [algorithm]),
                nonces: nonces
            )
            let stored = try HA1Set.compute(
                username: "alice",
                realm: realm,
                password: "secret",
                algorithms: [algorithm]
            )
            var field: [UInt8] = []
            verifier.appendChallenge(0, nonce: nonces.mint(at: now), stale: false, to: &field)
            let answers = try self.answers(to: field, count)
            let method = Array("INVITE".utf8)
            let uri = Array("sip:127.0.0.1:5060".utf8)
            return { number in
                let answer = answers[number]
                let credentials = try DigestCredentials(parsing: answer, in: answer.indices)
                let outcome = verifier.verify(
                    credentials,
                    method: method.span,
                    requestURI: uri.span,
                    stored: stored,
                    at: now
                )
                guard case .accepted(let name) = outcome else { throw BenchmarkError("not accepted: \(outcome)") }
                return name.utf8.count
            }
        }
    }

    private static func answers(to field: [UInt8], _ count: Int) throws -> [[UInt8]] {
        let challenge = try DigestChallenge(parsing: field, in: field.indices)
        let responder = try DigestResponder()
        return try (0..<count).map { number in
            try responder.answer(
                challenge,
                username: "alice",
                secret: .password("secret"),
                method: Array("INVITE".utf8).span,
                uri: Array("sip:127.0.0.1:5060".utf8).span,
                clientNonce: Array("6b8b4567".utf8).span,
                nonceCount: UInt32(clamping: number + 1)
            )
        }
    }

    /// Among ten thousand other timers, as in a busy shard.
    private static func timer() -> Microbenchmark {
        Microbenchmark("arm and cancel a timer") { _ in
            let wheel = BusyWheel()
            return { wheel.armAndCancel($0) }
        }
    }
}

/// A caller whose calls are judged one after the other.
private final class Caller {
    private let attempt: CallAttempt
    private let snapshot: PolicySnapshot
    private var usage = CustomerUsage()

    init(_ inputs: Inputs, _ snapshot: PolicySnapshot) {
        attempt = inputs.attempt
        self.snapshot = snapshot
    }

    func decide(at now: Instant) -> Int {
        PolicyEngine.decide(attempt, under: snapshot, counting: &usage, at: now).findings.count
    }
}

/// A timer wheel with ten thousand live timers.
private final class BusyWheel {
    private var wheel = TimerWheel(startingAt: Instant(milliseconds: 0))

    init() {
        for number in 0..<10_000 {
            _ = wheel.arm(at: Instant(milliseconds: Int64(number) * 7), TimerToken(owner: 1, purpose: 1))
        }
    }

    /// Arms a timer up to half a minute ahead and stops it again.
    func armAndCancel(_ number: Int) -> Int {
        let deadline = Instant(milliseconds: Int64(number) * 37 % 32_000)
        let handle = wheel.arm(at: deadline, TimerToken(owner: 2, purpose: 2))
        return wheel.cancel(handle) ? 1 : 0
    }
}
