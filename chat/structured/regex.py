"""Regular expressions: held to what the answer service takes, and compared by RE2.

RE2 never goes back in a text, so that no expression keeps it busy longer than the length of both allows. What it
refuses, and what the service does (back references, anchors, look-around, recursion), is said in words.
"""

import re

import re2
from django.utils.translation import gettext_lazy

from chat.structured.problems import Mistake, Problem, TooMuch, problem_at, quoted
from core.sentences import sentence as _
from core.web.formats import number

LONGEST = 2_000  # characters of an expression
LONGEST_TEXT = 100_000  # characters that an answer may have which is compared with one
DEEPEST = 20  # groups in each other
MOST_STEPS = 20_000_000  # size of the expression times length of the text: a fifth of a second when RE2 is slowest
_MOST_TIMES = 1_000  # repetitions, the limit of RE2
_MEMORY = 2**20  # bytes that RE2 may use for an expression; it keeps the last 128 of them

_OPTIONS = re2.Options()
_OPTIONS.max_mem = _MEMORY
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True

_REST_OF_SET = r"\^?+\]?+(?:\\.|[^\]\\])*+\]"
_UNKNOWN_ESCAPE = r"\\(?![dDwWsSntr_])\w"

# What the service refuses and RE2 takes, or explains less well: the signs, and the reason.
_REFUSED = {
    "class": (rf"\[(?!{_REST_OF_SET})", gettext_lazy("This character class is missing its closing ].")),
    "look": (r"\(\?<?[=!]", gettext_lazy("Lookahead and lookbehind aren’t supported.")),
    "recursion": (r"\(\?(?:[R&0-9]|P>)", gettext_lazy("Recursion isn’t supported.")),
    "reference": (r"\(\?P=|\\[0-9gk]", gettext_lazy("Backreferences aren’t supported.")),
    "flags": (r"\(\?(?!:)", gettext_lazy("Only plain groups are supported: ( … ) or (?: … ).")),
    "anchor": (
        r"[\^$]|\\[bBAZzG]",
        gettext_lazy("Anchors such as ^ and $ aren’t supported; the whole answer must match anyway."),
    ),
    "escape": (_UNKNOWN_ESCAPE, gettext_lazy("%(sign)s isn’t supported.")),
    "count": (
        r"\{(?![0-9]{1,6}(?:,[0-9]{0,6})?\})",
        gettext_lazy("Write repetitions as {3}, {2,5} or {2,}. Write \\{ for a literal brace."),
    ),
}
_TAKEN = {
    "set": rf"\[{_REST_OF_SET}",
    "open": r"\((?:\?:)?",
    "close": r"\)",
    "or": r"\|",
    "repeat": r"(?:[*+?]|\{[^}]*\})\??",
    "other": r"\\.|.",
}
_SIGNS = {name: signs for name, (signs, _reason) in _REFUSED.items()} | _TAKEN
_TOKEN = re.compile("|".join(f"(?P<{name}>{signs})" for name, signs in _SIGNS.items()), re.S)
_ESCAPE = re.compile(r"\\.", re.S)
_WRONG_IN_SET = re.compile(rf"(?P<escape>{_UNKNOWN_ESCAPE})|\\[dDwWsS]-(?P<range>[^\]])|\\.|(?P<named>\[:)", re.S)


class Expression:
    """One expression, ready to be compared with texts. Raises Mistake for what is wrong with it or not supported."""

    def __init__(self, pattern: str) -> None:
        _check_length(pattern)
        _check_dialect(pattern)
        self._compile(pattern)

    @classmethod
    def of_schema(cls, pattern: str) -> "Expression":
        """The same for the keyword `pattern` of a schema, which ^ and $ at its ends may hold fast there."""
        begins = pattern.startswith("^")
        ends = pattern.endswith("$") and (len(pattern) - len(pattern[:-1].rstrip("\\"))) % 2 == 1
        _check_length(pattern)
        _check_dialect(pattern[begins : len(pattern) - ends])
        expression = cls.__new__(cls)
        expression._compile(pattern)
        return expression

    @property
    def size(self) -> int:
        """How large the expression is when it is written out, in steps of RE2."""
        return int(self._compiled.programsize)

    def cost(self, text: str) -> int:
        """What a comparison takes at most: the size of the expression times the length of the text."""
        return self.size * (len(text) + 1)

    def matches(self, text: str) -> bool:
        """Whether the whole text matches. Raises TooMuch."""
        if len(text) > LONGEST_TEXT or self.cost(text) > MOST_STEPS:
            raise TooMuch
        return self._compiled.fullmatch(_utf8(text)) is not None

    def occurs_in(self, text: str) -> bool:
        """Whether some part of the text matches. Raises TooMuch."""
        if self.cost(text) > MOST_STEPS:
            raise TooMuch
        return self._compiled.search(_utf8(text)) is not None

    def _compile(self, pattern: str) -> None:
        plain = _ESCAPE.sub(lambda escape: "_" if escape[0] == "\\_" else escape[0], pattern)  # RE2 knows no \\_
        try:
            self._compiled = re2.compile(_utf8(plain), _OPTIONS)
        except re2.error as exc:
            raise _in_words(pattern, exc) from None


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


def _check_length(pattern: str) -> None:
    if len(pattern) > LONGEST:
        raise Mistake(LONGEST, _("The expression is longer than %(most)s characters.") % {"most": number(LONGEST)})


def _check_dialect(pattern: str) -> None:
    """Raise Mistake for what RE2 would take, or explain less well, and the service refuses."""
    opened: list[int] = []
    before = "open"
    for token in _TOKEN.finditer(pattern):
        kind, offset = str(token.lastgroup), token.start()
        if kind in _REFUSED:
            raise Mistake(offset, _REFUSED[kind][1] % {"sign": quoted(token[0])})
        if kind == "set":
            _check_set(token[0], offset)
        elif kind == "repeat" and before in ("open", "or"):
            raise Mistake(offset, _("There is nothing to repeat before this."))
        elif kind == before == "repeat":
            raise Mistake(offset, _("This is already repeated. Put it in a group to repeat it again."))
        elif kind == "open":
            opened.append(offset)
            if len(opened) > DEEPEST:
                raise Mistake(token.end(), _("Groups are nested more than %(most)d levels deep.") % {"most": DEEPEST})
        elif kind == "close":
            if not opened:
                raise Mistake(offset, _("This ) doesn’t close a group. Write \\) for a literal parenthesis."))
            opened.pop()
        before = kind
    if opened:
        raise Mistake(opened[-1], _("This group is missing its closing )."))


def _check_set(token: str, offset: int) -> None:
    for wrong in _WRONG_IN_SET.finditer(token, 1):
        if wrong["escape"]:
            raise Mistake(offset + wrong.start(), _REFUSED["escape"][1] % {"sign": quoted(wrong[0])})
        if wrong["range"]:
            raise Mistake(offset + wrong.start("range"), _wrong_range())
        if wrong["named"]:
            raise Mistake(offset, _("Named character classes aren’t supported."))
    if token.startswith("[^") and _is_empty(token):
        raise Mistake(offset, _("This character class matches nothing."))


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
        return Mistake(offset, why % {"most": _MOST_TIMES})
    if what in ("invalid character class range", "invalid escape sequence"):
        return Mistake(offset + len(about) - 1, _wrong_range())
    if what.startswith("trailing"):
        return Mistake(len(pattern), _("The expression is incomplete here."))
    return Mistake(0, _("Fully expanded, the expression is too large."))


def _wrong_range() -> str:
    return _("This range ends before it starts.")
