# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0

"""Reads the examples of the API's documents: requests, and the answers printed after them."""

import dataclasses
import json
import re
import shlex
import urllib.parse


@dataclasses.dataclass
class Example:
    """A request of a document, and its answer where one is printed."""

    method: str
    path: str
    headers: list
    body: object
    answer: object


def json_at(text):
    """The JSON value that a text starts with, after blanks; None when it starts with none."""
    text = text.lstrip()
    if text[:1] not in ("{", "["):
        return None
    text = re.sub(r"(?m)\s+//[^\n\"]*$", "", text)
    text = re.sub(r",\s*\n\s*\.\.\.\s*(?=\n)", "", text)
    return json.JSONDecoder().raw_decode(text)[0]


def curl_examples(text):
    """The examples that are curl commands, in order."""
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        if not re.match(r"\s*\$ curl ", lines[place]):
            place += 1
            continue
        command = lines[place].strip()[2:]
        place += 1
        while not is_whole(command):
            command += "\n" + lines[place]
            place += 1
        yield from_curl(shlex.split(command.replace("\\\n", " ")), json_at("\n".join(lines[place:])))


def is_whole(command):
    """Whether a command of the shell ends here."""
    if command.rstrip(" ").endswith("\\"):
        return False
    try:
        shlex.split(command)
        return True
    except ValueError:
        return False


def from_curl(words, answer):
    example = Example("GET", "", [], None, answer)
    for word, value in zip(words, words[1:] + [""]):
        if word == "--request":
            example.method = value
        elif word == "--header":
            example.headers.append(value)
        elif word == "--data-raw":
            example.body = json.loads(value)
        elif word.startswith("https://"):
            url = urllib.parse.urlsplit(word)
            example.path = url.path + (f"?{url.query}" if url.query else "")
    return example


def plain_examples(text):
    """The examples that are a request line, header fields and perhaps a body, in order."""
    found = re.finditer(r"(?m)^(GET|PUT) https://[^/\s]+(/\S+)\n((?:[A-Z][\w-]+: .*\n?)+)", text)
    for match in found:
        rest = text[match.end() :]
        body = json_at(rest) if match[1] == "PUT" else None
        own = re.split(r"(?m)^(?:GET|PUT) https://|^Step |^Note$", rest)[0]
        answer = json_at(own.split("Response:\n", 1)[1]) if "Response:\n" in own else None
        yield Example(match[1], match[2], match[3].strip().split("\n"), body, answer)
