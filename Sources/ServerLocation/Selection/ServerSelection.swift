// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// RFC 3263 §4 as a value: it names the questions that are open, takes answers, and ends with places to try in order.
///
/// Whatever it is told, it asks a bounded number of questions and ends.
package struct ServerSelection: Sendable {
    /// What to do next.
    package enum Step: Hashable, Sendable {
        /// These questions are open; all may be asked at once.
        case ask([Question])
        /// The places, in order.
        case found(LocatedServers)
        /// There are none.
        case failed(LocationFailure)
    }

    /// The most aliases between a name and its records.
    static let aliasLimit = 8
    /// The most SRV records that are followed, and the most places that are given.
    static let serviceLimit = 16
    static let placeLimit = 32

    let request: LocationRequest
    let capabilities: ServerCapabilities
    private let seed: UInt64
    private var answers: [Question: Answer] = [:]

    /// Begins a location.
    ///
    /// - Parameters:
    ///   - request: What to locate.
    ///   - capabilities: What can be sent by.
    ///   - seed: A random number, for the lots of RFC 2782.
    package init(_ request: LocationRequest, capabilities: ServerCapabilities, seed: UInt64) {
        self.request = request
        self.capabilities = capabilities
        self.seed = seed
    }

    /// Takes an answer.
    package mutating func take(_ answer: Answer, to question: Question) {
        answers[question] = answer
    }

    /// What to do next, by the answers so far.
    package func next() -> Step {
        var inquiry = Inquiry(answers: answers)
        let servers = servers(&inquiry)
        if !inquiry.open.isEmpty { return .ask(inquiry.open) }
        switch servers {
        case .success(let servers): return ended(servers, inquiry)
        case .failure(let failure): return .failed(failure)
        }
    }

    private func ended(_ servers: [LocatedServer], _ inquiry: Inquiry) -> Step {
        var places: [LocatedServer] = []
        for server in servers where places.count < Self.placeLimit {
            if !places.contains(where: { $0.isSamePlace(as: server) }) { places.append(server) }
        }
        guard places.isEmpty else { return .found(LocatedServers(servers: places, timeToLive: inquiry.timeToLive)) }
        return .failed(inquiry.failure ?? .noAddress)
    }

    private func servers(_ inquiry: inout Inquiry) -> Result<[LocatedServer], LocationFailure> {
        var named = request.transport
        if request.isSecure {
            // RFC 3261 §26.2.2: `sips` over TCP is TLS, and there is nothing secure over UDP.
            guard named != .udp else { return .failure(.noCommonTransport) }
            named = named.map { _ in .tls }
        }
        let standard = named ?? request.defaultTransport
        if let address = ServerAddress(request.host) {
            guard capabilities.reaches(standard, isIPv6: address.isIPv6) else { return .failure(.noCommonTransport) }
            let port = request.port ?? standard.defaultPort
            return .success([
                LocatedServer(transport: standard, address: address, port: port, name: request.host)
            ])
        }
        guard let name = DomainName(request.host) else { return .failure(.malformedName) }
        guard request.port == nil else { return addresses(name, standard, &inquiry) }
        if let named { return byServices([named], of: name, orAt: named, &inquiry) }
        return byPointers(name, &inquiry)
    }

    /// RFC 3263 §4.1: neither port nor transport is named, so NAPTR records say which transports there are.
    private func byPointers(
        _ name: DomainName,
        _ inquiry: inout Inquiry
    ) -> Result<[LocatedServer], LocationFailure> {
        guard let answer = inquiry.look(name, .naptr) else { return .success([]) }
        if case .failed(let failure) = answer, failure != .refusal { return .failure(LocationFailure(failure)) }
        let pointers = answer.pointers.filter { $0.transport != nil }
        let wanted = request.isSecure ? [.tls] : capabilities.transports
        guard !pointers.isEmpty else { return byServices(wanted, of: name, orAt: request.defaultTransport, &inquiry) }
        let usable = pointers.filter { pointer in pointer.transport.map(wanted.contains) ?? false }
        let ordered = usable.sorted { ($0.order, $0.preference) < ($1.order, $1.preference) }
        guard let first = ordered.first?.transport else { return .failure(.noCommonTransport) }
        let services = ordered.prefix(Self.serviceLimit).compactMap { pointer in
            pointer.transport.flatMap { transport in pointer.replacement.map { (transport, $0) } }
        }
        return follow(services, of: name, orAt: first, &inquiry)
    }

    /// RFC 3263 §4.1, §4.2: SRV records of each transport.
    private func byServices(
        _ transports: [ServerTransport],
        of name: DomainName,
        orAt standard: ServerTransport,
        _ inquiry: inout Inquiry
    ) -> Result<[LocatedServer], LocationFailure> {
        guard transports.contains(where: capabilities.transports.contains) else { return .failure(.noCommonTransport) }
        let services = transports.compactMap { transport in
            let labels = transport.serviceLabels
            return name.service(labels.service, labels.protocolName).map { (transport, $0) }
        }
        return follow(services, of: name, orAt: standard, &inquiry)
    }

    /// Looks SRV records up and their targets; without any, the domain's own addresses at the standard port.
    private func follow(
        _ services: [(transport: ServerTransport, name: DomainName)],
        of name: DomainName,
        orAt standard: ServerTransport,
        _ inquiry: inout Inquiry
    ) -> Result<[LocatedServer], LocationFailure> {
        var order = WeightedOrder(seed: seed)
        var found: [(ServerTransport, ServiceRecord)] = []
        var isRefused = false
        for service in services {
            guard let answer = inquiry.look(service.name, .srv) else { continue }
            let records = answer.services
            // RFC 2782: a target of `.` means that the service is decidedly not available.
            if records.contains(where: { $0.target == nil }) { isRefused = true }
            let usable = records.filter { $0.target != nil && $0.port > 0 }
            found += order.order(usable).map { (service.transport, $0) }
        }
        guard inquiry.open.isEmpty else { return .success([]) }
        if found.isEmpty {
            if isRefused { return .failure(.notOffered) }
            if let failure = inquiry.silence { return .failure(failure) }
            return addresses(name, standard, &inquiry)
        }
        var servers: [LocatedServer] = []
        for (transport, record) in found.prefix(Self.serviceLimit) {
            guard let target = record.target else { continue }
            servers += places(target, transport, record.port, &inquiry)
        }
        return .success(servers)
    }

    private func addresses(
        _ name: DomainName,
        _ transport: ServerTransport,
        _ inquiry: inout Inquiry
    ) -> Result<[LocatedServer], LocationFailure> {
        guard capabilities.transports.contains(transport) else { return .failure(.noCommonTransport) }
        return .success(places(name, transport, request.port ?? transport.defaultPort, &inquiry))
    }

    /// The addresses of a host, the families in turn and IPv6 first (RFC 8305 §4), those without a listener left out.
    private func places(
        _ host: DomainName,
        _ transport: ServerTransport,
        _ port: UInt16,
        _ inquiry: inout Inquiry
    ) -> [LocatedServer] {
        var families: [[ServerAddress]] = []
        for (type, isIPv6) in [(RecordType.aaaa, true), (.a, false)]
        where capabilities.reaches(transport, isIPv6: isIPv6) {
            guard let answer = inquiry.look(host, type) else { continue }
            families.append(answer.addresses.filter { $0.isIPv6 == isIPv6 && $0.isUnicast })
        }
        let longest = families.map(\.count).max() ?? 0
        var places: [LocatedServer] = []
        for index in 0..<longest where places.count < Self.placeLimit {
            for family in families where index < family.count {
                places.append(
                    LocatedServer(transport: transport, address: family[index], port: port, name: request.host)
                )
            }
        }
        return places
    }
}
