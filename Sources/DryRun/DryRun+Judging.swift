// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import CallPolicy
import DigestAuthentication
import MonotonicTime
import SIPMessage
import TraceCapture

extension DryRun {
    /// Asks the policy about a call, once.
    mutating func judge(_ call: OpenCall) {
        guard call.judgement == nil else { return }
        let credentials = digest.credentials(of: call.invite)
        if credentials == nil, let fault = digest.fault(of: call.invite) {
            call.note("its credentials cannot be read, and the gateway would ask for others: \(fault)")
        }
        switch finder.caller(of: call.invite, from: call.source, credentials: credentials, book) {
        case .nobody(let why): call.judgement = .init(verdict: .unjudged(why))
        case .found(let endpoint, let evidence):
            let finding = credentials.map { digest.finding($0, of: endpoint, challenges: call.challenges) }
            let caller = FoundCaller(endpoint: endpoint, evidence: evidence, digest: finding)
            guard endpoint.isEnabled else {
                let refusal = EarlyRefusal(stage: .authentication, status: 403, reason: "the endpoint is switched off")
                call.judgement = .init(caller: caller, verdict: .refused(refusal))
                return
            }
            if finding == .wrong { call.note(DigestFinding.wrong.text) }
            decide(call, caller)
        }
    }

    private mutating func decide(_ call: OpenCall, _ caller: FoundCaller) {
        var generator = SeededGenerator(seed: UInt64(call.ordinal))
        let attempt = CallAttempt(
            call.invite,
            of: caller.endpoint.id,
            isLocal: isLocal(call),
            selection: generator.next()
        )
        let customer = caller.endpoint.customer
        let instant = Instant(milliseconds: call.time.map { $0.nanoseconds / 1_000_000 } ?? now)
        let decision = PolicyEngine.decide(
            attempt,
            under: world.snapshot,
            counting: &usages[customer, default: CustomerUsage()],
            at: instant
        )
        var judgement = OpenCall.Judgement(caller: caller, verdict: .decided(decision, attempt))
        if let approved = decision.approved {
            usages[customer, default: CustomerUsage()].callBegan(by: approved.endpoint)
            judgement.account = OpenCall.Account(approved)
            judgement.targets = preview.targets(approved) { book.contact(of: $0) }
            if case .extensions(let callees) = approved.destination { noteUnregistered(callees, call) }
        }
        call.judgement = judgement
    }

    private func noteUnregistered(_ callees: [ResourceIdentifier], _ call: OpenCall) {
        for name in callees.prefix(4).compactMap({ world.snapshot.endpoints[$0]?.username })
        where book.contact(of: name) == nil {
            call.note("no registration of \(name) was captured: its contact stands as registered.invalid")
        }
    }

    /// Whether the call is addressed to the gateway: by a name of the policy's gateway, by the address it was sent to,
    /// or by a name that telephones register with in this capture.
    private func isLocal(_ call: OpenCall) -> Bool {
        guard let uri = call.invite.requestURI else { return false }
        let host = call.invite.text(uri.host).lowercased()
        guard !world.localNames.contains(host), !host.isEmpty else { return true }
        let bare = host.first == "[" ? String(host.dropFirst().dropLast()) : host
        guard bare == call.destination?.hostText || book.registrars.contains(host) else {
            call.note("\(host) is taken for a host elsewhere: if it means the gateway, say --domain \(host)")
            return false
        }
        call.note("\(host) is taken for the gateway: the capture has it where the gateway would be")
        return true
    }

    /// Notes in the customer's counts that a call was answered.
    mutating func countAnswer(_ call: OpenCall) {
        guard var account = call.judgement?.account, account.answered == nil else { return }
        account.answered = now
        call.judgement?.account = account
        guard account.isTelephone else { return }
        usages[account.customer, default: CustomerUsage()]
            .callAnswered(by: account.endpoint, to: account.country, at: Instant(milliseconds: now))
    }

    /// Notes in the customer's counts that a call is over, once.
    mutating func endCounting(_ call: OpenCall) {
        guard let account = call.judgement?.account else { return }
        call.judgement?.account = nil
        // Only minutes need the time of the end; without any, it must not move the counts' clock.
        let answered = account.isTelephone ? account.answered.map { Instant(milliseconds: $0) } : nil
        usages[account.customer, default: CustomerUsage()]
            .callEnded(
                by: account.endpoint,
                to: account.country,
                answered: answered,
                at: answered == nil ? Instant(milliseconds: .min) : Instant(milliseconds: now)
            )
    }

