# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0

"""A gateway of its own for a check: on free ports of 127.0.0.1, with the demonstration's accounts and a new store."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
UNLIMITED = {"per_second": 0, "burst": 0}


class CheckError(Exception):
    """What kept a check from being made."""


def free_port(kind):
    """A port that nobody listens on at the moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class DemoGateway:
    """`with DemoGateway() as gateway:` runs it; it is ended by its process id."""

    def __init__(self, log_level="info", rate_limits=False):
        self.binary = REPOSITORY / ".build/debug/tollgate"
        if not self.binary.exists():
            raise CheckError("the gateway is not built; run `make build` first")
        self.folder = tempfile.TemporaryDirectory(prefix="tollgate-api-")
        self.path = pathlib.Path(self.folder.name)
        self.api_port = free_port(socket.SOCK_STREAM)
        self.url = f"http://127.0.0.1:{self.api_port}"
        self._write(log_level, rate_limits)
        self.process = None

    def _write(self, log_level, rate_limits):
        sip, trunk = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
        api = {"address": "127.0.0.1", "port": self.api_port}
        if not rate_limits:
            api["rate_limits"] = {
                "auth_per_address": UNLIMITED,
                "logins_per_username": {"per_minute": 0, "burst": 0},
                "requests_per_address": UNLIMITED,
                "requests_per_customer": UNLIMITED,
            }
        provisioning = (REPOSITORY / "config/demo-provisioning.yaml").read_text()
        provisioning, changed = re.subn(r"(?m)^    port: 5070$", f"    port: {trunk}", provisioning)
        if changed != 1:
            raise CheckError("config/demo-provisioning.yaml has no trunk at port 5070 any more; adapt this script")
        (self.path / "provisioning.yaml").write_text(provisioning)
        configuration = {
            "sip": {
                "listen": [{"transport": "udp", "address": "127.0.0.1", "port": sip}],
                "domains": ["demo.tollgate.example", "localhost"],
                "realm": "demo.tollgate.example",
            },
            "demo_trunk": {"enabled": True, "address": "127.0.0.1", "port": trunk},
            "control_api": api,
            "store": {"path": str(self.path / "calls.db")},
            "logging": {"level": log_level, "caller_numbers": "full"},
            "drain_seconds": 1,
            "provisioning": "provisioning.yaml",
        }
        # JSON is YAML.
        (self.path / "gateway.yaml").write_text(json.dumps(configuration, indent=2))

    @property
    def log(self):
        """Everything that the gateway has written."""
        return (self.path / "gateway.log").read_text(errors="replace")

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def __enter__(self):
        with open(self.path / "gateway.log", "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--config", self.path / "gateway.yaml"],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        try:
            self._await_answer()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _await_answer(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not self.is_running:
                raise CheckError(f"the gateway ended at once:\n{self.log}")
            try:
                urllib.request.urlopen(self.url + "/ping", timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise CheckError(f"the gateway does not answer at {self.url}:\n{self.log}")

    def __exit__(self, *_):
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()

    def login(self, username, password):
        """A token of one of the demonstration's agents."""
        request = urllib.request.Request(
            self.url + "/auth/login",
            json.dumps({"username": username, "password": password}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["token"]
