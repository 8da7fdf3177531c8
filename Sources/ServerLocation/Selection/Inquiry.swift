// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// One pass over the answers: it finds what is known, and notes what has to be asked.
struct Inquiry {
    let answers: [Question: Answer]
    /// What has to be asked, each question once.
    private(set) var open: [Question] = []
    /// For how many seconds what was found is good.
    private(set) var timeToLive = UInt32.max
    /// The first thing that went wrong on the way.
    private(set) var failure: LocationFailure?
    /// A failure of the servers, after which asking them more would only take time.
    private(set) var silence: LocationFailure?

    init(answers: [Question: Answer]) {
        self.answers = answers
    }

    /// The answer about a name, its aliases followed; nil when it still has to be asked for.
    mutating func look(_ name: DomainName, _ type: RecordType) -> Answer? {
        var question = Question(name, type)
        var seen: Set<DomainName> = [name]
        while true {
            guard let answer = answers[question] else {
                if !open.contains(question) { open.append(question) }
                return nil
            }
            switch answer {
            case .records(_, let seconds):
                timeToLive = min(timeToLive, seconds)
                return answer
            case .nothing(let seconds):
                if let seconds { timeToLive = min(timeToLive, seconds) }
                return answer
            case .failed(let reason):
                note(reason)
                return answer
            case .alias(let next, let seconds):
                timeToLive = min(timeToLive, seconds)
                guard seen.count <= ServerSelection.aliasLimit, seen.insert(next).inserted else {
                    note(.malformed)
                    return .failed(.malformed)
                }
                question = Question(next, type)
            }
        }
    }

    private mutating func note(_ reason: AnswerFailure) {
        if failure == nil { failure = LocationFailure(reason) }
        if silence == nil, reason == .silence || reason == .overload { silence = LocationFailure(reason) }
    }
}

extension LocationFailure {
    init(_ reason: AnswerFailure) {
        switch reason {
        case .silence, .refusal: self = .serversSilent
        case .malformed: self = .malformedAnswer
        case .overload: self = .overloaded
        }
    }
}

extension Answer {
    private var data: [RecordData] {
        if case .records(let data, _) = self { data } else { [] }
    }

    var pointers: [PointerRecord] {
        data.compactMap { if case .pointer(let record) = $0 { record } else { nil } }
    }

    var services: [ServiceRecord] {
        data.compactMap { if case .service(let record) = $0 { record } else { nil } }
    }

    var addresses: [ServerAddress] {
        data.compactMap { if case .address(let address) = $0 { address } else { nil } }
    }
}

extension PointerRecord {
    /// The transport it leads to; nil when it is not SIP's, or does not lead to SRV records (RFC 3263 §4.1).
    var transport: ServerTransport? {
        flags.lowercased() == "s" && replacement != nil ? ServerTransport(naptrService: service) : nil
    }
}
