"""The few lines of a text in which the words were found, as HTML that is safe because it is made here."""

import re
import unicodedata
from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from chat.search.query import CJK, Query, Term, fold_text
from core.cpu_budget import CpuBudget

LENGTH = 240
"""Characters of a snippet, about."""

MOST_SECONDS = 0.3
"""CPU seconds for finding the words in the texts of a page of results."""

_BEFORE = 60
_SEARCHED = 200_000
_MARKS = "[\u0300-\u036f]{0,4}"
_SYNTAX = re.compile(r"\*\*|__|~~|`+|\[\d+\]|^[ \t]{0,8}(?:#{1,6}|>|[-*+]|\d{1,3}\.)[ \t]|^[|: \t-]+$", re.MULTILINE)
"""Marks of Markdown that say nothing in a snippet. Like every expression here it looks at each character a fixed
number of times at most, whatever the text."""


class _Letters(dict[int, str]):
    """A character to the one it is compared as; always one for one, so that places in a text stay where they are."""

    def __missing__(self, code: int) -> str:
        folded = fold_text(chr(code))
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_LETTERS = _Letters()


def snippet(text: str, query: Query, *, length: int = LENGTH, budget: CpuBudget | None = None) -> SafeString:
    """The part of a Markdown text around the first word found, with every word found in `<mark>`.

    Once `budget`, which is for all the snippets of a page, is spent, the first lines of the text.
    """
    budget = budget or CpuBudget(MOST_SECONDS)
    with budget.counted():
        if budget.is_spent:
            text = text[: 2 * length]
        plain = _SYNTAX.sub(" ", text[:_SEARCHED])
        pattern = _pattern(query)
        found = pattern.search(plain.translate(_LETTERS))
    start = _word_start(plain, max(0, found.start() - _BEFORE)) if found else 0
    end = start + max(length, found.end() - start if found else 0)
    part = " ".join(plain[start:end].split())
    before = "… " if start else ""
    after = " …" if end < len(plain) else ""
    return mark_safe(f"{before}{mark_hits(part, query)}{after}")  # noqa: S308 (escaped by marked)


def mark_hits(text: str, query: Query) -> SafeString:
    """The whole text, escaped, with every word found in `<mark>`."""
    pieces: list[str] = []
    done = 0
    for found in _pattern(query).finditer(text.translate(_LETTERS)):
        pieces += [escape(text[done : found.start()]), "<mark>", escape(text[found.start() : found.end()]), "</mark>"]
        done = found.end()
    pieces.append(escape(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 (every piece is escaped above)


def _pattern(query: Query) -> re.Pattern[str]:
    longest_first = sorted(query.wanted, key=lambda term: -sum(map(len, term.tokens)))
    return re.compile("|".join(_expression(term) for term in longest_first))


def _expression(term: Term) -> str:
    """A regular expression for the term in a text of compared letters."""
    expression = "" if _is_cjk(term.tokens[0]) else r"(?<![^\W_])"
    for token, following in zip_longest(term.tokens, term.tokens[1:]):
        expression += "".join(re.escape(letter) + _MARKS for letter in _comparable(token))
        if following:
            expression += r"[\W_]*" if _is_cjk(token) or _is_cjk(following) else r"[\W_]+"
    if term.grows:
        return expression + r"[^\W_]*"
    return expression if _is_cjk(term.tokens[-1]) else expression + r"(?![^\W_])"


def _comparable(token: str) -> str:
    return unicodedata.normalize("NFC", token).translate(_LETTERS)


def _is_cjk(token: str) -> bool:
    return re.match(f"[{CJK}]", token) is not None


def _word_start(text: str, place: int) -> int:
    """The start of the next word, so that a snippet does not begin inside one."""
    blank = text.find(" ", place, place + 20)
    return blank + 1 if place and blank >= 0 else place
