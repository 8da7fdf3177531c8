// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The long help of `tollgate decide`.
enum DecideHelp {
    static let discussion = """
        Asks the policy engine that the running gateway asks, and prints its verdict, what every trunk on the route \
        would be sent of the caller (From, P-Asserted-Identity, Privacy) and of the offer's codecs, and what each \
        rule found and why. Nothing is sent and nothing is stored.

        The customers, endpoints and trunks come from the store that --config or --store names, or from a \
        provisioning file, which needs no store. With --config the deployment's own rules and names hold; without it \
        the defaults do.

        EXAMPLES
          tollgate decide --config gateway.yaml --endpoint alice --to +442079460000
          tollgate decide --provisioning customers.yaml --endpoint alice \\
              --to 1002 --sdp offer.sdp
          tollgate decide --config gateway.yaml --endpoint alice --to +442079460000 \\
              --preferred-identity +15551234567 --privacy 'id;critical' --json
          tollgate decide --config gateway.yaml --endpoint alice \\
              --to 'sip:bob@elsewhere.example'
          tollgate decide --config gateway.yaml --customer acme \\
              --from +15551234567 --to +442079460000 --anonymous yes

        JSON
          verdict        approved or rejected
          endpoint, customer
          destination    kind (tel, extension, sip, emergency), text, country, class
          rejection      rule, status, reason_phrase, q850_cause, warning_code,
                         retry_after, api_status, api_reason, text
          source         asked, asked_by, defect, resolved, resolved_by
          is_anonymous   whether the callee sees no caller
          legs           in the order of attempts: trunk or peer, address,
                         is_trusted, from, p_asserted_identity, privacy,
                         other_identity, codecs (media, before, after)
          findings       in order: rule, outcome (passed, adjusted, skipped or
                         rejected), reason, values
        A key without a value is left out.

        The exit status is 0 when the call is approved, 1 when it is rejected, and 2 when the question cannot be \
        answered, as with an endpoint that is not there.
        """
}
