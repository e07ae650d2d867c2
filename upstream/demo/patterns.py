"""The shortest plain text that a regular expression describes, without running the expression.

Knows what the service knows (contract A6): literals, `.`, classes, `\\d \\w \\s`, groups, `|` and quantifiers.
"""

from typing import NoReturn

_LONGEST = 10_000
_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": " ", "S": "a", "n": "\n", "t": "\t", "r": "\r"}
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-"


class PatternError(ValueError):
    """The pattern is wrong, or uses what is not supported."""


def example(pattern: str) -> str:
    """A text that matches the whole pattern. Raises PatternError."""
    reader = _Reader(pattern)
    text = reader.alternatives()
    if reader.at < len(pattern):
        reader.refuse("unbalanced parenthesis")
    return text


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def refuse(self, why: str) -> NoReturn:
        raise PatternError(f"{why} at position {self.at}")

    def alternatives(self, depth: int = 0) -> str:
        if depth > 20:
            self.refuse("too deeply nested")
        text = self._sequence(depth)
        while self._peek() == "|":
            self.at += 1
            self._sequence(depth)
        return text

    def _sequence(self, depth: int) -> str:
        parts: list[str] = []
        while self._peek() not in ("", "|", ")"):
            part = self._atom(depth)
            times = self._least_times()
            if sum(map(len, parts)) + len(part) * times > _LONGEST:
                self.refuse("too long")
            parts.append(part * times)
        return "".join(parts)

    def _atom(self, depth: int) -> str:
        sign = self._take()
        if sign == "(":
            if self._peek() == "?":
                if self.pattern[self.at : self.at + 2] != "?:":
                    self.refuse("look-around and named groups are not supported")
                self.at += 2
            text = self.alternatives(depth + 1)
            if self._take() != ")":
                self.refuse("missing parenthesis")
            return text
        if sign == "[":
            return self._of_class()
        if sign == "\\":
            return self._escaped()
        if sign in "^$":
            self.refuse("anchors are not supported")
        if sign in "*+?":
            self.refuse("nothing to repeat")
        return "a" if sign == "." else sign

    def _escaped(self) -> str:
        sign = self._take()
        if sign.isdigit() or sign in "bBAZ":
            self.refuse("back-references and anchors are not supported")
        if sign.isalpha() and sign not in _CLASSES:
            self.refuse(f"\\{sign} is not supported")
        return _CLASSES.get(sign, sign)

    def _of_class(self) -> str:
        negated = self._peek() == "^"
        self.at += negated
        members: list[str] = []
        ranges: list[tuple[str, str]] = []
        while self._peek() != "]" or not (members or ranges):
            sign = self._take()
            member = self._escaped() if sign == "\\" else sign
            if self._peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                ranges.append((member, self._take()))
            else:
                members.append(member)
        self.at += 1
        if not negated:
            return members[0] if members else ranges[0][0]
        for candidate in _PLAIN:
            if candidate not in members and not any(low <= candidate <= high for low, high in ranges):
                return candidate
        return self.refuse("nothing is left by this class")

    def _least_times(self) -> int:
        sign = self._peek()
        least = 1
        if sign in ("*", "?") and sign:
            least = 0
            self.at += 1
        elif sign == "+":
            self.at += 1
        elif sign == "{":
            end = self.pattern.find("}", self.at)
            figures = self.pattern[self.at + 1 : end].split(",")
            if end < 0 or not all(part.isdigit() for part in figures if part) or not figures[0]:
                self.refuse("bad repetition")
            least = min(int(figures[0]), _LONGEST)
            self.at = end + 1
        else:
            return 1
        if self._peek() == "?":
            self.at += 1
        return least

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        sign = self._peek()
        if not sign:
            self.refuse("unexpected end")
        self.at += 1
        return sign
