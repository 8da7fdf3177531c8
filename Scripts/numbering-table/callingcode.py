# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""One automaton per country calling code, over the digits that follow the code.

A string's label is (region, class, whether a national prefix was dropped): what the library's
`parse("+" + code + digits)` followed by `region_code_for_number` and `number_type` answers, including the national
prefix that `parse` strips. The region is None where no country stands behind the code.

One rule differs: digits that are valid as they stand are never read with a prefix stripped, because the digits that
are judged are the digits that are dialled. (The library strips the 8 of Belarus' premium range +375 810 and then
knows it no more.)
"""

import re

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from automaton import explore, minimise
from digitpattern import Program

# The classes in the library's order of precedence; the order of CLASSES is the table's numbering.
SPECIAL = ["premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail"]
CLASSES = ["unassigned", "fixed_line", "mobile", "fixed_or_mobile", *SPECIAL, "global_service"]
WORLD = "001"
# Longer than any number of 15 digits becomes, even when a prefix rule adds digits.
LENGTH_CAP = 20


def regions_of(code):
    return phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]


def metadata_of(code, region):
    return PhoneMetadata.metadata_for_region_or_calling_code(code, region)


class _Literal:
    """Digits taken as they stand: state = (pattern positions, length so far)."""

    def __init__(self, code):
        self.regions = [(region, metadata_of(code, region)) for region in regions_of(code)]
        self.main = self.regions[0][1]
        self.program = Program()
        starts = []
        for region, metadata in self.regions:
            for kind in ["general_desc", "fixed_line", "mobile", *SPECIAL]:
                description = getattr(metadata, kind)
                if description is not None and description.national_number_pattern:
                    starts.append(self.program.add(description.national_number_pattern, (region, kind))[0])
            if metadata.leading_digits is not None:
                starts.append(self.program.add(metadata.leading_digits, (region, "leading_digits"), whole=False)[0])
        self.start = (self._closure(starts), 0)

    def _closure(self, positions):
        seen, stack, kept = set(), list(positions), set()
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            instruction = self.program.code[at]
            if instruction[0] == "split":
                stack.extend(instruction[1])
            elif instruction[0] in ("open", "close"):
                stack.append(instruction[2])
            else:
                kept.add(at)
        return frozenset(kept)

    def step(self, state, digit):
        positions, length = state
        code = self.program.code
        moved = [code[at][2] for at in positions if code[at][0] == "char" and code[at][1] >> digit & 1]
        return (self._closure(moved), min(length + 1, LENGTH_CAP))

    def label(self, state):
        """(answer, matches the main region's general pattern, has a length that allows stripping)."""
        positions, length = state
        tags = {self.program.code[at][1] for at in positions if self.program.code[at][0] == "match"}
        general = (self.regions[0][0], "general_desc") in tags
        return (self._answer(tags, length), general, self._length_allows(length))

    def _length_allows(self, length):
        possible = self.main.general_desc.possible_length
        if length in self.main.general_desc.possible_length_local_only:
            return False
        return length in possible or length > possible[-1]

    def _answer(self, tags, length):
        region, metadata = self._region(tags, length)
        if region is None:
            main = self.regions[0][0]
            return (None if main == WORLD else main, "unassigned", False)
        kind = self._class(region, metadata, tags, length)
        if region == WORLD:
            return (None, "unassigned" if kind == "unassigned" else "global_service", False)
        return (region, kind, False)

    def _region(self, tags, length):
        if len(self.regions) == 1:
            return self.regions[0]
        for region, metadata in self.regions:
            if metadata.leading_digits is not None:
                if (region, "leading_digits") in tags:
                    return region, metadata
            elif self._class(region, metadata, tags, length) != "unassigned":
                return region, metadata
        return None, None

    @staticmethod
    def _class(region, metadata, tags, length):
        def matches(kind):
            description = getattr(metadata, kind)
            if description is None or (description.possible_length and length not in description.possible_length):
                return False
            return (region, kind) in tags

        if not matches("general_desc"):
            return "unassigned"
        for kind in SPECIAL:
            if matches(kind):
                return kind
        if matches("fixed_line"):
            same = metadata.same_mobile_and_fixed_line_pattern
            return "fixed_or_mobile" if same or matches("mobile") else "fixed_line"
        if not metadata.same_mobile_and_fixed_line_pattern and matches("mobile"):
            return "mobile"
        return "unassigned"


class _Stripping:
    """The national prefix rule of the main region, followed thread by thread in a backtracking matcher's order.

    State = (state of the digits as they stand, threads). A thread is (instruction or None once matched, open group,
    last group taken part, state of the rest after the prefix, state of the transformed number).
    """

    def __init__(self, literal, main):
        self.literal = literal
        self.program = Program()
        first, self.groups = self.program.add(main.national_prefix_for_parsing)
        self.rule = main.national_prefix_transform_rule or ""
        self.rule_group = 0
        transformed = 0
        if self.rule:
            parts = re.fullmatch(r"(\d*)\\(\d)", self.rule)
            if parts is None:
                raise ValueError(f"transform rule {self.rule!r}")
            self.rule_group = int(parts.group(2))
            for digit in parts.group(1):
                transformed = literal.moves[transformed][int(digit)]
        self.start = (0, self._settle([(first, 0, False, 0, transformed)]))

    def _settle(self, threads):
        """Follows every thread to its next character; what comes after a finished one can no longer win."""
        settled, seen = [], set()
        for thread in threads:
            if self._follow(thread, settled, seen):
                break
        return tuple(settled)

    def _follow(self, thread, settled, seen):
        at, group, last, rest, transformed = thread
        if at is None:
            settled.append(thread)
            return True
        if at in seen:
            return False
        seen.add(at)
        instruction = self.program.code[at]
        kind = instruction[0]
        if kind == "split":
            return any(self._follow((target, group, last, rest, transformed), settled, seen)
                       for target in instruction[1])
        if kind == "open":
            return self._follow((instruction[2], instruction[1], last, rest, transformed), settled, seen)
        if kind == "close":
            last = last or instruction[1] == self.groups
            return self._follow((instruction[2], 0, last, rest, transformed), settled, seen)
        if kind == "match":
            settled.append((None, 0, last, rest, transformed))
            return True
        settled.append(thread)
        return False

    def step(self, state, digit):
        standing, threads = state
        moves = self.literal.moves
        moved = []
        for at, group, last, rest, transformed in threads:
            if at is None:
                moved.append((None, 0, last, moves[rest][digit], moves[transformed][digit]))
                continue
            instruction = self.program.code[at]
            if instruction[0] == "char" and instruction[1] >> digit & 1:
                captured = group and group == self.rule_group
                following = moves[transformed][digit] if captured else transformed
                moved.append((instruction[2], group, last, rest, following))
        return (moves[standing][digit], self._settle(moved))

    def label(self, state):
        standing, threads = state
        labels = self.literal.labels
        answer, viable, _ = labels[standing]
        if answer[1] != "unassigned":
            return answer
        for at, _, last, rest, transformed in threads:
            if at is not None and self.program.code[at][0] != "end":
                continue
            candidate, matches, length_allows = labels[transformed if self.rule and last else rest]
            if viable and not matches or not length_allows:
                return answer
            region, kind, _ = candidate
            return (region, kind, kind != "unassigned")
        return answer


def automaton_of(code):
    """The smallest automaton for the digits after one country calling code."""
    literal = _Literal(code)
    standing = minimise(explore(literal.start, literal.step, literal.label))
    if not literal.main.national_prefix_for_parsing:
        standing.labels = [label[0] for label in standing.labels]
        return minimise(standing)
    stripping = _Stripping(standing, literal.main)
    return minimise(explore(stripping.start, stripping.step, stripping.label))
