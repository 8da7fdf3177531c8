// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

import CallControl
import SIPMessage

extension Shard {
    /// Finds the call that has a dialog, on whatever shard it is, and tells the call that asked what the dialog is to
    /// the other end (RFC 3891: a transfer names a dialog of another call).
    func findCounterpart(_ dialog: ReplacedDialog, for transaction: ServerTransactionIdentifier, of active: ActiveCall)
    {
        guard let tag = dialog.ownTag, let own = active.tags.first else {
            return tell(active, nil, for: transaction)
        }
        // Tags outlive a restart, and there may be fewer shards than when they were minted.
        let owner = peers.isEmpty ? index : IdentifierMint.shard(of: tag) % peers.count
        guard owner != index, peers.indices.contains(index) else {
            return tell(active, counterpart(of: dialog), for: transaction)
        }
        let asking = peers[index]
        peers[owner].execute { holder in
            let found = holder.counterpart(of: dialog)
            asking.execute { shard in
                // A call that ended meanwhile has answered what waited in it.
                guard let active = shard.callsByTag[own] else { return }
                shard.touch()
                shard.tell(active, found, for: transaction)
                shard.flush()
            }
        }
    }

    private func counterpart(of dialog: ReplacedDialog) -> ReplacedDialog? {
        guard let active = dialog.ownTag.flatMap({ callsByTag[$0] }),
            let found = active.call?.counterpart(of: dialog)
        else { return nil }
        guard let seat = active.seat else { return found }
        // Behind the leg of a placed call stands another leg, or nobody yet.
        guard let other = found.ownTag.flatMap({ callsByTag[$0] }), other.seat?.placed === seat.placed else {
            return nil
        }
        return other.call?.counterpart(of: found)
    }

    private func tell(_ active: ActiveCall, _ found: ReplacedDialog?, for transaction: ServerTransactionIdentifier) {
        handle(active) { $0.call?.counterpartFound(found, for: transaction, &$1) }
    }
}
