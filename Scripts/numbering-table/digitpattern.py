# Copyright 2026 The Tollgate Authors
# SPDX-License-Identifier: Apache-2.0
"""The regular expressions of libphonenumber's metadata, compiled to programs over decimal digits.

Only what the metadata uses is understood: digits, \\d, classes, groups, alternation, ?, {m,n} and a final $.
Anything else raises, so that a new construct in new metadata stops the generator instead of bending the table.
"""

ANY = (1 << 10) - 1


class PatternError(Exception):
    pass


class _Parser:
    def __init__(self, text):
        self.text = text
        self.at = 0
        self.groups = 0

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, expected=None):
        character = self.peek()
        if not character or (expected and character != expected):
            raise PatternError(f"at {self.at} of {self.text!r}")
        self.at += 1
        return character

    def alternation(self):
        branches = [self.sequence()]
        while self.peek() == "|":
            self.take()
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else ("or", branches)

    def sequence(self):
        items = []
        while self.peek() not in ("", "|", ")"):
            items.append(self.repeated())
        return ("seq", items)

    def repeated(self):
        item = self.atom()
        if self.peek() == "?":
            self.take()
            return ("rep", item, 0, 1)
        if self.peek() == "{":
            self.take()
            end = self.text.index("}", self.at)
            low, _, high = self.text[self.at:end].partition(",")
            self.at = end + 1
            return ("rep", item, int(low), int(high or low))
        return item

    def atom(self):
        character = self.take()
        if character.isdigit():
            return ("char", 1 << int(character))
        if character == "\\":
            self.take("d")
            return ("char", ANY)
        if character == "[":
            return ("char", self.character_class())
        if character == "$":
            return ("end",)
        if character == "(":
            if self.peek() == "?":
                self.take()
                self.take(":")
                inner = self.alternation()
            else:
                self.groups += 1
                number = self.groups
                inner = ("group", number, self.alternation())
            self.take(")")
            return inner
        raise PatternError(f"{character!r} in {self.text!r}")

    def character_class(self):
        mask = 0
        while self.peek() != "]":
            low = self.take()
            if low == "\\":
                self.take("d")
                mask |= ANY
                continue
            high = low
            if self.peek() == "-":
                self.take()
                high = self.take()
            for digit in range(int(low), int(high) + 1):
                mask |= 1 << digit
        self.take("]")
        return mask


class Program:
    """A pattern as instructions; `first` is where a match begins, in the priority order of a backtracking matcher.

    Instructions: ("char", mask, next), ("split", [next...]), ("open" or "close", group, next), ("end", next),
    ("match", tag).
    """

    def __init__(self):
        self.code = []

    def emit(self, *instruction):
        self.code.append(instruction)
        return len(self.code) - 1

    def add(self, pattern, tag=None, whole=True):
        """Adds a pattern that ends in ("match", tag); returns (first instruction, number of capturing groups).

        Not `whole`: anything may follow, so that the pattern is one for the first digits.
        """
        parser = _Parser(pattern)
        tree = parser.alternation()
        if parser.at != len(pattern):
            raise PatternError(f"unbalanced {pattern!r}")
        final = self.emit("match", tag)
        if not whole:
            loop = self.emit("char", ANY, len(self.code) + 1)
            final = self.emit("split", [loop, final])
        return self._compile(tree, final), parser.groups

    def closure(self, positions):
        """The instructions reached from `positions` without a digit, those that only lead on left out."""
        seen, stack = set(), list(positions)
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            instruction = self.code[at]
            if instruction[0] == "split":
                stack.extend(instruction[1])
            elif instruction[0] in ("open", "close"):
                stack.append(instruction[2])
        return frozenset(at for at in seen if self.code[at][0] not in ("split", "open", "close"))

    def advance(self, positions, digit):
        """The closure of what one digit leads to."""
        return self.closure([self.code[at][2] for at in positions
                             if self.code[at][0] == "char" and self.code[at][1] >> digit & 1])

    def _compile(self, tree, following):
        kind = tree[0]
        if kind == "char":
            return self.emit("char", tree[1], following)
        if kind == "seq":
            for item in reversed(tree[1]):
                following = self._compile(item, following)
            return following
        if kind == "or":
            return self.emit("split", [self._compile(branch, following) for branch in tree[1]])
        if kind == "group":
            return self.emit("open", tree[1], self._compile(tree[2], self.emit("close", tree[1], following)))
        if kind == "end":
            return self.emit("end", following)
        _, item, low, high = tree
        end = following
        for _ in range(high - low):
            # Greedy: one more copy is tried before going on.
            following = self.emit("split", [self._compile(item, following), end])
        for _ in range(low):
            following = self._compile(item, following)
        return following