    // MARK: - Ends

    /// Looks for calls whose time is up, often enough that a call costs little and seldom enough that many do.
    mutating func sweepIfDue() {
        sinceSweep += 1
        let isLong = now >= lastSweep.addingClamped(1_000) && calls.count < 1_024
        guard sinceSweep >= max(256, calls.count / 2) || isLong else { return }
        sinceSweep = 0
        lastSweep = now
        var kept: [OpenCall] = []
        kept.reserveCapacity(calls.count)
        for call in queue[queueStart...] where calls[call.key] === call {
            if call.deadline <= now { close(call) } else { kept.append(call) }
        }
        queue = kept
        queueStart = 0
        // Calls may still be judged by a time that lies so far back, and the counts never go back.
        let settled = Instant(milliseconds: now &- 2 * Self.patience)
        for customer in usages.keys { usages[customer]?.sweep(at: settled) }
    }

    /// Judges the calls that nothing has answered in time.
    mutating func settleDue() {
        while unsettledStart < unsettled.count {
            let call = unsettled[unsettledStart]
            let began = call.time.map { $0.nanoseconds / 1_000_000 } ?? now
            let isOpen = calls[call.key] === call && call.judgement == nil
            guard !isOpen || began.addingClamped(Self.patience) <= now else { break }
            unsettledStart += 1
            if isOpen, !call.outcome.isChallenged { judge(call) }
        }
        guard unsettledStart > 1_024, unsettledStart > unsettled.count / 2 else { return }
        unsettled.removeSubrange(..<unsettledStart)
        unsettledStart = 0
    }

    /// Reckons octets that a call holds; `bytes` may be negative.
    mutating func hold(_ bytes: Int, for call: OpenCall) {
        call.heldBytes += bytes
        heldBytes += bytes
    }

    /// Gives up the call that has been open longest; false when none is open.
    mutating func evict() -> Bool {
        while queueStart < queue.count {
            let call = queue[queueStart]
            queueStart += 1
            guard calls[call.key] === call else { continue }
            counts.evictedCalls += 1
            let isFull = calls.count >= options.openCalls
            let reason = isFull ? "\(options.openCalls) calls were open at once" : "the open calls held too much"
            call.note("given up before its end: \(reason)")
            close(call)
            return true
        }
        return false
    }

    /// Lets go of a call and hands it out.
    mutating func close(_ call: OpenCall) {
        if call.judgement == nil {
            if call.outcome.isChallenged, !options.judgesEveryInvite, options.caller == nil {
                let text = "it was challenged and not repeated with credentials: --all or --as judges it as it stands"
                call.judgement = .init(verdict: .unjudged(text))
            } else {
                judge(call)
            }
        }
        endCounting(call)
        calls[call.key] = nil
        heldBytes -= call.heldBytes
        for key in call.legs { legs[key] = nil }
        if let fingerprint = call.fingerprint, offers[fingerprint] === call { offers[fingerprint] = nil }
        order.finish(result(call))
    }

    private func result(_ call: OpenCall) -> JudgedCall {
        let judgement = call.judgement ?? .init(verdict: .unjudged("it was not judged"))
        var attempts: [OutboundAttempt] = []
        if case .decided(let decision, _) = judgement.verdict, let approved = decision.approved {
            attempts = preview.attempts(
                approved,
                of: call.invite,
                from: call.source,
                targets: judgement.targets,
                seed: UInt64(call.ordinal)
            )
        }
        return JudgedCall(
            number: call.number,
            ordinal: call.ordinal,
            place: call.place,
            time: call.time,
            source: call.source,
            destination: call.destination,
            callID: call.callID,
            invite: call.invite,
            dialled: call.invite.requestURI.map { call.invite.text($0.whole) } ?? "",
            caller: judgement.caller,
            verdict: judgement.verdict,
            attempts: attempts,
            outcome: call.outcome,
            steps: call.steps,
            furtherSteps: call.furtherSteps,
            notes: call.notes
        )
    }
}

extension Int64 {
    /// The sum, or the greatest value when it does not fit.
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
