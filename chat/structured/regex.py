"""Regular expressions: held to what the answer service takes, and compared by RE2.

RE2 never goes back in a text, so that no expression keeps it busy longer than the length of both allows. What it
refuses, and what the service does (back references, anchors, look-around, recursion), is said in words.
"""

import re
from functools import lru_cache
from typing import Any

import re2

from chat.structured.problems import Mistake, Problem, TooMuch, problem_at, quoted
from core.sentences import sentence as _
from core.web.formats import number

LONGEST = 2_000  # characters of an expression
LONGEST_TEXT = 100_000  # characters that an answer may have which is compared with one
DEEPEST = 20  # groups in each other
MOST_STEPS = 20_000_000  # size of the expression times length of the text: a fifth of a second when RE2 is slowest

_OPTIONS = re2.Options()
_OPTIONS.max_mem = 2**20  # bytes for an expression; it keeps the last 128 of them
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True

_IN_CLASS = r"\[\^?+\]?+(?:\\.|[^\]\\])*"
_COUNT = r"\{[0-9]{1,6}(?:,[0-9]{0,6})?\}"
_ESCAPE = r"\\(?![dDwWsSntr_])\w"
_WRONG_ESCAPE = _("%(sign)s isn’t supported.")
_WRONG_RANGE = _("This range ends before it starts.")

# What the service refuses and RE2 takes, or tells without its place: what comes before it, the signs, and the reason.
_REFUSED = {
    "class": ("", rf"{_IN_CLASS}+(?!\])", _("This character class is missing its closing ].")),
    "look": ("", r"\(\?<?[=!]", _("Lookahead and lookbehind aren’t supported.")),
    "recursion": ("", r"\(\?(?:[R&0-9]|P>)", _("Recursion isn’t supported.")),
    "reference": ("", r"\(\?P=|\\[0-9gk]", _("Backreferences aren’t supported.")),
    "flags": ("", r"\(\?(?!:)", _("Only plain groups are supported: ( … ) or (?: … ).")),
    "anchor": (
        "",
        r"[\^$]|\\[bBAZzG]",
        _("Anchors such as ^ and $ aren’t supported; the whole answer must match anyway."),
    ),
    "escape": ("", _ESCAPE, _WRONG_ESCAPE),
    "count": (
        "",
        rf"(?!{_COUNT})\{{",
        _("Write repetitions as {3}, {2,5} or {2,}. Write \\{ for a literal brace."),
    ),
    "first": (r"(?:\A|\||\((?:\?:)?+)", rf"[*+?]|{_COUNT}", _("There is nothing to repeat before this.")),
    "twice": (
        rf"(?:[*+?]|{_COUNT})\??+",
        rf"[*+?]|{_COUNT}",
        _("This is already repeated. Put it in a group to repeat it again."),
    ),
    "named": ("", rf"{_IN_CLASS}?\[:", _("Named character classes aren’t supported.")),
    "inner": (rf"{_IN_CLASS}?", _ESCAPE, _WRONG_ESCAPE),
    "range": (rf"{_IN_CLASS}?\\[dDwWsS]-", r"[^\]]", _WRONG_RANGE),
}
_TOKEN = re.compile(
    "|".join(f"(?P<{name}>{before})(?={signs})" for name, (before, signs, _reason) in _REFUSED.items())
    + rf"|{_IN_CLASS}\]|\\.|.",
    re.S,
)
_HELD = re.compile(r"\A\^|(?<!\\)((?:\\\\)*)\$\Z")


class Expression:
    """One expression, ready to be compared with texts. Raises Mistake for what is wrong with it or not supported."""

    def __init__(self, pattern: str, *, may_be_held: bool = False) -> None:
        if len(pattern) > LONGEST:
            raise Mistake(LONGEST, _("The expression is longer than %(most)s characters.") % {"most": number(LONGEST)})
        _check_dialect(_HELD.sub(r"\1", pattern) if may_be_held else pattern)
        try:
            self._compiled = re2.compile(_utf8(pattern), _OPTIONS)
        except re2.error as exc:
            raise _in_words(pattern, exc) from None

    @classmethod
    @lru_cache(maxsize=128)
    def of_schema(cls, pattern: str) -> "Expression":
        """The same for the keyword `pattern` of a schema, which ^ and $ at its ends may hold fast there."""
        return cls(pattern, may_be_held=True)

    def matches(self, text: str) -> bool:
        """Whether the whole text matches. Raises TooMuch."""
        if len(text) > LONGEST_TEXT:
            raise TooMuch
        return self._compare(self._compiled.fullmatch, text)

    def occurs_in(self, text: str) -> bool:
        """Whether some part of the text matches. Raises TooMuch."""
        return self._compare(self._compiled.search, text)

    def _compare(self, how: Any, text: str) -> bool:
        if self._compiled.programsize * (len(text) + 1) > MOST_STEPS:
            raise TooMuch
        return how(_utf8(text)) is not None


def check_regex(text: str) -> list[Problem]:
    """Why the service would refuse this regular expression; empty when it would not."""
    if not text:
        return [Problem(1, 1, _("Enter a regular expression."))]
    try:
        Expression(text)
    except Mistake as mistake:
        return [problem_at(text, mistake.offset, mistake.sentence)]
    return []


def _utf8(text: str) -> bytes:
    """The text as RE2 wants it; half a character becomes the sign for what cannot be shown."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _check_dialect(pattern: str) -> None:
    """Raise Mistake for what RE2 would take, or tell without its place, and the service refuses."""
    opened: list[int] = []
    for token in _TOKEN.finditer(pattern):
        end = token.end()
        if token.lastgroup:
            raise Mistake(end, _REFUSED[token.lastgroup][2] % {"sign": quoted(pattern[end : end + 2])})
        if token[0].startswith("[^") and _is_empty(token[0]):
            raise Mistake(token.start(), _("This character class matches nothing."))
        if token[0] == "(":
            opened.append(token.start())
            if len(opened) > DEEPEST:
                raise Mistake(end, _("Groups are nested more than %(most)d levels deep.") % {"most": DEEPEST})
        elif token[0] == ")":
            if not opened:
                why = _("This ) doesn’t close a group. Write \\) for a literal parenthesis.")
                raise Mistake(token.start(), why)
            opened.pop()
    if opened:
        raise Mistake(opened[-1], _("This group is missing its closing )."))


def _is_empty(token: str) -> bool:
    """Whether a class, which otherwise matches some character, matches none. What RE2 refuses is told later."""
    try:
        return not any(re2.compile(_utf8(token), _OPTIONS).possiblematchrange(1))
    except re2.error:
        return False


def _in_words(pattern: str, error: Exception) -> Mistake:
    """What RE2 says about an expression, such as `invalid repetition size: {3,1}`, in words and with its place."""
    what, _colon, about = error.args[0].decode(errors="replace").partition(": ")
    offset = max(pattern.find(about), 0)
    if what == "invalid repetition size":
        why = _("Repeat from a smaller number to a larger one, at most %(most)d times in total across nested groups.")
        return Mistake(offset, why % {"most": 1_000})
    if what in ("invalid character class range", "invalid escape sequence"):
        return Mistake(offset + len(about) - 1, _WRONG_RANGE)
    if what.startswith("trailing"):
        return Mistake(len(pattern), _("The expression is incomplete here."))
    return Mistake(0, _("Fully expanded, the expression is too large."))
