// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import MonotonicTime
import Registrar
import SIPMessage
import SIPParser
import SIPTransaction

/// Reading messages and composing them.
enum MessageBenchmarks {
    /// All of them.
    static func all(_ inputs: Inputs) -> [Microbenchmark] {
        [scan(inputs), scanTwice(inputs), compose(inputs), answer(inputs), register(inputs)]
    }

    private static func scan(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("scan INVITE", figure: 1500) { _ in
            let scanner = Scanner()
            let bytes = inputs.invite.bytes
            return { _ in try scanner.scan(bytes, .datagram).fields.count }
        }
    }

    private static func scanTwice(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("scan INVITE, then libosip2", figure: 10_000) { _ in
            let reader = MessageReader(secondReading: .always)
            let bytes = inputs.invite.bytes
            return { _ in try reader.read(bytes, .datagram).fields.count }
        }
    }

    private static func compose(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("begin a call: outbound INVITE") { _ in
            let setup = try Self.setup(inputs)
            return { number in
                var context = CallContext(mint: IdentifierMint(shard: 1) { UInt64(truncatingIfNeeded: number) })
                var call = Call(setup, &context)
                call.begin(&context)
                return context.actions.count
            }
        }
    }

    private static func setup(_ inputs: Inputs) throws -> CallSetup {
        let approved = try inputs.approval()
        let local = LocalAddress(host: "127.0.0.1", port: 5060)
        let targets = approved.route.map {
            OutboundTarget.telephone(trunk: $0, number: "+15559876543", listener: 0, local: local)
        }
        guard !targets.isEmpty else { throw BenchmarkError("the call has no route") }
        return CallSetup(
            id: .zero,
            invite: inputs.invite,
            transaction: 1,
            template: ResponseTemplate(inputs.invite, source: RequestSource(host: "127.0.0.1", port: 5080)),
            approved: approved,
            endpointHop: NextHop(transport: .udp, host: "127.0.0.1", port: 5080),
            endpointLocal: local,
            targets: targets,
            settings: CallSettings(gatewayHost: "edge.example.com")
        )
    }

    private static func answer(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("answer a request statelessly") { _ in
            let source = RequestSource(host: "127.0.0.1", port: 5080)
            let tag = Array("0123456789abcdef".utf8)
            return { _ in
                var composer = ResponseTemplate(inputs.invite, source: source).start(status: 403, toTag: tag)
                composer.finish()
                return composer.bytes.count
            }
        }
    }

    private static func register(_ inputs: Inputs) -> Microbenchmark {
        Microbenchmark("registrar: refresh and its 200") { _ in
            let request = inputs.register
            let flow = RegistrationFlow(transport: .udp, host: "127.0.0.1", port: 5080)
            let now = WallTime(milliseconds: 1_700_000_000_000)
            let limits = RegistrarLimits()
            func apply(_ existing: [Binding]) -> RegistrationOutcome {
                Registrar.register(request: request, existing: existing, flow: flow, limits: limits, now: now)
            }
            guard case .answer(var bindings, _) = apply([]), !bindings.isEmpty else {
                throw BenchmarkError("the REGISTER is refused")
            }
            bindings[0].sequenceNumber = 1
            let existing = bindings
            return { _ in
                guard case .answer(let held, _) = apply(existing) else {
                    throw BenchmarkError("the refresh is refused")
                }
                var composer = MessageComposer(capacity: 512)
                appendAnswer(to: &composer, bindings: held, now: now, request: request)
                return composer.bytes.count
            }
        }
    }
}
