// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ServerLocation

/// The records of a test, and what asking for them comes to.
struct Zone {
    var answers: [Question: Answer] = [:]

    func with(_ name: String, _ type: RecordType, _ answer: Answer) -> Zone {
        var zone = self
        if let name = DomainName(name) { zone.answers[Question(name, type)] = answer }
        return zone
    }

    func with(_ name: String, _ type: RecordType, _ data: RecordData..., seconds: UInt32 = 300) -> Zone {
        with(name, type, .records(data, timeToLive: seconds))
    }

    /// Adds the A and AAAA records of a host.
    func host(_ name: String, _ addresses: String..., seconds: UInt32 = 300) -> Zone {
        let all = addresses.compactMap { ServerAddress($0) }
        var zone = self
        for (type, isIPv6) in [(RecordType.a, false), (.aaaa, true)] {
            let some = all.filter { $0.isIPv6 == isIPv6 }.map { RecordData.address($0) }
            if !some.isEmpty { zone = zone.with(name, type, .records(some, timeToLive: seconds)) }
        }
        return zone
    }

    /// Runs a selection to its end; hands back the outcome and what was asked, round by round.
    func locate(
        _ request: LocationRequest,
        _ capabilities: ServerCapabilities = .all,
        seed: UInt64 = 1
    ) -> (outcome: Result<LocatedServers, LocationFailure>, asked: [[String]]) {
        var selection = ServerSelection(request, capabilities: capabilities, seed: seed)
        var asked: [[String]] = []
        while asked.count < 64 {
            switch selection.next() {
            case .found(let servers): return (.success(servers), asked)
            case .failed(let failure): return (.failure(failure), asked)
            case .ask(let questions):
                asked.append(questions.map { "\($0.type) \($0.name)" })
                for question in questions {
                    selection.take(answers[question] ?? .nothing(timeToLive: nil), to: question)
                }
            }
        }
        Issue.record("the selection of \(request.host) does not end")
        return (.failure(.noAddress), asked)
    }

    /// The places of a location as text.
    func places(
        _ request: LocationRequest,
        _ capabilities: ServerCapabilities = .all,
        seed: UInt64 = 1
    ) -> [String] {
        switch locate(request, capabilities, seed: seed).outcome {
        case .success(let found): found.servers.map(\.text)
        case .failure(let failure): ["\(failure)"]
        }
    }
}

extension LocatedServer {
    var text: String {
        "\(transport) \(address.isIPv6 ? "[\(address)]" : "\(address)"):\(port)"
    }
}

func service(_ priority: UInt16, _ weight: UInt16, _ port: UInt16, _ target: String) -> RecordData {
    .service(ServiceRecord(priority: priority, weight: weight, port: port, target: DomainName(target)))
}

func pointer(
    _ order: UInt16,
    _ preference: UInt16,
    _ service: String,
    _ replacement: String,
    flags: String = "s"
) -> RecordData {
    .pointer(
        PointerRecord(
            order: order,
            preference: preference,
            flags: flags,
            service: service,
            replacement: DomainName(replacement)
        )
    )
}
