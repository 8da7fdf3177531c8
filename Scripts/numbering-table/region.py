# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""How numbers are dialled inside one region, as automata over the digits dialled.

* `national_of`: what the library's `parse(digits, region)` makes of digits that hold no international prefix. A
  string's label is (edit, length verdict): the region's own calling code and the national prefix are dropped where
  `parse` drops them, and the verdict is `is_possible_number_with_reason` of what remains.
* `international_prefix_of`: how many digits `_parse_prefix_as_idd` takes for an international prefix.
* `emergency_of`: 1 for what `is_emergency_number` takes.
"""

import itertools

from phonenumbers.phonemetadata import PhoneMetadata

from automaton import explore, minimise
from callingcode import metadata_of, regions_of
from digitpattern import Program
from prefixrule import UNCHANGED, PrefixRule

POSSIBLE, TOO_SHORT, TOO_LONG, INVALID, LOCAL_ONLY = range(5)
# What `parse` takes for a national number at all; lengths above are told apart no more.
SHORTEST, LONGEST = 2, 17
CAP = LONGEST + 1


def metadata_for(region):
    return PhoneMetadata.metadata_for_region(region)


def verdict(metadata, length):
    """The library's `_test_number_length`."""
    description = metadata.general_desc
    possible, local = description.possible_length, description.possible_length_local_only
    if possible[0] < SHORTEST or possible[-1] > LONGEST or local and local[0] < SHORTEST:
        raise ValueError(f"{metadata.id}: a possible length that is no length of a number")
    if length in local:
        return LOCAL_ONLY
    if length < possible[0]:
        return TOO_SHORT
    if length > possible[-1]:
        return TOO_LONG
    return POSSIBLE if length in possible else INVALID


class _Matcher:
    """A pattern for whole numbers; state = (positions, length up to a cap)."""

    def __init__(self, pattern, cap):
        self.program = Program()
        self.cap = cap
        self.start = (self.program.closure([self.program.add(pattern)[0]] if pattern else []), 0)

    def step(self, state, digit):
        return (self.program.advance(state[0], digit), min(state[1] + 1, self.cap))

    def matches(self, state):
        return any(self.program.code[at][0] == "match" for at in state[0])


def _general(metadata):
    """Labels: (whether the general pattern holds the digits, how many there are)."""
    matcher = _Matcher(metadata.general_desc.national_number_pattern, CAP)
    return minimise(explore(matcher.start, matcher.step, lambda state: (matcher.matches(state), state[1])))


def _stripping(metadata, numbers, general, finish):
    """`_maybe_strip_national_prefix_carrier_code` over numbers judged by the automaton `numbers`.

    `general(label)` says whether the general pattern holds a number; the label is
    finish(label of the digits as they stand, edit, label of what the edit leaves).
    """
    rule = PrefixRule(metadata, numbers.moves, tracks=True)

    def step(state, digit):
        return (numbers.moves[state[0]][digit], rule.step(state[1], digit))

    def label(state):
        standing = numbers.labels[state[0]]
        outcome = rule.outcome(state[1])
        if outcome is not None:
            left = numbers.labels[outcome[0]]
            if not general(standing) or general(left):
                return finish(standing, outcome[1], left)
        return finish(standing, UNCHANGED, standing)

    return minimise(explore((0, rule.start), step, label))


def _reading(metadata, main):
    """The part of `parse` that follows the search for a calling code. Labels: (edit, verdict)."""

    def finish(standing, edit, left):
        # What is too short to be a number is refused before a prefix is looked for.
        if standing[1] >= SHORTEST and verdict(metadata, left[1]) in (POSSIBLE, TOO_LONG):
            return (edit, verdict(main, left[1]))
        return (UNCHANGED, verdict(main, standing[1]))

    return _stripping(metadata, _general(metadata), lambda label: label[0], finish)


