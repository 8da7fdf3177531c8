// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

package import SIPMessage

/// What takes back a 2xx whose call is over: its ACK, then a BYE (RFC 3261 §13.2.2.4).
///
/// A downstream fork may answer for as long as Timer M runs, when nobody holds the call's dialogs any more. Both go the
/// way the INVITE went; the answer alone names no new one, so that a forged answer leads nothing astray.
package struct LateAnswer {
    /// The ACK; the same bytes again for each retransmission of the 2xx.
    package let acknowledgement: [UInt8]
    /// The BYE.
    package let bye: OutgoingRequest
    /// The BYE's client transaction.
    package let transaction: ClientTransactionIdentifier

    /// Composes both.
    ///
    /// - Parameters:
    ///   - response: The 2xx.
    ///   - hop: Where the INVITE went.
    ///   - address: How the gateway names itself there.
    ///   - mint: Mints the branches.
    package init(_ response: SIPMessage, hop: NextHop, address: LocalAddress, mint: IdentifierMint) {
        let mandatory = response.mandatory
        var dialog = Dialog(
            callID: response.copy(mandatory.callID),
            localTag: 0,
            remoteTag: response.copy(mandatory.toTag),
            local: response.unfolded(mandatory.from.whole),
            remote: response.unfolded(mandatory.to.whole),
            localSequence: mandatory.sequenceNumber,
            remoteSequence: nil,
            target: response.copy(mandatory.to.uri.whole),
            hop: hop,
            address: address
        )
        dialog.takeRouteSet(from: response, isReversed: true, followsRoute: false)
        dialog.refreshTarget(from: response, followsContact: false)
        let sequence = mandatory.sequenceNumber
        acknowledgement = dialog.acknowledgement(branch: mint.next(), sequence: sequence) { $0.finish() }.bytes
        transaction = mint.next()
        bye = dialog.request(.bye, branch: transaction) { composer in
            composer.append("Reason: Q.850;cause=16;text=\"nobody waits for the answer\"\r\n")
            composer.finish()
        }
    }
}
