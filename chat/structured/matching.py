"""Compares a text with a regular expression in a time that grows with its length, whatever the expression is.

All ways through the expression are followed at once, so that there is nothing to go back to: the expressions with
which a backtracking matcher can be kept busy for years (`(a+)+b`) are like any other here.
"""

from django.utils.translation import gettext as _

from chat.structured.patterns import LAST, Choice, Node, Range, Repeat, Sequence, Signs, read
from chat.structured.problems import Mistake

MOST_STEPS = 1_000_000
MOST_KNOWN = 10_000
LONGEST = 100_000  # characters of a text


class TooMuch(Exception):
    """The text and the expression together are too large to be compared."""


class Matcher:
    """One expression, ready to be compared with texts."""

    def __init__(self, node: Node) -> None:
        self._ranges: list[tuple[Range, ...]] = []
        self._next: list[list[int]] = []  # per state: the states that follow without a character
        self._steps = 0
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._end = self._state()
        self._begin = self._build(node, self._end)

    def matches(self, text: str) -> bool:
        """Whether the whole text matches. Raises TooMuch."""
        if len(text) > LONGEST:
            raise TooMuch
        self._steps = 0
        here = self._reached([self._begin])
        for sign in text:
            key = (here, sign)
            if key not in self._known:
                if len(self._known) >= MOST_KNOWN:
                    self._known.clear()
                self._known[key] = self._step(here, sign)
            here = self._known[key]
            if not here:
                return False
        return self._end in here

    def _step(self, here: frozenset[int], sign: str) -> frozenset[int]:
        code = ord(sign)
        taken = []
        for state in here:
            self._count(1)
            if any(low <= code <= high for low, high in self._ranges[state]):
                taken.append(state + 1)
        return self._reached(taken)

    def _reached(self, states: list[int]) -> frozenset[int]:
        """These states and all that follow them without a character."""
        found = set(states)
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            self._count(1)
            for following in self._next[state]:
                if following not in found:
                    found.add(following)
                    waiting.append(following)
        return frozenset(found)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise TooMuch

    def _state(self, ranges: tuple[Range, ...] = (), following: list[int] | None = None) -> int:
        self._ranges.append(ranges)
        self._next.append(following or [])
        return len(self._next) - 1

    def _build(self, node: Node, end: int) -> int:
        """The state in which the node begins that leads to `end`. What takes a character is followed by the state
        after it in the list."""
        match node:
            case Signs(ranges):
                begin = self._state(ranges)
                self._state(following=[end])
                return begin
            case Sequence(parts):
                for part in reversed(parts):
                    end = self._build(part, end)
                return end
            case Choice(ways):
                return self._state(following=[self._build(way, end) for way in ways])
            case Repeat(part, least, most):
                return self._build_repeat(part, least, most, end)

    def _build_repeat(self, part: Node, least: int, most: int | None, end: int) -> int:
        if most is None:
            again = self._state()
            self._next[again] = [self._build(part, again), end]
            begin = again
        else:
            begin = end
            for _time in range(most - least):
                begin = self._state(following=[self._build(part, begin), end])
        for _time in range(least):
            begin = self._build(part, begin)
        return begin


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches the expression. Raises problems.Mistake for a wrong expression, and TooMuch."""
    return Matcher(read(pattern)).matches(text)


def anywhere(pattern: str) -> Matcher:
    """What says whether the expression matches some part of a text, as the keyword `pattern` of a schema means it. A ^
    at its beginning and a $ at its end hold it fast there. Raises problems.Mistake."""
    begins = pattern.startswith("^")
    ends = pattern.endswith("$") and (len(pattern) - len(pattern[:-1].rstrip("\\"))) % 2 == 1
    inner = read(pattern[begins : len(pattern) - ends])
    if isinstance(inner, Choice) and (begins or ends):
        raise Mistake(0, _("Put what stands between ^ and $ into a group, for it has several ways."))
    rest = Repeat(Signs(((0, LAST),)), 0, None)
    return Matcher(Sequence((*([] if begins else [rest]), inner, *([] if ends else [rest]))))
