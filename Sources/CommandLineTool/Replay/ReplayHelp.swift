// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// The long help of `tollgate replay`.
enum ReplayHelp {
    static let discussion = """
        Reads SIP out of captures, sends what the clients sent to a live gateway, and tells what came back otherwise \
        than in the capture. Calls are really placed: --to must be on this machine unless --allow-remote is given.

        WHAT IS SENT
          The requests of every dialog that a client began with the server of the capture. The server is what \
        receives the registrations, or most of the requests that open something; --server names it, --from restricts \
        the clients. Other legs, as those toward a trunk, are left out. Calls from the server to a registered client \
        are awaited and answered as captured, and so are the server's requests within a call.
          Each client gets a socket of its own. Call-ID, tags, branches, CSeq, Via, Contact, Route, RAck and \
        Content-Length are made anew; URIs that named the captured server name --domain; everything else, the body \
        too, goes out byte for byte. Media is not replayed.

        WHEN
          No request goes out before its time in the capture, nor before the answer that the capture shows before \
        it. --speed 10 is ten times as fast, --speed 0 as fast as answers allow. What the capture repeats is sent \
        once; over UDP the replay repeats by its own timers.

        WHO
          Captured credentials are useless, so challenges are answered anew: with the passwords of --password or \
        --password-file, or the stored hashes of --customers, --config or --store, whose realm must be the live \
        gateway's. A client whose secret is not known ends with the challenge.

        EXAMPLES
          tollgate serve --config config/demo.yaml &
          tollgate replay calls.pcap --to 127.0.0.1 --config config/demo.yaml
          tollgate replay calls.pcap --to 127.0.0.1:5062 --customers draft.yaml --domain edge.example.com --speed 0
          tollgate replay calls.pcap --to '[::1]:5060' --password alice=secret --verbose

        OUTPUT
          A line for each dialog, as each is over: `captured 200, live 403` and why. Its outcome is the status of \
        the request that opened it, and of later requests of the same dialog; challenges that are answered do not \
        count. --verbose adds what else differs: 180 and 183, identities and codecs in answers, requests of the \
        other side.

        JSON
          An object a line for each dialog:
          type         dialog
          dialog       its number
          place        where it begins in the capture
          method, caller, called, call_id, awaited
          captured     status, reason_phrase, provisional, identities, codecs
          live         the same, with reasons (Reason and Warning), or failure
          differs      whether an outcome differs
          differences  kind (status, progress, identity, codecs, foreign_request,
                       unsent), method, captured, live
          notes
          and one with type summary at the end.

        The exit status is 0 for no difference, 1 for differences and 2 for an error.
        """
}