def _pair(left, right):
    return explore((0, 0), lambda state, digit: (left.moves[state[0]][digit], right.moves[state[1]][digit]),
                   lambda state: (left.labels[state[0]], right.labels[state[1]]))


def composed(first, second):
    """The edit that does what `first` and then `second` do."""
    if second == UNCHANGED:
        return first
    if first[3] or first[1] and second[3]:
        raise ValueError(f"{first} before {second}")
    inside = min(second[0], len(first[1]))
    kept = first[0] + second[2] if second[3] else 0
    return (first[0] + second[0] - inside, second[1] + first[1][inside:], kept, second[3])


def national_of(region):
    metadata = metadata_for(region)
    code = str(metadata.country_code)
    main = metadata_of(metadata.country_code, regions_of(metadata.country_code)[0])
    general = _general(metadata)
    plain = _reading(metadata, main)
    # After an own calling code a prefix is dropped by this region's rule and then by the main region's.
    behind = _stripping(metadata, _pair(general, _reading(main, main)), lambda label: label[0][0],
                        lambda _, edit, left: (edit, left[0][0], left[1]))

    def step(state, digit):
        at, whole, read, rest = state
        if at is None:
            following, rest = None, None
        elif at < len(code):
            following = at + 1 if code[at] == str(digit) else None
        else:
            following, rest = at, behind.moves[rest][digit]
        return (following, general.moves[whole][digit], plain.moves[read][digit], rest)

    def label(state):
        at, whole, read, rest = state
        if at == len(code):
            matches, length = general.labels[whole]
            first, left_matches, (second, found) = behind.labels[rest]
            if not matches and left_matches or verdict(metadata, length) == TOO_LONG:
                return (composed(composed((len(code), "", 0, 0), first), second), found)
        return plain.labels[read]

    return minimise(explore((0, 0, 0, 0), step, label))


def international_prefix_of(region):
    """Labels: how many leading digits are an international prefix. A zero after them makes them none."""
    program = Program()
    first, _ = program.add(metadata_for(region).international_prefix)

    def settle(positions, taken):
        order, seen = [], set()
        stack = list(reversed(positions))
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            instruction = program.code[at]
            if instruction[0] == "split":
                stack.extend(reversed(instruction[1]))
            elif instruction[0] in ("open", "close"):
                stack.append(instruction[2])
            elif instruction[0] == "match":
                return tuple(order), taken
            else:
                order.append(at)
        return tuple(order), None

    # State: (positions that may yet match in preference, digits so far, longest match so far, a zero follows it).
    def step(state, digit):
        positions, taken, matched, zero = state
        if taken is None:
            return state
        moved = [program.code[at][2] for at in positions if program.code[at][1] >> digit & 1]
        following, now = settle(moved, taken + 1)
        if now is not None:
            matched, zero = now, False
        elif matched == taken:
            zero = digit == 0
        # Once nothing can change any more the count of digits is of no interest.
        return (following, taken + 1 if following or now is not None else None, matched, zero)

    positions, _ = settle([first], 0)
    return minimise(explore((positions, 0, 0, False), step, lambda state: 0 if state[3] else state[2]))


def emergency_of(region):
    short = PhoneMetadata.short_metadata_for_region(region)
    pattern = short.emergency.national_number_pattern if short and short.emergency else None
    matcher = _Matcher(pattern, 0)
    return minimise(explore(matcher.start, matcher.step, lambda state: int(matcher.matches(state))))


def usual_international_prefix(region):
    """The preferred prefix; else the shortest one, the smallest of those: digits a person may dial."""
    metadata = metadata_for(region)
    if metadata.preferred_international_prefix:
        return metadata.preferred_international_prefix.replace("~", "")
    prefixes = international_prefix_of(region)
    for count in range(1, 6):
        for digits in itertools.product("0123456789", repeat=count):
            if prefixes.run(digits) == count:
                return "".join(digits)
    raise ValueError(f"{region}: no international prefix")
