# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Automata as 16-bit words, and words as Swift source.

A state is a head word (bit 15: a label word follows; bits 0...8: bit d says that digit d + 1 leads elsewhere than
digit d), the label word if any, then a target per run of equal digits, as the word that target begins at. A state
without a label word has label 0.
"""

import base64
import struct

from automaton import explore, minimise

HEADER = "// Copyright 2026 The Tollgate Authors\n// SPDX-License-Identifier: Apache-2.0\n\n"
NOTICE = "// Written by Scripts/numbering-table/generate.py; not to be edited.\n\n"
LINE_WIDTH = 112
LINES_PER_FILE = 480


def combined(parts):
    """One minimal automaton for all `parts`, whose labels are numbers, and the state each of them starts at."""
    moves, labels, starts = [], [], []
    for part in parts:
        base = len(moves)
        starts.append(base)
        moves += [[base + target for target in row] for row in part.moves]
        labels += part.labels
    # Minimisation wants one start: a chain of nodes with labels of their own that reaches every automaton.
    first = len(moves)
    for number, start in enumerate(starts):
        following = min(first + number + 1, first + len(starts) - 1)
        moves.append([start] + [following] * 9)
        labels.append(-number - 1)
    whole = minimise(explore(first, lambda state, digit: moves[state][digit], lambda state: labels[state]))
    state = 0
    for number in range(len(starts)):
        starts[number] = whole.moves[state][0]
        state = whole.moves[state][1]
    return whole, starts


def _state_words(row, label, offset_of):
    head, targets = 0x8000 if label else 0, [row[0]]
    for digit in range(1, 10):
        if row[digit] != row[digit - 1]:
            head |= 1 << (digit - 1)
            targets.append(row[digit])
    return [head] + ([label] if label else []) + [offset_of[target] for target in targets]


def laid_out(automaton, base):
    """(words of the states when the first of them is word `base`, the word each state begins at)."""
    kept = [state for state, label in enumerate(automaton.labels) if label >= 0]
    zeros = [0] * len(automaton.labels)
    offset_of, at = {}, base
    for state in kept:
        offset_of[state] = at
        at += len(_state_words(automaton.moves[state], automaton.labels[state], zeros))
    if at > 0xFFFF:
        raise SystemExit(f"{at} words: the table no longer fits 16-bit offsets")
    words = []
    for state in kept:
        words += _state_words(automaton.moves[state], automaton.labels[state], offset_of)
    return words, offset_of


def packed_country(region):
    return (ord(region[0]) - 64) << 5 | (ord(region[1]) - 64)


def packed_digits(text):
    """Up to four digits in a word, the first lowest; F where there is none."""
    if len(text) > 4:
        raise SystemExit(f"{text}: more than four digits")
    return sum((int(text[place]) if place < len(text) else 0xF) << 4 * place for place in range(4))


def write_table(directory, name, summary, constants, words):
    """Writes `name`.swift with the constants and `name`Part1.swift and so on with the words."""
    text = base64.b64encode(struct.pack(f"<{len(words)}H", *words)).decode()
    lines = [text[at:at + LINE_WIDTH] for at in range(0, len(text), LINE_WIDTH)]
    parts = [lines[at:at + LINES_PER_FILE] for at in range(0, len(lines), LINES_PER_FILE)]
    for stale in directory.glob(f"{name}*.swift"):
        stale.unlink()
    names = [f"part{number}" for number in range(1, len(parts) + 1)]
    constants = constants + [("wordCount", len(words))]
    (directory / f"{name}.swift").write_text(
        HEADER + NOTICE
        + f"/// {summary}: base64 of little-endian 16-bit words.\n"
        + f"enum {name} {{\n"
        + "".join(f"    static let {constant} = {value}\n" for constant, value in constants)
        + f"    static var parts: [StaticString] {{ [{', '.join(names)}] }}\n"
        + "}\n")
    for part_name, part in zip(names, parts):
        body = "".join(f"        {line}\\\n" for line in part[:-1]) + f"        {part[-1]}\n"
        (directory / f"{name}{part_name.capitalize()}.swift").write_text(
            HEADER + NOTICE + f"extension {name} {{\n"
            + f"    static let {part_name}: StaticString = \"\"\"\n{body}        \"\"\"\n}}\n")
