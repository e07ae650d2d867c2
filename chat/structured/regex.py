"""Regular expressions: held to what the answer service takes, and compared by RE2.

RE2 never goes back in a text, so that no expression keeps it busy longer than the length of both allows. What it
refuses, and what the service does (back references, anchors, look-around, recursion), is said in words.
"""

import re

import re2
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.structured.problems import Mistake, Problem, TooMuch, problem_at, quoted

LONGEST = 2_000  # characters of an expression
LONGEST_TEXT = 100_000  # characters that an answer may have which is compared with one
DEEPEST = 20  # groups in each other
MOST_STEPS = 50_000_000  # size of the expression times length of the text: half a second when RE2 is slowest
_MOST_TIMES = 1_000  # repetitions, the limit of RE2
_MEMORY = 2**20  # bytes that RE2 may use for an expression; it keeps the last 128 of them

_OPTIONS = re2.Options()
_OPTIONS.max_mem = _MEMORY
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True

_ANCHORED = gettext_lazy("Anchors such as ^ and $ are not supported; the whole answer has to match anyway.")
_SET = r"\[(?:\^|(?!\^))(?:\]|\\.|[^\]\\])(?:\\.|[^\]\\])*\]"
_REFUSED = {
    "class": (rf"(?!{_SET})\[", gettext_lazy("This class is not closed; a ] is missing.")),
    "posix": (
        r"\[\^?(?:(?:\]|\\.|[^\]\\])(?:\\.|[^\]\\])*?)?\[:",
        gettext_lazy("Classes with a name are not supported."),
    ),
    "look": (r"\(\?<?[=!]", gettext_lazy("Looking ahead or behind is not supported.")),
    "recursion": (r"\(\?(?:[R&0-9]|P>)", gettext_lazy("Recursion is not supported.")),
    "reference": (r"\(\?P=|\\[0-9gk]", gettext_lazy("References back to a group are not supported.")),
    "group": (r"\(\?(?!:)", gettext_lazy("Only plain groups are supported: ( … ) or (?: … ).")),
    "anchor": (r"[\^$]", _ANCHORED),
    "boundary": (
        r"\\[bBAZzG]",
        gettext_lazy("Anchors such as \\b are not supported; the whole answer has to match anyway."),
    ),
    "escape": (r"\\(?![dDwWsSntr_])\w", gettext_lazy("%(sign)s is not supported.")),
    "count": (
        r"\{(?![0-9]{1,6}(?:,[0-9]{0,6})?\})",
        gettext_lazy("Repetitions are written as {3}, {2,5} or {2,}. Write \\{ for the sign itself."),
    ),
}
_TAKEN = rf"(?P<set>{_SET})|(?P<open>\()|(?P<close>\))|\\."
_TOKEN = re.compile("|".join([*(f"(?P<{name}>{what})" for name, (what, _why) in _REFUSED.items()), _TAKEN]), re.S)
_ESCAPE = re.compile(r"\\.", re.S)
_NOTHING_BEFORE = re.compile(r"(?:^|[(|](?:\?:)?)(?=[*+?{])")
_OPERATOR = re.compile(r"(?:[*+?]|\{[^}]*\})\??")


class Expression:
    """One expression, ready to be compared with texts. Raises Mistake for what is wrong with it or not supported."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > LONGEST:
            raise Mistake(LONGEST, _("The expression is longer than %(most)s characters.") % {"most": f"{LONGEST:,}"})
        _check_dialect(pattern)
        self._compile(pattern)

    @classmethod
    def of_schema(cls, pattern: str) -> "Expression":
        """The same for the keyword `pattern` of a schema, which ^ and $ at its ends may hold fast there."""
        begins = pattern.startswith("^")
        ends = pattern.endswith("$") and (len(pattern) - len(pattern[:-1].rstrip("\\"))) % 2 == 1
        expression = cls(pattern[begins : len(pattern) - ends])
        if begins or ends:
            expression._compile(pattern)
        return expression

    def cost(self, text: str) -> int:
        """What a comparison takes at most: the size of the expression times the length of the text."""
        return int(self._compiled.programsize) * (len(text) + 1)

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
        return [Problem(1, 1, _("Write a regular expression."))]
    try:
        Expression(text)
    except Mistake as mistake:
        return [problem_at(text, mistake.offset, mistake.sentence)]
    return []


def _utf8(text: str) -> bytes:
    """The text as RE2 wants it; half a character becomes the sign for what cannot be shown."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _check_dialect(pattern: str) -> None:
    """Raise Mistake for what RE2 would take, or explain less well, and the service refuses."""
    opened: list[int] = []
    for token in _TOKEN.finditer(pattern):
        _refuse(token, token.start())
        if token.lastgroup == "set":
            _check_set(token[0], token.start())
        elif token.lastgroup == "open":
            opened.append(token.start())
            if len(opened) > DEEPEST:
                raise Mistake(token.end(), _("Groups are nested more than %(most)d levels deep.") % {"most": DEEPEST})
        elif token.lastgroup == "close":
            if not opened:
                raise Mistake(token.start(), _("This ) closes no group. Write \\) for the sign itself."))
            opened.pop()
    if opened:
        raise Mistake(opened[-1], _("This group is not closed; a ) is missing."))


def _refuse(token: re.Match[str], offset: int) -> None:
    if token.lastgroup in _REFUSED:
        raise Mistake(offset, _REFUSED[token.lastgroup][1] % {"sign": quoted(token[0])})


def _check_set(token: str, offset: int) -> None:
    for escape in _ESCAPE.finditer(token):
        named = _TOKEN.match(escape[0])
        if named:
            _refuse(named, offset + escape.start())
        following = token[escape.end() : escape.end() + 2]
        if escape[0][1] in "dDwWsS" and following.startswith("-") and following != "-]":
            raise Mistake(offset + escape.end() + 1, _("This range ends before it begins."))
    is_negated = token.startswith("[^")
    if is_negated and _is_empty(token):
        raise Mistake(offset, _("No character is left by this class."))


def _is_empty(token: str) -> bool:
    """Whether a class, which otherwise matches some character, matches none. What RE2 refuses is told later."""
    try:
        least, _greatest = re2.compile(_utf8(token), _OPTIONS).possiblematchrange(1)
    except re2.error:
        return False
    return not least and not _greatest


def _in_words(pattern: str, error: Exception) -> Mistake:
    """What RE2 says about an expression, such as `bad repetition operator: **`, in words and with its place."""
    what, _colon, about = error.args[0].decode(errors="replace").partition(": ")
    bare = _TOKEN.sub(lambda token: token[0] if token[0] in "()" else " " * len(token[0]), pattern)
    offset = max(bare.find(about), 0)
    if what.startswith("no argument"):
        found = _NOTHING_BEFORE.search(bare)
        place = found.end() if found else offset
        return Mistake(place, _("There is nothing before this that could be repeated."))
    if what.startswith("bad repetition"):
        first = _OPERATOR.match(about)
        place = offset + (first.end() if first else 0)
        return Mistake(place, _("What is repeated already cannot be repeated again. Put it into a group."))
    if what.startswith("invalid repetition"):
        sentence = _(
            "Repeat from a smaller number to a larger one, at most %(most)d times, all groups around multiplied."
        )
        return Mistake(offset, sentence % {"most": _MOST_TIMES})
    if what.startswith(("invalid character class", "invalid escape")):
        return Mistake(pattern.find(about) + len(about) - 1, _("This range ends before it begins."))
    if what.startswith("trailing"):
        return Mistake(len(pattern), _("The expression breaks off here."))
    return Mistake(0, _("Written out, the expression is too large."))
