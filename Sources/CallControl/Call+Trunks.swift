// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallPolicy

/// What a call has to do with the state of trunks: it is counted on each one it tries, and tells which one failed.
extension Call {
    /// Whether a target takes the call: a trunk that the last attempt went to has counted it already.
    func isAdmitted(_ target: OutboundTarget, _ setup: CallSetup, _ context: CallContext) -> Bool {
        guard let trunk = target.trunk, branches.last?.trunk?.id != trunk.id else { return true }
        return context.admits(trunk, setup.approved.isEmergency)
    }

    /// A trunk carries as many calls as it may by now: it is passed over without an attempt.
    mutating func passOver(_ context: inout CallContext) {
        guard let setup, phase == .dialing else { return }
        if !openRedirects.isEmpty || nextTarget < setup.targets.count { return startBranch(&context) }
        fail(Failure(status: 503, text: "no trunk takes a further call now", retryAfter: 5), &context)
    }

    /// Tells when a trunk as a whole has failed: no server of it is left to try.
    func noteTrunk(after failure: Failure, _ context: inout CallContext) {
        guard failure.leadsToNextServer || failure.isUnlocated, let index = failure.branch,
            branches.indices.contains(index), let trunk = branches[index].trunk
        else { return }
        context.actions.append(.trunkFailed(trunk.id, seconds: failure.response?.retryAfterSeconds))
    }
}
