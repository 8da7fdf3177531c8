# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0

"""Asks a gateway with curl, prints what was asked and answered, and holds answers against printed ones."""

import json
import re
import subprocess
import time

from api_checks.demo_gateway import CheckError

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEGACY_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


class Session:
    """One caller's requests to one gateway."""

    def __init__(self, gateway, token, quiet):
        self.gateway, self.token, self.is_quiet = gateway, token, quiet
        self.requests, self.checks = 0, 0
        self.failures, self.retired = [], []

    def raw(self, method, path, body=None, headers=()):
        """Asks once: status, header fields and what was answered."""
        command = ["curl", "--silent", "--show-error", "--include", "--path-as-is", "--max-time", "20"]
        command += ["--request", method, self.gateway.url + path]
        for header in headers:
            command += ["--header", header]
        if body is not None:
            command += ["--header", "Content-Type: application/json", "--data-raw", json.dumps(body)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise CheckError(f"{method} {path}: {done.stderr.strip()}")
        self.requests += 1
        head, _, text = done.stdout.partition("\n\n")
        lines = head.split("\n")
        fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        return int(lines[0].split()[1]), fields, json.loads(text) if text.strip() else None

    def quiet(self, method, path, body=None):
        """Asks in the caller's name without a word; the answer must be a success."""
        status, _, answer = self.raw(method, path, body, self._credentials())
        self.must(status == 200, f"{method} {path} is 200, not {status}: {answer}")
        return answer

    def ask(self, title, method, path, body=None, status=200, error=None, shown=None, retired=()):
        """Asks in the caller's name and holds the answer against one that a document shows."""
        return self._asked(title, method, path, body, self._credentials(), status, error, shown, retired)

    def example(self, title, example, status=200, error=None, shown=False, retired=()):
        """Asks as a document's example does, with its way of giving the token."""
        path = re.sub(r"token=(<YOUR_AUTH_TOKEN>|eyJhbGcslkj)", f"token={self.token}", example.path)
        fill = lambda text: re.sub(r"<(YOUR_AUTH_TOKEN|token)>", self.token, text)
        headers = [fill(header) for header in example.headers if not header.startswith("Content-Type")]
        shown = (example.answer if status == 200 else None) if shown is False else shown
        return self._asked(title, example.method, path, example.body, headers, status, error, shown, retired)

    def until(self, path, condition):
        """Asks until the answer is as it should be, for ten seconds at most."""
        answer = None
        for _ in range(100):
            answer = self.quiet("GET", path)
            if condition(answer):
                return answer
            time.sleep(0.1)
        self.must(False, f"{path} does not come to where it should: {answer}")
        return answer

    def must(self, is_so, words):
        """Notes a failure unless it is so."""
        self.checks += 1
        if not is_so:
            self.failures.append(words)
            print(f"  DIFFERS: {words}", flush=True)

    def note(self, words):
        """Says what differs on purpose."""
        if not self.is_quiet:
            print(f"\n  on purpose: {words}")

    def _credentials(self):
        return [f"Authorization: Bearer {self.token}"] if self.token else []

    def _asked(self, title, method, path, body, headers, status, error, shown, retired):
        found, _, answer = self.raw(method, path, body, headers)
        if not self.is_quiet:
            self._show(title, method, path, body, found, answer, shown)
        self.must(found == status, f"{title}: status {status}, not {found}: {answer}")
        if error is not None:
            self.must((answer or {}).get("error") == error, f"{title}: error {error}, not {answer}")
        if found != status:
            raise CheckError(f"{title}: cannot go on after status {found}: {answer}")
        if shown is not None:
            for problem in differences(shown, answer, retired, self.retired):
                self.must(False, f"{title}: {problem}")
            self.checks += 1
        return answer

    def _show(self, title, method, path, body, status, answer, shown):
        shown_path = re.sub(r"(token|accesskey)=[^&]+", r"\1=…", path)
        print(f"\n== {title}: {method} {shown_path}  -> {status}")
        if body is not None:
            print("   " + json.dumps(body, ensure_ascii=False)[:300])
        left = json.dumps(shown, indent=1).split("\n") if shown is not None else []
        right = json.dumps(answer, indent=1).split("\n") if answer is not None else []
        lines = max(len(left), len(right))
        for place in range(min(lines, 60)):
            sides = [side[place] if place < len(side) else "" for side in (left, right)]
            print(f"   {sides[0][:58]:<58} | {sides[1][:80]}")
        if lines > 60:
            print(f"   … {lines - 60} lines more")


def differences(shown, answer, retired=(), met=None, path="$"):
    """What of an answer is not of the shape of one that a document shows; retired keys that are met are noted."""
    if isinstance(shown, dict):
        if not isinstance(answer, dict):
            return [f"{path} is no object"]
        problems = []
        for key, value in shown.items():
            if key in answer:
                problems += differences(value, answer[key], retired, met, f"{path}.{key}")
            elif key in retired:
                met.append(retired[key])
            else:
                problems.append(f"{path}.{key} is missing")
        return problems
    if isinstance(shown, list):
        if not isinstance(answer, list):
            return [f"{path} is no list"]
        return differences(shown[0], answer[0], retired, met, f"{path}[0]") if shown and answer else []
    return scalar_differences(shown, answer, retired, met, path)


def scalar_differences(shown, answer, retired, met, path):
    key = path.rsplit(".", 1)[-1]
    if key.startswith("tm_"):
        return time_differences(shown, answer, retired, met, path)
    if shown is None:
        return []
    if type(shown) is not type(answer):
        return [f"{path} is {answer!r}, shown as {shown!r}"]
    if isinstance(shown, str) and UUID.fullmatch(shown) and not UUID.fullmatch(answer):
        return [f"{path} is {answer!r}, no UUID"]
    return []


def time_differences(shown, answer, retired, met, path):
    """Times have the form shown; those of S1's calls, which `retired` is for, have S3's."""
    is_legacy = shown is not None and (shown == "" or LEGACY_TIME.fullmatch(shown))
    if is_legacy and retired:
        met.append("earlier")
    form = LEGACY_TIME if is_legacy and not retired else TIME
    if answer is None:
        return [] if form is TIME and not path.endswith(".tm_create") else [f"{path} is null"]
    return [] if isinstance(answer, str) and form.fullmatch(answer) else [f"{path} is {answer!r}, shown as {shown!r}"]
