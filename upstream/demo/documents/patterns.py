"""The shortest plain text that a regular expression describes, without running the expression.

Knows what Sonar's `response_format` of type `regex` is documented to take: literals, `.`, classes, `\\d \\w \\s`,
groups, `|` and quantifiers; no anchors, no look-around, no back-references.
"""

import re
from itertools import chain

_LONGEST = 10_000
_DEEPEST = 20
_ESCAPES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": " ", "S": "a", "n": "\n", "t": "\t", "r": "\r"}
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,\n"
_ATOM = re.compile(
    r"\\(?P<escaped>.)|(?P<class>\[\^?(?P<members>\]?(?:\\.|[^\]\\])*)\])|(?P<group>\((?:\?:|(?!\?)))|(?P<sign>[^\\\[()*+?^$])",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:(?P<maybe>[*?])|\+|\{(?P<least>\d+)(?:,\d*)?\})\??|(?!\{)")


class PatternError(ValueError):
    """The pattern is wrong, or uses what is not supported."""


def example(pattern: str) -> str:
    """A text that matches the whole pattern. Raises PatternError."""
    text, end = _alternatives(pattern, 0, 0)
    if end < len(pattern):
        raise PatternError(f"unbalanced parenthesis at position {end}")
    return text


def _alternatives(pattern: str, at: int, depth: int) -> tuple[str, int]:
    """The first of several alternatives, and where the last one ends."""
    if depth > _DEEPEST:
        raise PatternError(f"too deeply nested at position {at}")
    first, at = _sequence(pattern, at, depth)
    while pattern.startswith("|", at):
        _, at = _sequence(pattern, at + 1, depth)
    return first, at


def _sequence(pattern: str, at: int, depth: int) -> tuple[str, int]:
    text = ""
    while at < len(pattern) and pattern[at] not in "|)":
        atom, at = _atom(pattern, at, depth)
        quantifier = _QUANTIFIER.match(pattern, at)
        if quantifier is None:
            raise PatternError(f"bad repetition at position {at}")
        at = quantifier.end()
        times = 0 if quantifier["maybe"] else min(int((quantifier["least"] or "1")[:6]), _LONGEST)
        if len(text) + len(atom) * times > _LONGEST:
            raise PatternError(f"too long at position {at}")
        text += atom * times
    return text, at


def _atom(pattern: str, at: int, depth: int) -> tuple[str, int]:
    found = _ATOM.match(pattern, at)
    if found is None:
        raise PatternError(f"anchors, look-around and stray signs are not supported, at position {at}")
    if found["escaped"]:
        return _escaped(found["escaped"]), found.end()
    if found["class"]:
        return _member(found["class"], found["members"]), found.end()
    if not found["group"]:
        return "a" if found["sign"] == "." else found["sign"], found.end()
    text, end = _alternatives(pattern, found.end(), depth + 1)
    if not pattern.startswith(")", end):
        raise PatternError(f"missing parenthesis at position {end}")
    return text, end + 1


def _escaped(sign: str) -> str:
    if sign.isalnum() and sign not in _ESCAPES:
        raise PatternError(f"\\{sign} is not supported")
    return _ESCAPES.get(sign, sign)


def _member(whole: str, members: str) -> str:
    """A character of a class. The class alone is run, which takes no time to speak of."""
    written = [_escaped(sign[1]) if sign[0] == "\\" else sign for sign in re.findall(r"(?s)\\.|.", members)]
    try:
        one = re.compile(whole.replace("[", "\\[").replace("\\[", "[", 1))
    except re.error as exc:
        raise PatternError(f"{whole}: {exc}") from exc
    for candidate in chain(written, _PLAIN):
        if one.fullmatch(candidate):
            return candidate
    raise PatternError(f"nothing is left by {whole}")
