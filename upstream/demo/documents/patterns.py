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
_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<class>\[\^?(?P<members>\]?(?:\\.|[^\]\\])*)\])"
    r"|(?P<open>\((?:\?:|(?!\?)))|(?P<close>\))|(?P<bar>\|)|(?P<sign>[^\\\[()*+?^$|])",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:(?P<maybe>[*?])|\+|\{(?P<least>\d+)(?:,\d*)?\})\??|(?!\{)")


class PatternError(ValueError):
    """The pattern is wrong, or uses what is not supported."""


def example(pattern: str) -> str:
    """A text that matches the whole pattern: the first of all alternatives, as short as it can be.

    Raises PatternError.
    """
    texts, skips = [""], [False]  # of each open group: what it has so far, and whether its first alternative is over
    at = 0
    while at < len(pattern):
        found = _TOKEN.match(pattern, at)
        if found is None or (found["close"] and len(texts) == 1) or len(texts) > _DEEPEST + 1:
            raise PatternError(f"anchors, look-around, stray signs, deep nesting: not supported, at position {at}")
        at = found.end()
        if found["open"]:
            texts.append("")
            skips.append(False)
            continue
        if found["bar"]:
            skips[-1] = True
            continue
        text = texts.pop() if found["close"] else _sign(found)
        del skips[len(texts) :]
        quantifier = _QUANTIFIER.match(pattern, at)
        if quantifier is None:
            raise PatternError(f"bad repetition at position {at}")
        at = quantifier.end()
        times = 0 if quantifier["maybe"] else min(int((quantifier["least"] or "1")[:6]), _LONGEST)
        if len(texts[-1]) + len(text) * times > _LONGEST:
            raise PatternError(f"too long at position {at}")
        texts[-1] += "" if skips[-1] else text * times
    if len(texts) > 1:
        raise PatternError(f"missing parenthesis at position {at}")
    return texts[0]


def _sign(found: re.Match[str]) -> str:
    if found["escaped"]:
        return _escaped(found["escaped"])
    if found["class"]:
        return _member(found["class"], found["members"])
    return "a" if found["sign"] == "." else found["sign"]


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
