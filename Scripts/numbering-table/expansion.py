# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""Digits that the library's regular expressions hold, found through Python's own parser of them.

Nothing here is shared with digitpattern.py, so that samples are no echo of the generator.
"""

import itertools

try:
    from re import _constants as kinds, _parser as parser
except ImportError:
    import sre_constants as kinds
    import sre_parse as parser

DIGITS = "0123456789"


def _members(items):
    found = []
    for kind, value in items:
        if kind is kinds.LITERAL:
            found.append(chr(value))
        elif kind is kinds.RANGE:
            found += [chr(code) for code in range(value[0], value[1] + 1)]
        else:
            found += DIGITS
    return found


def _every(tree):
    parts = []
    for kind, value in tree:
        if kind is kinds.LITERAL:
            parts.append([chr(value)])
        elif kind is kinds.IN:
            parts.append(_members(value))
        elif kind is kinds.BRANCH:
            parts.append([text for branch in value[1] for text in _every(branch)])
        elif kind is kinds.SUBPATTERN:
            parts.append(list(_every(value[-1])))
        elif kind is kinds.MAX_REPEAT:
            low, high, inner = value
            texts = list(_every(inner))
            parts.append(["".join(chosen) for count in range(low, high + 1)
                          for chosen in itertools.product(texts, repeat=count)])
        elif kind is not kinds.AT:
            raise ValueError(f"{kind}")
    return ("".join(chosen) for chosen in itertools.product(*parts))


def every(pattern):
    """All strings a pattern without long repetitions holds, in order."""
    return sorted(set(_every(parser.parse(pattern))))


def _one(tree, choose):
    text = ""
    for kind, value in tree:
        if kind is kinds.LITERAL:
            text += chr(value)
        elif kind is kinds.IN:
            text += choose.choice(_members(value))
        elif kind is kinds.BRANCH:
            text += _one(choose.choice(value[1]), choose)
        elif kind is kinds.SUBPATTERN:
            text += _one(value[-1], choose)
        elif kind is kinds.MAX_REPEAT:
            low, high, inner = value
            text += "".join(_one(inner, choose) for _ in range(choose.randint(low, high)))
    return text


def maker(pattern):
    """A function that makes a random string the pattern holds out of a random.Random."""
    tree = parser.parse(pattern)
    return lambda choose: _one(tree, choose)
