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

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

from automaton import explore, minimise
from digitpattern import Program
from prefixrule import PrefixRule

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
        self.start = (self.program.closure(starts), 0)

    def step(self, state, digit):
        return (self.program.advance(state[0], digit), min(state[1] + 1, LENGTH_CAP))

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
    """Digits of which the main region's national prefix rule may take some: state = (state as they stand, threads)."""

    def __init__(self, literal, main):
        self.literal = literal
        self.rule = PrefixRule(main, literal.moves)
        self.start = (0, self.rule.start)

    def step(self, state, digit):
        standing, threads = state
        return (self.literal.moves[standing][digit], self.rule.step(threads, digit))

    def label(self, state):
        standing, threads = state
        answer, viable, _ = self.literal.labels[standing]
        outcome = self.rule.outcome(threads)
        if answer[1] != "unassigned" or outcome is None:
            return answer
        (region, kind, _), matches, length_allows = self.literal.labels[outcome[0]]
        if viable and not matches or not length_allows:
            return answer
        return (region, kind, kind != "unassigned")


def automaton_of(code):
    """The smallest automaton for the digits after one country calling code."""
    literal = _Literal(code)
    standing = minimise(explore(literal.start, literal.step, literal.label))
    if not literal.main.national_prefix_for_parsing:
        standing.labels = [label[0] for label in standing.labels]
        return minimise(standing)
    stripping = _Stripping(standing, literal.main)
    return minimise(explore(stripping.start, stripping.step, stripping.label))
