# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Deterministic automata over decimal digits: exploration, minimisation."""


class Automaton:
    """State 0 is the start; `moves[state]` holds ten targets, `labels[state]` what a number ending there is."""

    def __init__(self, moves, labels):
        self.moves = moves
        self.labels = labels

    def run(self, digits):
        state = 0
        for digit in digits:
            state = self.moves[state][int(digit)]
        return self.labels[state]


def explore(start, step, label):
    """The automaton of everything reachable from `start`, where `step(state, digit)` gives the next state."""
    index = {start: 0}
    order = [start]
    moves = []
    for state in order:
        row = []
        for digit in range(10):
            target = step(state, digit)
            if target not in index:
                index[target] = len(order)
                order.append(target)
            row.append(index[target])
        moves.append(row)
    return Automaton(moves, [label(state) for state in order])


def minimise(automaton):
    """The smallest automaton that labels every string alike (partition refinement), numbered breadth first."""
    moves, labels = automaton.moves, automaton.labels
    block_of = _number(labels)
    count = max(block_of) + 1
    while True:
        refined = _number([(block_of[state], *[block_of[target] for target in row])
                           for state, row in enumerate(moves)])
        refined_count = max(refined) + 1
        if refined_count == count:
            break
        block_of, count = refined, refined_count
    representative = {}
    for state, block in enumerate(block_of):
        representative.setdefault(block, state)
    return explore(block_of[0],
                   lambda block, digit: block_of[moves[representative[block]][digit]],
                   lambda block: labels[representative[block]])


def _number(keys):
    numbers = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]
