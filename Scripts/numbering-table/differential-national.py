#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Asks a command and libphonenumber about the same digits dialled inside regions and prints where they disagree.

    venv/bin/python differential-national.py --command '.build/release/tollgate number --region - -' --count 2000000

The command reads lines of a region and digits and answers each with: digits, canonical form, country or -, class, and
perhaps the length verdict (possible, too-short, too-long, invalid, local-only, or `international` and the digit count
of the international prefix), tab separated. Digits it refuses it answers with -, - and `refused: reason`. Asked are
every example number in national spellings, a foreign number behind every international prefix, all digits up to three,
and random digits. The exit status is 1 when the two disagree.

The rules, beside those of differential.py:

* Digits behind an international prefix stay as they are dialled, as behind a `+`; the library would drop a national
  prefix from them too. There the count of the prefix's digits is compared, and what is behind it as a number with `+`.
* A canonical form has 7 to 15 digits. A command may refuse what the library makes shorter or longer numbers of, and
  what the library itself says is of no possible length.
* `ta`, which is no country of ISO 3166-1, is not asked about.
"""

import functools

import nationalsample
import sample
from differential import answers, run

expected = functools.lru_cache(maxsize=1 << 16)(sample.expected)


def agrees(reply, region, digits):
    number, verdict = nationalsample.reading(region, digits)
    wanted = ["-", "-"] if number == "-" else list(expected(number))
    if len(reply) > 4 and reply[4] != verdict:
        return None, [number, *wanted, verdict]
    if reply[0] == digits and reply[1:4] == [number, *wanted] and number != "-":
        return "agree", None
    if number != "-" and reply[1:4] == [number, "by", "premium"] and sample.is_kept_literal(number):
        return "kept as dialled (+375 810)", None
    refused = reply[1:3] == ["-", "-"] and reply[3].startswith("refused: ")
    if refused and number == "-":
        return "refused, no number of 7 to 15 digits", None
    if refused and verdict != "possible" and not verdict.startswith("international"):
        return "refused, no possible length", None
    return None, [number, *wanted, verdict]


def compare(command, questions, seen):
    found = []
    lines = [f"{region.lower()}\t{digits}" for region, digits in questions]
    for (region, digits), reply in zip(questions, answers(command, lines)):
        outcome, wanted = agrees(reply, region, digits)
        seen[outcome or "disagree"] += 1
        if outcome is None:
            found.append((f"{region} {digits}", reply[1:], wanted))
    return found


def chosen(_):
    return (question for region in nationalsample.REGIONS if region != "TA"
            for question in dict.fromkeys((region, digits) for digits in nationalsample.fixed(region))
            if nationalsample.is_allowed(question[1]))


def endless(seed):
    return (question for question in nationalsample.random_dialled(seed) if question[0] != "TA")


if __name__ == "__main__":
    run(__doc__.splitlines()[0], compare, chosen, endless)
