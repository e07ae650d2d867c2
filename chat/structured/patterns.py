"""Regular expressions as the answer service takes them, read into a tree that `matching` can run.

No back-references, anchors, look-around or recursion: what is left describes a regular language in the strict sense, so
that a text can be compared with it in a time that grows with its length alone, whatever expression a person wrote.
"""

from dataclasses import dataclass
from typing import NoReturn

from django.utils.translation import gettext as _

from chat.structured.problems import Mistake, Problem, at, quoted

LONGEST = 2_000  # characters
DEEPEST = 20  # groups in each other
MOST_TIMES = 1_000
MOST_PARTS = 10_000  # once every repetition is written out

Range = tuple[int, int]  # code points, both included

LAST = 0x10FFFF
_DIGITS: tuple[Range, ...] = ((0x30, 0x39),)
_WORD: tuple[Range, ...] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_BLANKS: tuple[Range, ...] = ((0x09, 0x0D), (0x20, 0x20))
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Signs:
    """One character out of these."""

    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    ways: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same part several times; `most` None is without end."""

    part: "Node"
    least: int
    most: int | None


Node = Signs | Sequence | Choice | Repeat


def check_regex(text: str) -> list[Problem]:
    """Why the service would refuse this regular expression; empty when it would not."""
    if not text:
        return [Problem(1, 1, _("Write a regular expression."))]
    try:
        read(text)
    except Mistake as mistake:
        return [at(text, mistake.offset, mistake.sentence)]
    return []


def read(pattern: str) -> Node:
    """The expression as a tree. Raises Mistake for what is wrong or not supported."""
    if len(pattern) > LONGEST:
        raise Mistake(LONGEST, _("The expression is longer than %(most)s characters.") % {"most": f"{LONGEST:,}"})
    reader = _Reader(pattern)
    node = reader.choice(0)
    if reader.sign:
        reader.fail(_("This ) closes no group. Write \\) for the sign itself."))
    if size(node) > MOST_PARTS:
        raise Mistake(0, _("Written out, the repetitions have more than %(most)s parts.") % {"most": f"{MOST_PARTS:,}"})
    return node


def size(node: Node) -> int:
    """The number of parts once every repetition is written out."""
    match node:
        case Signs():
            return 1
        case Sequence(parts) | Choice(parts):
            return 1 + sum(map(size, parts))
        case Repeat(part, least, most):
            return 1 + size(part) * max(least + (most is None), most or 0)


def other_than(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """All characters but these."""
    found, begin = [], 0
    for low, high in sorted(ranges):
        if low > begin:
            found.append((begin, low - 1))
        begin = max(begin, high + 1)
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


ANY = Signs(other_than(((0x0A, 0x0A),)))
_CLASSES = {
    "d": _DIGITS,
    "w": _WORD,
    "s": _BLANKS,
    "D": other_than(_DIGITS),
    "W": other_than(_WORD),
    "S": other_than(_BLANKS),
}


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    @property
    def sign(self) -> str:
        """The next character, empty at the end."""
        return self._pattern[self._at : self._at + 1]

    def fail(self, sentence: str, *, back: int = 0) -> NoReturn:
        """Give up, here or some characters before."""
        raise Mistake(self._at - back, sentence)

    def choice(self, depth: int) -> Node:
        """Ways, separated by |, up to the end or to a closing parenthesis."""
        if depth > DEEPEST:
            self.fail(_("Groups are nested more than %(most)d levels deep.") % {"most": DEEPEST})
        ways = [self._sequence(depth)]
        while self.sign == "|":
            self._at += 1
            ways.append(self._sequence(depth))
        return ways[0] if len(ways) == 1 else Choice(tuple(ways))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.sign not in ("", "|", ")"):
            part = self._part(depth)
            parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self, depth: int) -> Node:
        sign = self._take()
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return Signs(self._class())
        if sign == "\\":
            return Signs(self._escaped())
        if sign == ".":
            return ANY
        if sign in "^$":
            self.fail(_("Anchors such as ^ and $ are not supported; the whole answer has to match anyway."), back=1)
        if sign in "*+?{":
            self.fail(_("There is nothing before this that could be repeated."), back=1)
        return Signs(((ord(sign), ord(sign)),))

    def _group(self, depth: int) -> Node:
        begin = self._at - 1
        if self.sign == "?":
            self._at += 1
            if self._take() != ":":
                self._at = begin
                self.fail(self._unsupported_group(self._pattern[begin + 2 : begin + 4]))
        node = self.choice(depth + 1)
        if self.sign != ")":
            self._at = begin
            self.fail(_("This group is not closed; a ) is missing."))
        self._at += 1
        return Sequence((node,)) if isinstance(node, Choice) else node

    def _unsupported_group(self, signs: str) -> str:
        if signs[:1] in ("=", "!") or signs in ("<=", "<!"):
            return _("Looking ahead or behind is not supported.")
        if signs[:1] in ("R", "&") or signs[:1].isdigit() or signs == "P>":
            return _("Recursion is not supported.")
        if signs == "P=":
            return _("References back to a group are not supported.")
        return _("Only plain groups are supported: ( … ) or (?: … ).")

    def _escaped(self) -> tuple[Range, ...]:
        sign = self._take()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign.isdigit() or sign in "gk":
            self.fail(_("References back to a group are not supported."), back=2)
        if sign in "bBAZzG":
            self.fail(_("Anchors such as \\b are not supported; the whole answer has to match anyway."), back=2)
        if sign.isalpha() and sign not in _CONTROLS:
            self.fail(_("%(sign)s is not supported.") % {"sign": quoted(f"\\{sign}")}, back=2)
        code = ord(_CONTROLS.get(sign, sign))
        return ((code, code),)

    def _class(self) -> tuple[Range, ...]:
        begin = self._at - 1
        is_negated = self.sign == "^"
        self._at += is_negated
        ranges: list[Range] = []
        while self.sign != "]" or not ranges:
            if not self.sign:
                self._at = begin
                self.fail(_("This class is not closed; a ] is missing."))
            ranges += self._member()
        self._at += 1
        if not is_negated:
            return tuple(sorted(ranges))
        left = other_than(tuple(ranges))
        if not left:
            self._at = begin
            self.fail(_("No character is left by this class."))
        return left

    def _member(self) -> tuple[Range, ...]:
        first = self._class_sign()
        following = self._pattern[self._at + 1 : self._at + 2]
        if self.sign != "-" or following in ("]", ""):
            return first
        self._at += 1
        last = self._class_sign()
        if len(first) > 1 or len(last) > 1 or first[0][0] != first[0][1] or first[0][0] > last[0][0]:
            self.fail(_("This range ends before it begins."), back=1)
        return ((first[0][0], last[0][1]),)

    def _class_sign(self) -> tuple[Range, ...]:
        sign = self._take()
        return self._escaped() if sign == "\\" else ((ord(sign), ord(sign)),)

    def _repeated(self, part: Node) -> Node:
        begin = self._at
        bounds = self._bounds()
        if bounds is None:
            return part
        least, most = bounds
        if (most is not None and most < least) or max(least, most or 0) > MOST_TIMES:
            self._at = begin
            self.fail(_("Repeat from a smaller number to a larger one, at most %(most)d times.") % {"most": MOST_TIMES})
        if self.sign == "?":  # as few as possible: the same texts match
            self._at += 1
        if self.sign in ("*", "+", "?", "{") and self.sign:
            self.fail(_("What is repeated already cannot be repeated again. Put it into a group."))
        return Repeat(part, least, most)

    def _bounds(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self.sign in simple:
            return simple[self._take()]
        if self.sign != "{":
            return None
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at + 1 : max(end, 0)].partition(",")
        if not _is_count(least) or (most and not _is_count(most)):
            self.fail(_("Repetitions are written as {3}, {2,5} or {2,}. Write \\{ for the sign itself."))
        self._at = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)

    def _take(self) -> str:
        sign = self.sign
        if not sign:
            self.fail(_("The expression breaks off here."))
        self._at += 1
        return sign


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
