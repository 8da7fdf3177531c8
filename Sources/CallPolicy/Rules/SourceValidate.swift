// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// Rule 10, `source.validate`: the ladder from the number asked for, over the default number, to the configured end.
enum SourceValidate {
    static func judge(_ evaluation: inout Evaluation) -> RuleOutcome {
        var source = SourceRecord()
        if let asked = askedNumber(evaluation) {
            source.asked = asked.number
            source.askedBy = asked.origin
            switch evaluation.snapshot.usableNumber(asked.number, by: evaluation.caller.customer.id) {
            case .success(let usable):
                source.resolved = asked.number
                source.resolvedBy = asked.origin
                evaluation.source = source
                evaluation.usable = usable
                return .passed(.sourceTaken(source))
            case .failure(let error):
                source.defect = error.defect
            }
        }
        return fallBack(source, &evaluation)
    }

    private static func fallBack(_ record: SourceRecord, _ evaluation: inout Evaluation) -> RuleOutcome {
        var source = record
        var defaultDefect: SourceDefect?
        if let number = evaluation.caller.customer.outbound?.defaultOutgoingSourceNumber {
            switch evaluation.snapshot.usableNumber(number, by: evaluation.caller.customer.id) {
            case .success(let usable):
                source.resolved = number
                source.resolvedBy = .defaultNumber
                evaluation.source = source
                evaluation.usable = usable
                return .adjusted(.sourceReplaced(source))
            case .failure(let error):
                defaultDefect = error.defect
            }
        }
        evaluation.source = source
        let detail = FindingDetail.noValidSource(source, defaultDefect: defaultDefect)
        switch evaluation.caller.customer.outbound?.whenNoValidSource ?? .anonymous {
        case .anonymous: return .adjusted(detail)
        case .reject: return .rejected(detail, .sourceNotValid)
        }
    }

    private struct AskedNumber {
        let number: E164Number
        let origin: SourceOrigin
    }

    private static func askedNumber(_ evaluation: borrowing Evaluation) -> AskedNumber? {
        if evaluation.caller.endpointID != nil, let preferred = evaluation.attempt.identity.preferredUser,
            let number = number(preferred, evaluation)
        {
            return AskedNumber(number: number, origin: .preferredIdentity)
        }
        if let number = number(evaluation.attempt.identity.fromUser, evaluation) {
            return AskedNumber(number: number, origin: .from)
        }
        if let number = evaluation.caller.endpointNumber {
            return AskedNumber(number: number, origin: .endpointNumber)
        }
        return nil
    }

    /// Reads a user part by the caller's dial plan; a name or an extension asks for no number that could be shown.
    private static func number(_ text: ReceivedText, _ evaluation: borrowing Evaluation) -> E164Number? {
        switch NumberCanonicaliser.canonicalise(user: text.buffer, in: text.range) {
        case .number(let number):
            return number
        case .notInternational(let digits):
            guard evaluation.isDialledHere(digits, in: text.buffer) else { return nil }
            if let endpoint = evaluation.caller.endpoint {
                let name = digits.description
                guard name != endpoint.username, !endpoint.extensions.contains(name) else { return nil }
            }
            return evaluation.caller.reader.read(digits).number
        case .refused:
            return nil
        }
    }
}
