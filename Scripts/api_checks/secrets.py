# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0

"""Uses every kind of secret at a gateway that logs all it can, and looks for them in its log."""

import json
import urllib.error
import urllib.request

from api_checks.demo_gateway import CheckError, DemoGateway


def ask(gateway, method, path, body=None, token=None, bearable=()):
    """Asks once; an error's status must be a bearable one."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(gateway.url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code in bearable:
            return {}
        raise CheckError(f"{method} {path}: {error.code}: {error.read().decode(errors='replace')}") from error


def leaked_secrets():
    """The names of the secrets that are in the log; empty when none is."""
    with DemoGateway(log_level="trace") as gateway:
        found = use_secrets(gateway)
        log = gateway.log
    if "login refused" not in log:
        raise CheckError("the gateway's log has not even the refused login in it, so it proves nothing")
    return sorted(name for name, secret in found.items() if secret in log)


def use_secrets(gateway):
    """Gives and gets secrets; returns them by name."""
    secrets = {
        "an agent's password": "demo-customer",
        "a wrong password": "wrong-password-5d1c",
        "a new password": "new-password-8a2e",
        "an extension's password": "extension-password-77b0",
        "a webhook's secret": "webhook-secret-1f4d",
        "a trunk's password": "trunk-demo",
        "an endpoint's password": "alice-demo",
    }
    token, operator = gateway.login("demo", "demo-customer"), gateway.login("admin", "admin-demo")
    wrong = {"username": "demo", "password": secrets["a wrong password"]}
    ask(gateway, "POST", "/auth/login", wrong, bearable=[400])
    key = ask(gateway, "POST", "/v1.0/accesskeys", {"name": "log", "expire": 86400}, token)["token"]
    ask(gateway, "GET", f"/v1.0/me?accesskey={key}")
    ask(gateway, "GET", f"/v1.0/me?accesskey={key[:-1]}", bearable=[401])
    ask(gateway, "GET", f"/v1.0/me?token={token}")
    ask(gateway, "GET", f"/v1.0/me?token={token[:-5]}", bearable=[401])
    extension = {"extension": "4711", "username": "log", "password": secrets["an extension's password"]}
    ask(gateway, "POST", "/v1.0/extensions", extension, token, bearable=[400, 404])
    ask(gateway, "PUT", "/v1.0/customer", {"webhook_secret": secrets["a webhook's secret"]}, token)
    agent = {"username": "second", "password": secrets["a new password"], "permission": 1}
    made = ask(gateway, "POST", "/v1.0/agents", agent, operator)
    ask(gateway, "PUT", f"/v1.0/agents/{made['id']}", {"password": secrets["a new password"] + "!"}, operator)
    signature = token.rsplit(".", 1)[1]
    return secrets | {"a token": token[:60], "a token's signature": signature[:-5], "an access key": key[:-1]}
