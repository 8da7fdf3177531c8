// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The long help of `tollgate dry-run`.
enum DryRunHelp {
    static let discussion = """
        Reads SIP out of captures and asks, call by call, the policy engine and the call control that the running \
        gateway has: would the call be approved, by which rule not, what would the callee see, and which bytes would \
        go to each trunk. Nothing is sent and nothing is stored. Limits count on the capture's clock.

        The policy is that of --config, --provisioning or --store, as with `tollgate decide`. A caller is told by \
        its digest user name, its address range, a registration in the capture or From, in this order; --as names it \
        for all. When the policy has its password, the digest response is checked.

        A call is addressed to the gateway when the Request-URI's host is one of its names, the address that the \
        INVITE was sent to, or a name that telephones register with in the capture; --domain adds names.

        WHICH INVITES ARE CALLS
          Every INVITE outside a dialog, but not
          - retransmissions, and repetitions after a challenge: they belong to the call they repeat;
          - those from a trunk of the policy or to one;
          - those with the Call-ID, tag and CSeq of a call that were sent by someone else;
          - those sent from where a call arrived within the second before, with the same session.
          The last three are other legs; --all judges them too. At most 20 000 calls are followed at once.

        EXAMPLES
          tollgate dry-run calls.pcap --config gateway.yaml
          tollgate dry-run calls.pcap --config gateway.yaml --format html --output report.html
          tollgate dry-run calls.pcap --provisioning draft.yaml --call 3
          tollgate dry-run calls.pcap --provisioning now.yaml \\
              --against-provisioning draft.yaml
          tollgate dry-run calls.pcap --provisioning now.yaml --record expected.jsonl
          tollgate dry-run calls.pcap --provisioning draft.yaml --expect expected.jsonl

        COMPARING
          With --against-config or --against-provisioning, and with --expect, only calls that differ are printed; \
        the exit status is 0 for no difference, 1 for differences and 2 for an error.

        JSON
          An object a line for each call:
          type           call
          call, message  the call's number; that of the message which opened it
          place          file, packet or line, offset, text
          time, call_id, from_address, to_address
          caller         endpoint, customer, found_by (command_line, credentials,
                         source_address, registration, from), digest (verified,
                         wrong, not_checkable), digest_text
          dialled        the Request-URI
          destination    kind, text, country, class
          verdict        approved, rejected or unjudged
          rejection      rule (or message, authentication), status, reason_phrase,
                         text, q850_cause, retry_after
          unjudged       why, and what to do
          identity       asked, defect, resolved, shown, asserted, privacy, anonymous
          legs           for each attempt trunk, peer, address, is_trusted, from,
                         p_asserted_identity, privacy, other_identity, codecs
          codecs         media, before, after
          trunks, limit_warnings
          findings       rule, outcome, reason, values
          outbound       trunk, address, lines: mark (same, changed, added, dropped),
                         text, before
          captured       status, answered_after_ms, lasted_ms, ended_by, cancelled,
                         challenged, text
          steps          time, source, destination, label, is_request, place
          further_steps, notes
          and one with type summary at the end: calls, by_verdict, by_rule, by_country,
          by_captured, captures, packets, messages, readable, unreadable, truncated,
          invites, other_legs, repeated_invites, retransmissions, registrations,
          evicted_calls, notes, note_count, errors. Absent values are left out.
        """
}
