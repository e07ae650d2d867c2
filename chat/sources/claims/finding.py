"""The facts of a text: its figures, dates, names and quotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.sources.claims.dates import Date
from chat.sources.claims.facts import Fact, FactKind
from chat.sources.claims.figures import COUNT, ORDINAL, PERCENT, Figure
from chat.sources.claims.folding import fold, language_of
from chat.sources.claims.months import is_month
from chat.sources.claims.name_words import LABELS
from chat.sources.claims.names import Name, names_in
from chat.sources.claims.quotations import Quotation, quotations_in
from chat.sources.claims.rounding_words import Lean
from chat.sources.claims.scanning import scan
from chat.sources.claims.sentences import sentences_of, without_marks

Mention = Figure | Date | Name | Quotation
"""A fact with what is needed to look for it."""

_KINDS: dict[type, FactKind] = {
    Figure: FactKind.FIGURE,
    Date: FactKind.DATE,
    Name: FactKind.NAME,
    Quotation: FactKind.QUOTATION,
}
_UNSEEN = re.compile(
    r"(`{1,5})[^`\n]{1,300}\1|https?://[^\s<>\"'`|\]]+|(?<=\])\([^()\s]{1,2000}(?: \"[^\"\n]*\")?\)"
    r"|www\.[^\s<>\"'`|\]]+"
    r"|[\w.+-]{1,64}@[\w-]+\.[\w.-]+"
)
_EMPHASIS = re.compile(r"\*{1,3}|~~|(?<!\w)_{1,3}|_{1,3}(?!\w)")
_VERSION = re.compile(r"(?<![\d.])\d{1,4}(?:\.\d{1,4}){2,3}(?![\d.]*\d)")
_NUMBERING = re.compile(r"\s*\d{1,2}[.)]\s+([^\W\d_]+)")
_LISTED = re.compile(r"\(\d{1,2}\)")
_LOOK_BACK = 20
_FRACTION = re.compile(r"\d/\d")


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact with its mention; both have the same places."""

    fact: Fact
    mention: Mention


def facts_of(text: str, *, language: str = "") -> list[Fact]:
    """The facts of a plain text or of an answer's Markdown, in order; none of its code, addresses, marks and numbering.

    `language` is a code such as "de", and found out where it is empty. The time is in proportion to the text's length.
    """
    language = language[:2] or language_of(text)
    seen = _EMPHASIS.sub(_blank, _UNSEEN.sub(_blank, without_marks(text)))
    found: list[Fact] = []
    for sentence in sentences_of(text):
        for one in _found_in(seen[sentence.start : sentence.end], language):
            fact = one.fact
            start, end = fact.start + sentence.start, fact.end + sentence.start
            found.append(Fact(fact.kind, text[start:end], start, end, fact.value))
    return found


def facts_of_sentence(sentence: str, *, language: str) -> list[FoundFact]:
    """The facts of one plain sentence, in order, with their mentions."""
    numbered = _NUMBERING.match(sentence)
    if numbered and not is_month(fold(numbered[1])):
        sentence = f"{' ' * numbered.start(1)}{sentence[numbered.start(1) :]}"
    return list(_found_in(_UNSEEN.sub(_blank, sentence), language))


def _found_in(sentence: str, language: str) -> Iterator[FoundFact]:
    mentions = sorted(_mentions(sentence, language), key=lambda mention: mention.start)
    for mention in mentions:
        start, end = mention.start, mention.end
        text = sentence[start:end]
        yield FoundFact(Fact(_KINDS[type(mention)], text, start, end, mention.value), mention)


def _mentions(sentence: str, language: str) -> Iterator[Mention]:
    quotations = list(quotations_in(sentence))
    figures, dates = scan(sentence, language)
    figures = [figure for figure in figures if _is_fact(sentence, figure)]
    mentions: list[Mention] = [*figures, *dates, *quotations]
    taken = sorted((mention.start, mention.end) for mention in mentions)
    bare = {figure.start for figure in figures if _is_bare(sentence, figure)}
    bare |= {found.start() for found in _VERSION.finditer(sentence) if not _is_within(found.start(), taken)}
    names = names_in(sentence, language, taken, bare)
    yield from quotations
    yield from dates
    yield from names
    for figure in figures:
        if not any(name.start < figure.end and figure.start < name.end for name in names):
            yield figure


def _is_fact(sentence: str, figure: Figure) -> bool:
    """Words such as *first* say an order that no source need say, and *more than half* no figure that it could say."""
    around = sentence[max(0, figure.start - 2) : figure.end + 2]
    if _FRACTION.search(around):
        return False
    if _LISTED.search(sentence, max(0, figure.start - 1), figure.end + 1) or _is_label(sentence[: figure.start]):
        return False
    has_digits = any(map(str.isdigit, sentence[figure.start : figure.end]))
    if figure.readings[0].kind == PERCENT and not has_digits and figure.lean in (Lean.OVER, Lean.UNDER):
        return False
    return figure.readings[0].kind != ORDINAL or has_digits


def _is_label(before: str) -> bool:
    """Whether the word before a number says that it is that of a section, a page and the like."""
    words = before[-_LOOK_BACK:].split()
    word = fold(words[-1].rstrip(".")) if words else ""
    return word in LABELS or word.startswith("\u00a7")


def _is_bare(sentence: str, figure: Figure) -> bool:
    return figure.readings[0].kind == COUNT and sentence[figure.start : figure.end].isdigit()


def _is_within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _blank(found: re.Match[str]) -> str:
    return "".join("\n" if sign == "\n" else " " for sign in found[0])
