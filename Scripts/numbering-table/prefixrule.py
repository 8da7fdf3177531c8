# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""A region's national prefix rule, followed thread by thread in a backtracking matcher's order."""

import re

from digitpattern import Program

# A thread: (instruction or None once matched, open group, whether the last group took part, state of the digits after
# the prefix, state of the transformed number, digits taken, first digit and count of the digits the rule keeps).
# An edit: (leading digits dropped, digits put in front, first and count of dropped digits that follow those).
UNCHANGED = (0, "", 0, 0)


class PrefixRule:
    """The rule of a region's metadata over numbers that are judged by an automaton with these `moves`.

    `tracks`: whether threads count their digits, which edits need and which costs states.
    """

    def __init__(self, metadata, moves, tracks=False):
        self.moves = moves
        self.tracks = tracks
        self.program = Program()
        self.rule_group, self.literal, self.groups, self.start = 0, "", 0, ()
        if not metadata.national_prefix_for_parsing:
            return
        first, self.groups = self.program.add(metadata.national_prefix_for_parsing)
        transformed = 0
        if metadata.national_prefix_transform_rule:
            parts = re.fullmatch(r"(\d*)\\(\d)", metadata.national_prefix_transform_rule)
            if parts is None:
                raise ValueError(f"transform rule {metadata.national_prefix_transform_rule!r}")
            self.literal, self.rule_group = parts.group(1), int(parts.group(2))
            for digit in self.literal:
                transformed = moves[transformed][int(digit)]
        self.start = self._settle([(first, 0, False, 0, transformed, 0, 0, 0)])

    def _settle(self, threads):
        """Follows every thread to its next character; what comes after a finished one can no longer win."""
        settled, seen = [], set()
        for thread in threads:
            if self._follow(thread, settled, seen):
                break
        return tuple(settled)

    def _follow(self, thread, settled, seen):
        at, group, last, rest, transformed, taken, start, length = thread
        if at is None:
            settled.append(thread)
            return True
        if at in seen:
            return False
        seen.add(at)
        instruction = self.program.code[at]
        kind = instruction[0]
        if kind == "split":
            return any(self._follow((target, *thread[1:]), settled, seen) for target in instruction[1])
        if kind == "open":
            if instruction[1] == self.rule_group:
                start = taken
            return self._follow((instruction[2], instruction[1], last, rest, transformed, taken, start, length),
                                settled, seen)
        if kind == "close":
            last = last or instruction[1] == self.groups
            return self._follow((instruction[2], 0, last, rest, transformed, taken, start, length), settled, seen)
        if kind == "match":
            settled.append((None, 0, *thread[2:]))
            return True
        settled.append(thread)
        return False

    def step(self, threads, digit):
        moves = self.moves
        count = int(self.tracks)
        moved = []
        for at, group, last, rest, transformed, taken, start, length in threads:
            if at is None:
                moved.append((None, 0, last, moves[rest][digit], moves[transformed][digit], taken, start, length))
                continue
            instruction = self.program.code[at]
            if instruction[0] == "char" and instruction[1] >> digit & 1:
                captured = bool(group and group == self.rule_group)
                following = moves[transformed][digit] if captured else transformed
                moved.append((instruction[2], group, last, rest, following,
                              taken + count, start, length + count * captured))
        return self._settle(moved)

    def outcome(self, threads):
        """(state of the number without its prefix, edit) where the digits end here; None where nothing matched."""
        for at, _, last, rest, transformed, taken, start, length in threads:
            if at is not None and self.program.code[at][0] != "end":
                continue
            if not (self.rule_group and last):
                return rest, (taken, "", 0, 0)
            if start + length == taken:
                return transformed, (start, self.literal, 0, 0)
            return transformed, (taken, self.literal, start, length)
        return None
