// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import NumberingPlan

/// A call under judgement: the attempt, what the snapshot says of its caller, and what rules have found so far.
///
/// It is judged in place and never copied.
struct Evaluation: ~Copyable {
    let attempt: CallAttempt
    let snapshot: PolicySnapshot
    let caller: KnownCaller

    /// Set by `destination.classify`.
    var destination: ApprovedDestination?
    /// Whether a prefix dialled before the number hides or shows the caller; set by `destination.classify`.
    var dialledPresentation: DialledPresentation = .unspecified
    /// Set by `emergency.exempt`: the number that stands for a service URN on trunks that take none.
    var serviceNumber: String?
    /// Set by `source.validate` and `emergency.exempt`.
    var source = SourceRecord()
    var usable: UsableNumber?
    /// Set by `privacy.resolve`; hidden until that rule has run.
    var isHidden = true
    /// Set by `codecs.filter`.
    var filteredOffer: [UInt8]?
    /// Set by `route.select`: places in the snapshot's trunk list.
    var routeOrder: [Int32] = []

    init(attempt: CallAttempt, snapshot: PolicySnapshot, caller: KnownCaller) {
        self.attempt = attempt
        self.snapshot = snapshot
        self.caller = caller
    }

    /// Whether a local number is one of the caller's dial plan: without a context, or with one of this deployment
    /// (RFC 3966 §5.1.5). `bytes` is what it was read from.
    func isDialledHere(_ digits: LocalNumber, in bytes: [UInt8]) -> Bool {
        switch digits.context {
        case .none: true
        case .global: false
        case .domain: digits.contextDomain(in: bytes).map(snapshot.localNames.contains) ?? false
        }
    }
}

/// What a per-call prefix such as `*31#` asks for.
enum DialledPresentation: Hashable {
    case unspecified
    case hidden
    case shown
}

/// What a rule made of a call, with the reason.
enum RuleOutcome {
    case passed(FindingDetail)
    case adjusted(FindingDetail)
    case skipped(FindingDetail)
    case rejected(FindingDetail, RejectionAnswer)
}
