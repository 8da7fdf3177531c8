#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Asks a command and libphonenumber about the same numbers and prints where they disagree.

    venv/bin/python differential.py --command '.build/release/tollgate number -' --count 2000000

The command reads a number per line and answers each with: input, canonical form, country or -, class, tab separated.
The exit status is 1 when the two disagree.
"""

import argparse
import collections
import itertools
import shlex
import subprocess
import sys

import sample

BATCH = 50_000


def answers(command, numbers):
    text = "".join(number + "\n" for number in numbers)
    done = subprocess.run(shlex.split(command), input=text, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def compare(command, numbers, seen):
    """Counts into `seen`; returns the disagreements as (number, ours, the library's)."""
    found = []
    replies = answers(command, numbers)
    if len(replies) != len(numbers):
        raise SystemExit(f"{len(numbers)} numbers asked, {len(replies)} answered")
    for number, reply in zip(numbers, replies):
        wanted = [number, number, *sample.expected(number)]
        if reply == wanted:
            seen["agree, unassigned" if wanted[3] == "unassigned" else "agree, assigned"] += 1
        elif sample.is_kept_literal(number) and reply == [number, number, "by", "premium"]:
            seen["kept as dialled (+375 810)"] += 1
        else:
            seen["disagree"] += 1
            found.append((number, reply[1:], wanted[1:]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", required=True, help="the command to ask, split as a shell would")
    parser.add_argument("--count", type=int, default=300_000, help="how many random numbers")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fixed = [number for number in sample.examples() + sample.area_codes() if sample.is_dialable(number)]
    stream = itertools.chain(fixed, itertools.islice(sample.random_numbers(options.seed), options.count))
    seen, found = collections.Counter(), []
    while batch := list(itertools.islice(stream, BATCH)):
        found += compare(options.command, batch, seen)
    for number, ours, theirs in found[:100]:
        print(number, "ours", *ours, "library", *theirs, sep="\t")
    print(f"{len(fixed)} examples and area codes, {options.count} random:", dict(seen))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
