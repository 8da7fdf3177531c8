#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0

"""A call API that takes every call: 127.0.0.1, the port as first argument, milliseconds to think as second."""

import asyncio
import sys
import uuid


class Connection(asyncio.Protocol):
    """One keep-alive connection; requests are answered in order."""

    def __init__(self, delay):
        self.delay = delay
        self.waiting = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.waiting += data
        while True:
            head, gap, rest = self.waiting.partition(b"\r\n\r\n")
            if not gap:
                return
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(rest) < length:
                return
            self.waiting = rest[length:]
            if self.delay:
                asyncio.get_running_loop().call_later(self.delay, self.answer)
            else:
                self.answer()

    def answer(self):
        body = b'[{"id":"%s","status":"dialing"}]' % str(uuid.uuid4()).encode()
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )


async def main():
    delay = float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(delay), "127.0.0.1", int(sys.argv[1]), backlog=1024
    )
    await server.serve_forever()


asyncio.run(main())
