#!/usr/bin/env python3
# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes Sources/NumberingPlan/GeneratedTable*.swift and the golden sample of its tests from the library's metadata.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

The same metadata always gives the same bytes. The table is one automaton over digits, as 16-bit words:

* an entry per country calling code: the code, its main country (0 when none), the word its first state begins at;
* a state: a head word (bit 15: a label word follows; bits 0...8: bit d says that digit d + 1 leads elsewhere than
  digit d), the label word if any, then a target per run of equal digits, as the word that target begins at;
* a label word: country (two letters of five bits, 0: the calling code's main one) << 5 | class << 1 | whether the class
  was found only after a national prefix was dropped. No label word: label 0.
"""

import argparse
import base64
import pathlib
import struct

import phonenumbers

import sample
from automaton import explore, minimise
from callingcode import CLASSES, WORLD, automaton_of, regions_of

HEADER = "// Copyright 2026 The Tollgate Authors\n// SPDX-License-Identifier: Apache-2.0\n\n"
NOTICE = "// Written by Scripts/numbering-table/generate.py; not to be edited.\n\n"
LINE_WIDTH = 112
LINES_PER_FILE = 480


def packed_country(region):
    return (ord(region[0]) - 64) << 5 | (ord(region[1]) - 64)


def label_word(label, main):
    region, kind, stripped = label
    country = 0 if region is None or region == main else packed_country(region)
    return country << 5 | CLASSES.index(kind) << 1 | int(stripped)


def combined():
    """One minimal automaton for all calling codes, and the state each code starts at."""
    moves, labels, starts = [], [], {}
    for code in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE):
        part = automaton_of(code)
        base = starts[code] = len(moves)
        moves += [[base + target for target in row] for row in part.moves]
        labels += [label_word(label, regions_of(code)[0]) for label in part.labels]
    # Minimisation wants one start: a chain of nodes labelled by calling code that reaches every automaton.
    first = len(moves)
    for number, code in enumerate(starts):
        following = min(first + number + 1, first + len(starts) - 1)
        moves.append([starts[code]] + [following] * 9)
        labels.append(-code)
    whole = minimise(explore(first, lambda state, digit: moves[state][digit], lambda state: labels[state]))
    state = 0
    for code in starts:
        starts[code] = whole.moves[state][0]
        state = whole.moves[state][1]
    return whole, starts


def state_words(row, label, offset_of):
    head, targets = 0x8000 if label else 0, [row[0]]
    for digit in range(1, 10):
        if row[digit] != row[digit - 1]:
            head |= 1 << (digit - 1)
            targets.append(row[digit])
    return [head] + ([label] if label else []) + [offset_of[target] for target in targets]


def words_of(automaton, starts):
    kept = [state for state, label in enumerate(automaton.labels) if label >= 0]
    zeros = [0] * len(automaton.labels)
    offset_of, at = {}, 3 * len(starts)
    for state in kept:
        offset_of[state] = at
        at += len(state_words(automaton.moves[state], automaton.labels[state], zeros))
    if at > 0xFFFF:
        raise SystemExit(f"{at} words: the table no longer fits 16-bit offsets")
    words = []
    for code, state in starts.items():
        main = regions_of(code)[0]
        words += [code, 0 if main == WORLD else packed_country(main), offset_of[state]]
    for state in kept:
        words += state_words(automaton.moves[state], automaton.labels[state], offset_of)
    return words


def write_table(directory, words, entries):
    text = base64.b64encode(struct.pack(f"<{len(words)}H", *words)).decode()
    lines = [text[at:at + LINE_WIDTH] for at in range(0, len(text), LINE_WIDTH)]
    parts = [lines[at:at + LINES_PER_FILE] for at in range(0, len(lines), LINES_PER_FILE)]
    for stale in directory.glob("GeneratedTable*.swift"):
        stale.unlink()
    names = [f"part{number}" for number in range(1, len(parts) + 1)]
    (directory / "GeneratedTable.swift").write_text(
        HEADER + NOTICE
        + "/// The numbering table: base64 of little-endian 16-bit words.\n"
        + "enum GeneratedTable {\n"
        + f"    static let metadataVersion = \"libphonenumber {phonenumbers.__version__}\"\n"
        + f"    static let callingCodeCount = {entries}\n"
        + f"    static let wordCount = {len(words)}\n"
        + f"    static var parts: [StaticString] {{ [{', '.join(names)}] }}\n"
        + "}\n")
    for name, part in zip(names, parts):
        body = "".join(f"        {line}\\\n" for line in part[:-1]) + f"        {part[-1]}\n"
        (directory / f"GeneratedTable{name.capitalize()}.swift").write_text(
            HEADER + NOTICE + "extension GeneratedTable {\n"
            + f"    static let {name}: StaticString = \"\"\"\n{body}        \"\"\"\n}}\n")


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=root, help="the repository to write into")
    root = parser.parse_args().root
    automaton, starts = combined()
    words = words_of(automaton, starts)
    write_table(root / "Sources" / "NumberingPlan", words, len(starts))
    fixtures = root / "Tests" / "NumberingPlanTests" / "Fixtures"
    fixtures.mkdir(parents=True, exist_ok=True)
    count = sample.write(fixtures / "numbers.tsv")
    print(f"{phonenumbers.__version__}: {len(starts)} calling codes, {len(words)} words, {count} sample numbers")


if __name__ == "__main__":
    main()
