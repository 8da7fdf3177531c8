// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import NumberingPlan
import SIPMessage
import SIPTransaction
import TraceCapture

/// Has call control compose the INVITEs that an approved call would send, attempt by attempt.
struct OutboundPreview {
    private let world: DryRunWorld

    init(_ world: DryRunWorld) {
        self.world = world
    }

    /// The INVITEs of an approved call; every attempt but the last is taken to fail, so that the next one goes out.
    func attempts(
        _ approved: ApprovedCall,
        of invite: SIPMessage,
        from source: CaptureAddress?,
        targets: [OutboundTarget],
        seed: UInt64
    ) -> [OutboundAttempt] {
        guard !targets.isEmpty else { return [] }
        var generator = SeededGenerator(seed: seed)
        let mint = IdentifierMint(shard: 0) { generator.next() }
        var context = CallContext(mint: mint)
        var call = Call(setup(approved, invite, source, targets), &context)
        call.begin(&context)
        var attempts: [OutboundAttempt] = []
        var name: String?
        var taken = 0
        while taken < context.actions.count, attempts.count < targets.count {
            let action = context.actions[taken]
            taken += 1
            switch action {
            case .record(.attempt(let attempt)): name = attempt.trunkName.isEmpty ? nil : attempt.trunkName
            case .send(let transaction, let request, let hop) where request.method == .invite:
                attempts.append(OutboundAttempt(trunk: name, address: Self.text(hop), bytes: request.bytes))
                if name != nil { call.transactionFailed(transaction, .transport, &context) }
            case .locate(let target, let hop):
                // Nothing is looked up in a dry run: a name stands for itself.
                let server = LocatedHop(hop: hop, local: world.localAddress(for: hop.transport))
                call.located(target, .success([server]), &context)
            default: break
            }
        }
        return attempts
    }

    /// Where a call may be offered, as the gateway would work it out; `contact` tells an endpoint's registered contact.
    func targets(_ approved: ApprovedCall, contact: (String) -> [UInt8]?) -> [OutboundTarget] {
        switch approved.destination {
        case .telephone(let number, _): approved.route.map { target($0, number.description) }
        case .emergency:
            approved.route.map { trunk in
                switch approved.emergencyTarget(for: trunk) {
                case .number(let number): target(trunk, number)
                case .serviceURN(let service):
                    .emergencyService(
                        trunk: trunk,
                        service: service,
                        listener: 0,
                        local: world.localAddress(for: trunk.transport)
                    )
                }
            }
        case .extensions(let endpoints): endpoints.compactMap { endpointTarget($0, contact) }
        case .sipURI(let uri): [uriTarget(Array(uri.buffer[uri.range]))].compactMap(\.self)
        }
    }

    private func target(_ trunk: Trunk, _ number: String) -> OutboundTarget {
        .telephone(trunk: trunk, number: number, listener: 0, local: world.localAddress(for: trunk.transport))
    }

    private func endpointTarget(
        _ id: ResourceIdentifier,
        _ contact: (String) -> [UInt8]?
    ) -> OutboundTarget? {
        guard let name = world.snapshot.endpoints[id]?.username else { return nil }
        let known = contact(name) ?? Array("sip:\(name)@registered.invalid".utf8)
        var target = uriTarget(known)
        target?.toURI = Array("sip:\(name)@\(world.settings.gatewayHost)".utf8)
        target?.keepsFlow = true
        return target
    }

    private func uriTarget(_ uri: [UInt8]) -> OutboundTarget? {
        guard let parsed = try? URIReference.parse(uri.span, 0..<uri.count),
            let hop = NextHop(uri, parsed, listener: 0)
        else { return nil }
        return OutboundTarget(requestURI: uri, toURI: uri, hop: hop, local: world.localAddress(for: hop.transport))
    }

    private func setup(
        _ approved: ApprovedCall,
        _ invite: SIPMessage,
        _ source: CaptureAddress?,
        _ targets: [OutboundTarget]
    ) -> CallSetup {
        let host = source?.hostText ?? "192.0.2.1"
        let port = source?.port ?? 5060
        return CallSetup(
            id: .zero,
            invite: invite,
            transaction: 0,
            template: ResponseTemplate(invite, source: RequestSource(host: host, port: port)),
            approved: approved,
            endpointHop: NextHop(transport: .udp, host: host, port: port),
            endpointLocal: world.localAddress(for: .udp),
            targets: targets,
            settings: world.settings
        )
    }

    private static func text(_ hop: NextHop) -> String {
        let host = hop.host.utf8.contains(UInt8(ascii: ":")) && hop.host.first != "[" ? "[\(hop.host)]" : hop.host
        return "\(hop.transport.rawValue):\(host):\(hop.port)"
    }
}
