// Copyright 2026 The Tollgate Authors
// SPDX-License-Identifier: Apache-2.0

/// A caller that names itself wherever a message has room for a name, and asks to be hidden.
enum HiddenCaller {
    static let instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

    /// What may reach nobody but a trusted trunk's P-Asserted-Identity.
    static let secrets = Caller.secrets + ["f81d4fae", "wolverine"]

    /// Ways to ask for it (RFC 3323 §4.2, RFC 3325 §9.3).
    static let wishes = [
        "Privacy: id", "Privacy: user;id", "Privacy: header;user;id", "Privacy: ID", "Privacy: user",
        "Privacy: id\r\nPrivacy: history",
    ]

    /// Header fields that name the caller in every way the standards know, and in some they do not.
    static let names = [
        "P-Preferred-Identity: \"Zelda Quux\" <sip:+12125550100@caller-host.example>",
        "P-Asserted-Identity: <sip:zebra-user@caller-host.example>", "P-Asserted-Identity: <tel:+12125550100>",
        "Remote-Party-ID: \"Zelda\" <sip:zebra-user@10.66.77.88>;party=calling;privacy=off",
        "Diversion: <sip:zebra-user@caller-host.example>;reason=unconditional",
        "History-Info: <sip:zebra-user@caller-host.example?Privacy=none>;index=1",
        "Referred-By: <sip:zebra-user@caller-host.example>", "Reply-To: <sip:zebra-user@caller-host.example>",
        "Call-Info: <http://caller-host.example/zebra-user.jpg>;purpose=icon", "Organization: Quux",
        "In-Reply-To: quokka@10.66.77.88", "Alert-Info: <http://caller-host.example/ring>",
        "Content-ID: <axolotl@caller-host.example>", "Session-ID: axolotl", "X-Owner: Zelda Quux",
        "P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=wolverine", "Geolocation: <cid:axolotl>",
        "User-to-User: 2125550100;encoding=hex", "Server: Xylophone", "Warning: 399 caller-host.example \"Zelda\"",
        "Reason: SIP;cause=200;text=\"Zelda hung up\"", "Authorization: Digest username=\"zebra-user\"",
        "Proxy-Authorization: Digest username=\"zebra-user\", uri=\"sip:caller-host.example\"",
        "Identity: wolverine;info=<https://caller-host.example/cert>", "P-Charging-Vector: icid-value=wolverine",
        "P-Visited-Network-ID: wolverine", "P-Called-Party-ID: <sip:zebra-user@caller-host.example>",
        "P-Associated-URI: <tel:+12125550100>", "Path: <sip:caller-host.example;lr>",
        "Error-Info: <sip:axolotl@10.66.77.88>",
        "Timestamp: 54", "Date: Sat, 21 Nov 2026 12:00:00 GMT", "Supported: timer, 100rel, gruu",
        "Record-Route: <sip:caller-host.example;lr>", "Route: <sip:caller-host.example;lr>",
        "Accept-Contact: *;+sip.instance=\"<\(instance)>\"", "Join: quokka;to-tag=wolverine;from-tag=tagwombat",
        "Target-Dialog: quokka@10.66.77.88;local-tag=tagwombat;remote-tag=wolverine", "Suppress-If-Match: wolverine",
        "Retry-After: 60 (Zelda is out)", "Content-Disposition: render;filename=\"Zelda.txt\"", "Accept-Language: de",
        "Subscription-State: active;expires=60;reason=Zelda", "Info-Package: dtmf", "Priority: normal",
        "Feature-Caps: *;+g.zelda=Zelda", "P-Early-Media: supported", "Max-Breadth: 60",
        "Allow: INVITE, ACK, BYE, CANCEL, UPDATE, INFO, PRACK, REFER, NOTIFY, MESSAGE, OPTIONS",
    ]

    static let description =
        "v=0\r\no=zebra-user 1 1 IN IP4 caller-host.example\r\ns=Zelda Quux\r\ni=axolotl\r\n"
        + "u=http://caller-host.example/\r\ne=zebra-user@caller-host.example (Zelda)\r\np=+1 212 5550100\r\n"
        + "c=IN IP4 203.0.113.5\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\ni=Zelda's telephone\r\na=sendrecv\r\n"

    /// Bodies as a Content-Type and what it is of.
    static let bodies: [(type: String, body: String)] = [
        ("application/sdp", description), ("application/sdp", Caller.offer), ("", ""),
        (
            "multipart/mixed;boundary=axolotl",
            "--axolotl\r\nContent-Type: application/sdp\r\nContent-ID: <zebra-user@10.66.77.88>\r\n\r\n\(description)\r\n"
                + "--axolotl\r\nContent-Type: text/x-vcard\r\n\r\nBEGIN:VCARD\r\nFN:Zelda Quux\r\nEND:VCARD\r\n--axolotl--\r\n"
        ),
        ("application/pidf+xml", "<presence entity=\"pres:zebra-user@caller-host.example\"/>"),
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"),
        ("message/sipfrag", "SIP/2.0 200 OK\r\nTo: <sip:zebra-user@caller-host.example>\r\n"),
        ("text/plain", "this is Zelda, call me back on 2125550100"),
    ]

    /// Targets of a transfer.
    static let transfers = [
        "Refer-To: <sip:carol@caller-host.example>", "Refer-To: \"Zelda\" <sip:zebra-user@caller-host.example>",
        "Refer-To: <sip:carol@gw.example?Replaces=callid-quokka%4010.66.77.88%3Bto-tag%3D9%3Bfrom-tag%3Dtagwombat>",
        "Refer-To: <sip:carol@gw.example?Subject=Zelda&P-Asserted-Identity=%3Ctel:2125550100%3E>",
        "Refer-To: <tel:+12125550100>",
    ]
}
