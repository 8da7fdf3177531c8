#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Asks a command and libphonenumber about the same numbers and prints where they disagree.

    venv/bin/python differential.py --command '.build/release/tollgate number -' --count 2000000

The command reads a number per line and answers each with: input, canonical form, country or -, class, tab separated.
Asked are every example number, every calling code from 1 to 999, every area code of calling code 1, every three leading
digits of every region at lengths around the possible ones, neighbours of valid numbers of every class, and random
numbers. The exit status is 1 when the two disagree.

One rule of the table differs from the library's and is counted apart: digits that are valid as they stand keep their
class though the library would drop a prefix (Belarus' premium range +375 810, whose 8 it takes for the prefix).
"""

import argparse
import collections
import itertools
import shlex
import subprocess
import sys

import sample

BATCH = 50_000


def answers(command, lines):
    """The command's answers, split into fields."""
    text = "".join(line + "\n" for line in lines)
    done = subprocess.run(shlex.split(command), input=text, capture_output=True, text=True, check=True)
    replies = [line.split("\t") for line in done.stdout.splitlines()]
    if len(replies) != len(lines):
        raise SystemExit(f"{len(lines)} lines asked, {len(replies)} answered")
    return replies


def compare(command, numbers, seen):
    """Counts into `seen`; returns the disagreements as (number, ours, the library's)."""
    found = []
    for number, reply in zip(numbers, answers(command, numbers)):
        wanted = [number, number, *sample.expected(number)]
        if reply == wanted:
            seen["agree, unassigned" if wanted[3] == "unassigned" else "agree, assigned"] += 1
        elif sample.is_kept_literal(number) and reply == [number, number, "by", "premium"]:
            seen["kept as dialled (+375 810)"] += 1
        else:
            seen["disagree"] += 1
            found.append((number, reply[1:], wanted[1:]))
    return found


def run(summary, compare, fixed, endless):
    """Reads the options, compares what is fixed and as much of the endless as asked for, prints and exits."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--command", required=True, help="the command to ask, split as a shell would")
    parser.add_argument("--count", type=int, default=300_000, help="how many random questions")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    stream = itertools.chain(fixed(options.seed), itertools.islice(endless(options.seed), options.count))
    seen, found, asked = collections.Counter(), [], 0
    while batch := list(itertools.islice(stream, BATCH)):
        asked += len(batch)
        found += compare(options.command, batch, seen)
    for question, ours, theirs in found[:100]:
        print(question, "ours", *ours, "library", *theirs, sep="\t")
    print(f"{asked - options.count} chosen, {options.count} random:", dict(seen))
    sys.exit(1 if found else 0)


def chosen(seed):
    numbers = itertools.chain(sample.examples(), sample.area_codes(), sample.calling_codes(),
                              sample.leading_digits(seed), sample.edges(seed))
    return (number for number in dict.fromkeys(numbers) if sample.is_dialable(number))


if __name__ == "__main__":
    run(__doc__.splitlines()[0], compare, chosen, sample.random_numbers)
