// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallLifecycle
package import CallPolicy
package import MonotonicTime
package import SIPMessage
import SIPTransaction

extension Call {
    /// What the call needs to go on after a restart, in one array; nil before the answer and after the end.
    package func dialogState() -> [UInt8]? {
        guard phase == .answered, let pair = exchanges[0].pair else { return nil }
        return AnsweredState.write(pairs[pair], branches[pairs[pair].branch], exchanges[0], authored)
    }

    /// Takes an answered call up again after a restart.
    ///
    /// Requests that were under way are forgotten: whoever sent them repeats them. Whether the answer's ACK had come is
    /// not known; the call goes on as if it had, and passes it on or makes one up where it is still wanted.
    ///
    /// - Parameters:
    ///   - state: What was kept.
    ///   - settings: Clocks and manners.
    ///   - durations: How long the caller's calls may last, in seconds.
    ///   - callerNumbers: The numbers that stand for the caller.
    ///   - lasted: How long ago the call was answered.
    ///   - trunk: Finds the trunk that the call goes by, for its challenges; nil when it is no more.
    ///   - hop: Makes a next hop fit the listeners of this process.
    ///   - context: Takes the actions.
    package init(
        restoring state: AnsweredState,
        settings: CallSettings,
        durations: LimitLevels = LimitLevels(),
        callerNumbers: CallerNumbers = .none,
        lasted: Interval,
        trunk: (ResourceIdentifier) -> Trunk?,
        hop: (NextHop) -> NextHop,
        _ context: inout CallContext
    ) {
        self.settings = settings
        self.callerNumbers = callerNumbers
        var endpoint = state.endpoint
        var outbound = state.outbound
        endpoint.hop = hop(endpoint.hop)
        outbound.hop = hop(outbound.hop)
        endpointDialog = endpoint
        ownTag = endpoint.localTag
        branches = [Branch(answered: outbound, state, trunk: state.trunk.flatMap(trunk))]
        pairs = [DialogPair(branch: 0, endpoint: endpoint, outbound: outbound, state: .confirmed)]
        exchanges = [
            InviteExchange(answered: 0, inSequence: state.inSequence, outSequence: state.outSequence)
        ]
        authored = state.authored
        phase = .answered
        status = .progressing
        context.actions.append(.claimTag(endpoint.localTag))
        context.actions.append(.claimTag(outbound.localTag))
        armDurations(durations, lasted: lasted, &context)
        armSessionRefresh(&context)
    }

    /// A 2xx to an INVITE of the call came that no transaction waits for: its sender missed the ACK (RFC 3261
    /// §13.2.2.4).
    package mutating func answerRepeated(_ response: SIPMessage, _ context: inout CallContext) {
        guard !isFinished, let (pair, leg) = find(answer: response) else { return }
        let number = response.mandatory.sequenceNumber
        let known = exchanges.firstIndex { $0.requester != leg && $0.pair == pair && $0.outSequence == number }
        if let known, exchanges[known].acknowledgement != nil { return repeatAcknowledgement(known, &context) }
        guard exchanges[0].isRestored, number <= pairs[pair][leg].localSequence else { return }
        if known == 0 { return acknowledge(0, toward: leg, pair, &context) { $0.finish() } }
        // A re-INVITE that was under way at the restart.
        let request = pairs[pair][leg].acknowledgement(branch: context.mint.next(), sequence: number) { $0.finish() }
        context.actions.append(.acknowledge(request.bytes, hop(pair, leg)))
    }

    private func find(answer response: SIPMessage) -> (pair: Int, leg: Leg)? {
        let bytes = response.bytes
        let mandatory = response.mandatory
        guard let tag = bytes.span.hexadecimal(mandatory.fromTag.indices) else { return nil }
        for index in pairs.indices {
            for leg in [Leg.outbound, .endpoint] where localTag(index, leg) == tag {
                let dialog = pairs[index][leg]
                guard dialog.callID.elementsEqual(bytes[mandatory.callID.indices]),
                    dialog.remoteTag.elementsEqual(bytes[mandatory.toTag.indices])
                else { continue }
                return (index, leg)
            }
        }
        return nil
    }
}

extension Branch {
    /// The attempt that was answered before a restart.
    fileprivate init(answered outbound: Dialog, _ state: AnsweredState, trunk: Trunk?) {
        var dialog = outbound
        dialog.localSequence = state.outSequence
        self.init(
            target: 0,
            transaction: 0,
            request: nil,
            dialog: dialog,
            state: .done,
            codecs: state.codecs,
            towardOutbound: state.towardOutbound,
            identity: nil,
            trunk: trunk,
            isTrusted: state.isTrusted,
            keepsFlow: state.keepsFlow
        )
    }
}
