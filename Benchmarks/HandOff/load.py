#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0

"""Telephone and trunk around a gateway: how long an INVITE takes from one to the other, at a steady rate.

Each call has a number of its own, by which the trunk's INVITE is told apart; the trunk is busy, so that the call is
over at once. Arguments: --gateway PORT --trunk PORT --rate CALLS --seconds SECONDS --label TEXT
"""

import argparse
import asyncio
import time

SESSION = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0 8\r\n"
)


def fields(text):
    """The header fields by lower-case name; of Via all lines."""
    found = {"via": []}
    for line in text.split("\r\n\r\n", 1)[0].split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "via":
            found["via"].append(value.strip())
        else:
            found[name.lower()] = value.strip()
    return found


class Trunk(asyncio.DatagramProtocol):
    def __init__(self, arrived):
        self.arrived = arrived

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        now = time.monotonic()
        text = data.decode()
        if not text.startswith("INVITE "):
            return
        self.arrived.setdefault(text.split("+", 1)[1].split("@", 1)[0], now)
        field = fields(text)
        vias = "".join(f"Via: {via}\r\n" for via in field["via"])
        self.transport.sendto(
            (
                f"SIP/2.0 486 Busy Here\r\n{vias}From: {field['from']}\r\nTo: {field['to']};tag=t\r\n"
                f"Call-ID: {field['call-id']}\r\nCSeq: {field['cseq']}\r\nContent-Length: 0\r\n\r\n"
            ).encode(),
            address,
        )


class Telephone(asyncio.DatagramProtocol):
    def __init__(self, port, gateway):
        self.port, self.gateway = port, gateway
        self.sent, self.ended, self.statuses = {}, set(), {}

    def connection_made(self, transport):
        self.transport = transport

    def request(self, method, number, branch, to_tag=""):
        body = SESSION if method == "INVITE" else ""
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return (
            f"{method} sip:+{number}@edge.example.com SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bK{branch};rport\r\nMax-Forwards: 70\r\n"
            f"From: <sip:+15551234567@edge.example.com>;tag=f{number}\r\n"
            f"To: <sip:+{number}@edge.example.com>{to_tag}\r\nCall-ID: {number}@load\r\nCSeq: 1 {method}\r\n"
            f"Contact: <sip:pbx@127.0.0.1:{self.port}>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def call(self, number):
        self.sent[number] = time.monotonic()
        self.transport.sendto(self.request("INVITE", number, number), self.gateway)

    def datagram_received(self, data, address):
        text = data.decode()
        status = int(text.split(" ", 2)[1])
        if status < 200:
            return
        field = fields(text)
        number = field["call-id"].split("@", 1)[0]
        tag = ";tag=" + field["to"].rpartition(";tag=")[2]
        self.transport.sendto(self.request("ACK", number, number, tag), self.gateway)
        if number not in self.ended:
            self.ended.add(number)
            self.statuses[status] = self.statuses.get(status, 0) + 1


async def main():
    parser = argparse.ArgumentParser()
    for name, standard in (("gateway", 5061), ("trunk", 5071), ("rate", 500), ("seconds", 20)):
        parser.add_argument("--" + name, type=int, default=standard)
    parser.add_argument("--label", default="")
    options = parser.parse_args()
    loop = asyncio.get_running_loop()
    arrived = {}
    await loop.create_datagram_endpoint(lambda: Trunk(arrived), local_addr=("127.0.0.1", options.trunk))
    _, telephone = await loop.create_datagram_endpoint(
        lambda: Telephone(5081, ("127.0.0.1", options.gateway)), local_addr=("127.0.0.1", 5081)
    )
    begin = time.monotonic()
    count = options.rate * options.seconds
    for index in range(count):
        wait = begin + index / options.rate - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        telephone.call(f"447400{index:06d}")
    await asyncio.sleep(4)
    times = sorted((arrived[n] - t) * 1000 for n, t in telephone.sent.items() if n in arrived)
    if not times:
        raise SystemExit(f"{options.label}: no INVITE came to the trunk; the answers were {telephone.statuses}")
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
    print(
        f"{options.label}: {options.rate} calls/s, {count} calls, {len(times)} at the trunk, answers "
        f"{telephone.statuses}; INVITE to trunk p50 {at(0.5):.1f} ms, p90 {at(0.9):.1f} ms, p99 {at(0.99):.1f} ms, "
        f"most {times[-1]:.1f} ms",
        flush=True,
    )


asyncio.run(main())
